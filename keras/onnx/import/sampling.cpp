// Pictures looked at in places that are computed.
#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::onnx {
namespace {

Tensor real(double value) { return graph::constant(value, graph::float32); }

/// What reads x (batch, channels, lengths…) at places that are given for each axis.
class Sampler {
 public:
  Sampler(const ImportCall& c, const Tensor& x)
      : padding_(c.text("padding_mode", "zeros")),
        corners_(c.flag("align_corners", false)),
        lengths_(x.shape().drop_front(2)) {
    flat_ = ops::reshape(x, {x.shape()[0], x.shape()[1], lengths_.elements()});
    if (padding_ != "zeros" && padding_ != "border" && padding_ != "reflection")
      c.refuse("its padding_mode is '" + padding_ + "'");
  }

  double length(std::size_t axis) const { return static_cast<double>(lengths_[static_cast<int>(axis)]); }
  /// From -1 … 1 to the numbers of elements.
  Tensor place(const Tensor& x, std::size_t axis) const {
    return corners_ ? ops::linear(x, (length(axis) - 1) / 2, (length(axis) - 1) / 2)
                    : ops::linear(x, length(axis) / 2, (length(axis) - 1) / 2);
  }
  /// Places mirrored at the borders, as often as it takes.
  Tensor reflected(const Tensor& x, std::size_t axis) const {
    const double low = corners_ ? 0 : -0.5, high = corners_ ? length(axis) - 1 : length(axis) - 0.5, span = high - low;
    if (span <= 0) return x * 0.;
    const Tensor folded = ops::mod(x - low, real(2 * span));
    return ops::where(ops::greater(folded, real(span)), real(2 * span) - folded, folded) + low;
  }
  /// Places in the picture, if there is a way to bring them there.
  Tensor kept(const Tensor& x, std::size_t axis) const {
    if (padding_ == "border") return ops::clip(x, 0, length(axis) - 1);
    if (padding_ == "reflection") return ops::clip(reflected(x, axis), 0, length(axis) - 1);
    return x;
  }
  /// The elements (batch, channels, places) at whole numbers (batch, places) of each axis.
  Tensor at(const std::vector<Tensor>& places) const {
    Tensor number, inside;
    for (std::size_t axis = 0; axis < places.size(); ++axis) {
      const Tensor here = kept(places[axis], axis);
      const Tensor there = ops::logical_and(ops::greater_equal(here, real(0)), ops::less(here, real(length(axis))));
      const Tensor whole = ops::cast(ops::round(ops::clip(here, 0, length(axis) - 1)), graph::int64);
      const Tensor unit = graph::constant(Array::scalar(lengths_[static_cast<int>(axis)]));
      number = number.defined() ? number * unit + whole : whole;
      inside = inside.defined() ? ops::logical_and(inside, there) : there;
    }
    const Tensor index =
        ops::broadcast_to(ops::expand_dims(number, 1), {number.shape()[0], flat_.shape()[1], number.shape()[1]});
    const Tensor values = ops::take_along_axis(flat_, index, 2);
    return padding_ == "zeros" ? ops::where(ops::expand_dims(inside, 1), values, real(0)) : values;
  }
  bool zeros() const { return padding_ == "zeros"; }

 private:
  std::string padding_;
  bool corners_;
  graph::Shape lengths_;
  Tensor flat_;
};

/// The weights of the elements that lie `k` behind the one before a place, which is `rest` after it.
Tensor tap_weight(const Tensor& rest, int k, bool cubic) {
  const Tensor x = ops::abs(rest - static_cast<double>(k));
  if (!cubic) return 1 - x;
  const double a = -0.75;
  const Tensor near = ((a + 2) * x - (a + 3)) * x * x + 1., far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return ops::where(ops::less_equal(x, real(1)), near, far);
}

const bool grid_sample_read = add_import("GridSample", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0), grid = c.in(1);
  const Sampler sampler(c, x);
  const auto axes = static_cast<std::size_t>(x.ndim() - 2);
  const std::string mode = c.text("mode", "linear");
  const Tensor rows = ops::reshape(grid, {grid.shape()[0], -1, static_cast<std::int64_t>(axes)});
  const bool nearest = mode == "nearest", cubic = mode == "cubic" || mode == "bicubic";
  std::vector<Tensor> down, rest;
  for (std::size_t axis = 0; axis < axes; ++axis) {  // the last number is that of the first axis
    const auto from = static_cast<std::int64_t>(axes - 1 - axis);
    Tensor place = sampler.place(ops::squeeze(ops::slice(rows, 2, from, from + 1), 2), axis);
    if (!cubic) place = sampler.kept(place, axis);
    down.push_back(nearest ? ops::round(place) : ops::floor(place));
    rest.push_back(place - down.back());
  }
  Tensor y;
  if (nearest) {
    y = sampler.at(down);
  } else {
    const int first = cubic ? -1 : 0, count = cubic ? 4 : 2;
    int all = 1;
    for (std::size_t axis = 0; axis < axes; ++axis) all *= count;
    for (int n = 0; n < all; ++n) {
      std::vector<Tensor> places;
      Tensor weight;
      int left = n;
      for (std::size_t axis = 0; axis < axes; ++axis, left /= count) {
        const int k = first + left % count;
        places.push_back(down[axis] + static_cast<double>(k));
        const Tensor along = tap_weight(rest[axis], k, cubic);
        weight = weight.defined() ? weight * along : along;
      }
      const Tensor part = sampler.at(places) * ops::expand_dims(weight, 1);
      y = y.defined() ? y + part : part;
    }
  }
  graph::Shape shape{x.shape()[0], x.shape()[1]};
  for (int axis = 1; axis < grid.ndim() - 1; ++axis) shape = shape.append(grid.shape()[axis]);
  return {ops::reshape(y, shape)};
});

const bool affine_grid_read = add_import("AffineGrid", [](ImportCall& c) -> Tensors {
  const Tensor theta = c.in(0);
  const auto size = c.integers(1);
  const bool corners = c.flag("align_corners", false);
  const std::size_t axes = size.size() - 2;
  std::int64_t points = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) points *= size[axis + 2];
  // The places of all points from -1 to 1, the last axis first, and 1.
  Array base(graph::Shape{static_cast<std::int64_t>(axes) + 1, points});
  for (std::int64_t point = 0; point < points; ++point) {
    std::int64_t rest = point;
    for (std::size_t axis = axes; axis-- > 0;) {
      const std::int64_t length = size[axis + 2], i = rest % length;
      rest /= length;
      const double n = static_cast<double>(length), at = static_cast<double>(i);
      const double place = corners ? (length == 1 ? 0 : 2 * at / (n - 1) - 1) : (2 * at + 1) / n - 1;
      base.data<float>()[static_cast<std::int64_t>(axes - 1 - axis) * points + point] = static_cast<float>(place);
    }
    base.data<float>()[static_cast<std::int64_t>(axes) * points + point] = 1;
  }
  graph::Shape shape{theta.shape()[0]};
  for (std::size_t axis = 0; axis < axes; ++axis) shape = shape.append(size[axis + 2]);
  const Tensor grid = ops::transpose(ops::matmul(theta, graph::constant(base)), {0, 2, 1});
  return {ops::reshape(grid, shape.append(static_cast<std::int64_t>(axes)))};
});

}  // namespace
}  // namespace cornu::keras::onnx

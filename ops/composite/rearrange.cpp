#include "cornu/ops/composite/rearrange.h"

#include <numeric>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::ops {
namespace {

using graph::require;

std::vector<int> all_axes(const Tensor& x) {
  std::vector<int> axes(static_cast<std::size_t>(x.ndim()));
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

Tensor flat(const Tensor& x) { return reshape(x, {x.shape().elements()}); }

void require_count(std::string_view op, std::int64_t count) {
  require<ShapeError>(count >= 0, op, ": expected non-negative numbers of repeats, got ", count);
}

// Along one axis each run of `inner` elements is there `count` times, one after the other.
Tensor repeated(const Tensor& x, int axis, std::int64_t inner, std::int64_t count) {
  if (count == 1) return x;
  const std::int64_t runs = x.shape().elements() / std::max<std::int64_t>(inner, 1);
  const Tensor y = broadcast_to(reshape(x, {runs, 1, inner}), {runs, count, inner});
  return reshape(y, x.shape().with(axis, x.shape()[axis] * count));
}

}  // namespace

Tensor flip(const Tensor& x) { return flip(x, all_axes(x)); }

Tensor flip(const Tensor& x, int axis) {
  axis = internal::normalize("flip", axis, x.shape());
  const std::int64_t length = x.shape()[axis];
  if (length <= 1) return x;
  Array places({length}, graph::int64);
  for (std::int64_t i = 0; i < length; ++i) places.data<std::int64_t>()[i] = length - 1 - i;
  return take(x, places, axis);
}

Tensor flip(const Tensor& x, const std::vector<int>& axes) {
  Tensor y = x;
  for (const int axis : axes) y = flip(y, axis);
  return y;
}

Tensor roll(const Tensor& x, std::int64_t shift) { return reshape(roll(flat(x), shift, 0), x.shape()); }

Tensor roll(const Tensor& x, std::int64_t shift, int axis) {
  axis = internal::normalize("roll", axis, x.shape());
  const std::int64_t length = x.shape()[axis];
  if (length == 0 || shift % length == 0) return x;
  const std::int64_t first = ((-shift) % length + length) % length;  // it comes to the beginning
  return concatenate({slice(x, axis, first, length), slice(x, axis, 0, first)}, axis);
}

Tensor roll(const Tensor& x, const std::vector<std::int64_t>& shifts, const std::vector<int>& axes) {
  require<ShapeError>(shifts.size() == axes.size() || shifts.size() == 1, "roll: ", shifts.size(), " shifts given for ",
                      axes.size(), " axes");
  Tensor y = x;
  for (std::size_t i = 0; i < axes.size(); ++i) y = roll(y, shifts[shifts.size() == 1 ? 0 : i], axes[i]);
  return y;
}

Tensor tile(const Tensor& x, const std::vector<std::int64_t>& repeats) {
  Shape shape = x.shape();
  while (shape.size() < repeats.size()) shape = shape.prepend(1);
  Tensor y = reshape(x, shape);
  const std::size_t ones = shape.size() - repeats.size();
  // The last axis first: the tensor is smallest while the runs are shortest.
  std::int64_t inner = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    inner *= shape[axis];
    const auto place = static_cast<std::size_t>(axis);
    const std::int64_t count = place < ones ? 1 : repeats[place - ones];
    require_count("tile", count);
    y = repeated(y, axis, inner, count);
    inner *= count;
  }
  return y;
}

Tensor repeat(const Tensor& x, std::int64_t repeats) { return repeat(flat(x), repeats, 0); }

Tensor repeat(const Tensor& x, std::int64_t repeats, int axis) {
  axis = internal::normalize("repeat", axis, x.shape());
  require_count("repeat", repeats);
  return repeated(x, axis, internal::Fold(x.shape(), axis).inner, repeats);
}

Tensor repeat(const Tensor& x, const std::vector<std::int64_t>& repeats) { return repeat(flat(x), repeats, 0); }

Tensor repeat(const Tensor& x, const std::vector<std::int64_t>& repeats, int axis) {
  axis = internal::normalize("repeat", axis, x.shape());
  if (repeats.size() == 1) return repeat(x, repeats[0], axis);
  require<ShapeError>(static_cast<std::int64_t>(repeats.size()) == x.shape()[axis], "repeat: ", repeats.size(),
                      " numbers given for axis ", axis, " of shape ", x.shape());
  std::int64_t length = 0;
  for (const std::int64_t count : repeats) require_count("repeat", count), length += count;
  Array places({length}, graph::int64);
  auto* place = places.data<std::int64_t>();
  for (std::size_t i = 0; i < repeats.size(); ++i) place = std::fill_n(place, repeats[i], static_cast<std::int64_t>(i));
  return take(x, places, axis);
}

Tensor swapaxes(const Tensor& x, int axis1, int axis2) {
  std::vector<int> axes = all_axes(x);
  std::swap(axes[static_cast<std::size_t>(internal::normalize("swapaxes", axis1, x.shape()))],
            axes[static_cast<std::size_t>(internal::normalize("swapaxes", axis2, x.shape()))]);
  return transpose(x, std::move(axes));
}

}  // namespace cornu::ops

// Resize: along one axis after the other, each point is a weighed sum of others, with weights that are known before
// anything runs.
#include <algorithm>
#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::onnx {
namespace {

/// One axis: how many points become how many, and how.
struct Resampling {
  std::int64_t in, out;
  double scale;
  std::string coordinates, mode, nearest;
  double roi_start = 0, roi_end = 1, cubic = -0.75;
  bool exclude_outside = false, antialias = false;

  /// Where point `i` of the result lies among those that there are.
  double place(std::int64_t i) const {
    const auto x = static_cast<double>(i), from = static_cast<double>(in), length = scale * from;
    if (coordinates == "align_corners") return length <= 1 ? 0 : x * (from - 1) / (length - 1);
    if (coordinates == "asymmetric") return x / scale;
    if (coordinates == "tf_half_pixel_for_nn") return (x + 0.5) / scale;
    if (coordinates == "pytorch_half_pixel" && length <= 1) return -0.5;
    if (coordinates == "tf_crop_and_resize")
      return roi_start * (from - 1) + (length <= 1 ? (roi_end - roi_start) * (from - 1) / 2
                                                   : x * (roi_end - roi_start) * (from - 1) / (length - 1));
    const double offset =
        coordinates == "half_pixel_symmetric" ? from / 2 * (1 - static_cast<double>(out) / length) : 0;
    return offset + (x + 0.5) / scale - 0.5;
  }
  bool outside(std::int64_t i) const {
    const double x = place(i);
    return coordinates == "tf_crop_and_resize" && (x < 0 || x > static_cast<double>(in) - 1);
  }
  std::int64_t nearest_to(double x) const {
    const double down = std::floor(x), rest = x - down;
    double at = rest <= 0.5 ? down : down + 1;  // round_prefer_floor
    if (nearest == "round_prefer_ceil") at = rest < 0.5 ? down : down + 1;
    if (nearest == "floor") at = down;
    if (nearest == "ceil") at = std::ceil(x);
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(at), 0, in - 1);
  }
  /// The weight of a point so far away.
  double kernel(double distance) const {
    const double x = std::abs(distance);
    if (mode == "linear") return std::max(1 - x, 0.0);
    if (x <= 1) return ((cubic + 2) * x - (cubic + 3)) * x * x + 1;
    return x < 2 ? ((cubic * x - 5 * cubic) * x + 8 * cubic) * x - 4 * cubic : 0;
  }
  /// (in, out): the weights of all points.
  Array weights() const {
    Array matrix = graph::zeros({in, out});
    const double narrow = antialias ? std::min(scale, 1.0) : 1, support = (mode == "linear" ? 1 : 2) / narrow;
    for (std::int64_t i = 0; i < out; ++i) {
      if (outside(i)) continue;
      const double x = place(i);
      const auto first = static_cast<std::int64_t>(std::floor(x - support)),
                 last = static_cast<std::int64_t>(std::ceil(x + support));
      double sum = 0;
      for (std::int64_t k = first; k <= last; ++k)
        if (!exclude_outside || (k >= 0 && k < in)) sum += kernel((static_cast<double>(k) - x) * narrow);
      for (std::int64_t k = first; k <= last; ++k) {
        if (exclude_outside && (k < 0 || k >= in)) continue;
        const std::int64_t at = std::clamp<std::int64_t>(k, 0, in - 1);
        matrix.data<float>()[at * out + i] += static_cast<float>(kernel((static_cast<double>(k) - x) * narrow) / sum);
      }
    }
    return matrix;
  }
};

Tensor resized(const Tensor& x, int axis, const Resampling& r, double extrapolation) {
  Tensor y;
  if (r.mode == "nearest") {
    Array places(graph::Shape{r.out}, graph::int64);
    for (std::int64_t i = 0; i < r.out; ++i) places.data<std::int64_t>()[i] = r.nearest_to(r.place(i));
    y = ops::take(x, graph::constant(places), axis);
  } else {
    y = ops::moveaxis(ops::matmul(ops::moveaxis(x, axis, -1), graph::constant(r.weights())), -1, axis);
  }
  Array inside = graph::full({r.out}, 1, graph::bool_);
  bool all = true;
  for (std::int64_t i = 0; i < r.out; ++i)
    if (r.outside(i)) inside.data<bool>()[i] = all = false;
  if (all) return y;
  graph::Shape along{r.out};
  for (int other = axis + 1; other < x.ndim(); ++other) along = along.append(1);
  return ops::where(ops::reshape(graph::constant(inside), along), y,
                    graph::constant(graph::full({}, extrapolation, y.dtype())));
}

Tensors resize(ImportCall& c) {
  const Tensor x = c.in();
  const bool old = c.opset() < 11;  // only scales, as input 1, and another place for points
  std::vector<std::int64_t> axes = c.integers("axes");
  if (axes.empty())
    for (int axis = 0; axis < x.ndim(); ++axis) axes.push_back(axis);
  const int roi_input = 1, scales_input = old ? 1 : 2, sizes_input = 3;
  std::vector<double> scales;
  std::vector<std::int64_t> sizes;
  if (c.has(scales_input)) {
    const Array numbers = c.numbers(scales_input).astype(graph::float32);
    for (std::int64_t i = 0; i < numbers.size(); ++i) scales.push_back(static_cast<double>(numbers.data<float>()[i]));
  } else if (c.has_attribute("scales")) {
    for (const float scale : c.floats("scales")) scales.push_back(static_cast<double>(scale));
  }
  if (scales.empty()) {
    sizes = c.integers(sizes_input);
    if (sizes.size() != axes.size()) c.refuse("its sizes and axes are not equally many");
    for (std::size_t i = 0; i < sizes.size(); ++i)
      scales.push_back(static_cast<double>(sizes[i]) /
                       static_cast<double>(x.shape()[x.shape().normalize(static_cast<int>(axes[i]))]));
    const std::string policy = c.text("keep_aspect_ratio_policy", "stretch");
    if (policy != "stretch") {
      const double scale = policy == "not_larger" ? *std::min_element(scales.begin(), scales.end())
                                                  : *std::max_element(scales.begin(), scales.end());
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        scales[i] = scale;
        sizes[i] = static_cast<std::int64_t>(
            std::floor(scale * static_cast<double>(x.shape()[x.shape().normalize(static_cast<int>(axes[i]))]) + 0.5));
      }
    }
  }
  if (scales.size() != axes.size()) c.refuse("its scales and axes are not equally many");
  Array roi;
  if (!old && c.has(roi_input) && c.text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
    roi = c.numbers(roi_input).astype(graph::float32);
  Tensor y = graph::is_floating(x.dtype()) || c.text("mode", "nearest") == "nearest" ? x : ops::cast(x, graph::float32);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const int axis = x.shape().normalize(static_cast<int>(axes[i]));
    Resampling r{x.shape()[axis],
                 0,
                 scales[i],
                 c.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel"),
                 c.text("mode", "nearest"),
                 c.text("nearest_mode", old ? "floor" : "round_prefer_floor")};
    if (!(r.scale > 0)) c.refuse(graph::message("it has a scale of ", r.scale));
    r.out = sizes.empty() ? static_cast<std::int64_t>(std::floor(r.scale * static_cast<double>(r.in))) : sizes[i];
    r.cubic = c.number("cubic_coeff_a", -0.75);
    r.exclude_outside = c.flag("exclude_outside", false), r.antialias = c.flag("antialias", false);
    if (roi.size() == 2 * static_cast<std::int64_t>(axes.size()))
      r.roi_start = static_cast<double>(roi.data<float>()[i]),
      r.roi_end = static_cast<double>(roi.data<float>()[i + axes.size()]);
    if (r.mode == "bilinear") r.mode = "linear";
    const bool unchanged = r.in == r.out && r.scale == 1 && r.coordinates != "tf_crop_and_resize";
    if (!unchanged) y = resized(y, axis, r, c.number("extrapolation_value", 0));
  }
  return {ops::cast(y, x.dtype())};
}
const bool resize_read =
    add_import("Resize", resize) && add_import("Upsample", [](ImportCall& c) -> Tensors { return resize(c); });

}  // namespace
}  // namespace cornu::keras::onnx

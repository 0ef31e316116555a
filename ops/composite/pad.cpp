#include "cornu/ops/composite/pad.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops {
namespace {

using graph::require;

std::int64_t modulo(std::int64_t i, std::int64_t n) { return (i % n + n) % n; }

// Which element of an axis of length n stands at place i, which may lie outside of it.
std::int64_t source(const std::string& mode, std::int64_t i, std::int64_t n) {
  if (mode == "edge" || n == 1) return std::clamp<std::int64_t>(i, 0, n - 1);
  if (mode == "wrap") return modulo(i, n);
  const bool twice = mode == "symmetric";  // the last element is repeated where the axis turns round
  const std::int64_t at = modulo(i, twice ? 2 * n : 2 * n - 2);
  return at < n ? at : (twice ? 2 * n - 1 : 2 * n - 2) - at;
}

Tensor constant_around(const Tensor& x, int axis, std::int64_t before, std::int64_t behind, double value) {
  if (value == 0) return pad(x, axis, before, behind);
  const auto part = [&](std::int64_t length) { return ops::full(x.shape().with(axis, length), value, x.dtype()); };
  Tensors parts;
  if (before > 0) parts.push_back(part(before));
  parts.push_back(x);
  if (behind > 0) parts.push_back(part(behind));
  return concatenate(parts, axis);
}

Tensor repeated_around(const Tensor& x, int axis, std::int64_t before, std::int64_t behind, const std::string& mode) {
  const std::int64_t length = x.shape()[axis];
  require<ShapeError>(length > 0, "pad: cannot extend the empty axis ", axis, " of shape ", x.shape(), " by mode '",
                      mode, "'");
  graph::Array indices = graph::empty({before + length + behind}, graph::int64);
  for (std::int64_t i = 0; i < indices.size(); ++i) indices.data<std::int64_t>()[i] = source(mode, i - before, length);
  return take(x, graph::constant(indices), axis);
}

}  // namespace

Tensor pad(const Tensor& x, const PadWidth& pad_width, const PadConfig& config) {
  const std::string& mode = config.mode;
  const bool constant = mode == "constant";
  require<ValueError>(constant || mode == "reflect" || mode == "symmetric" || mode == "edge" || mode == "wrap",
                      "pad: expected mode 'constant', 'reflect', 'symmetric', 'edge' or 'wrap', got '", mode, "'");
  require<ValueError>(constant || !config.constant_values, "pad: constant_values belong to the mode 'constant', got '",
                      mode, "'");
  require<ShapeError>(pad_width.size() == 1 || pad_width.size() == x.shape().size(), "pad: expected one pair or ",
                      x.ndim(), ", one for each axis of shape ", x.shape(), ", got ", pad_width.size());
  Tensor y = x;
  for (int axis = 0; axis < x.ndim(); ++axis) {
    const auto [before, behind] = pad_width[pad_width.size() == 1 ? 0 : static_cast<std::size_t>(axis)];
    require<ValueError>(before >= 0 && behind >= 0, "pad: expected widths of at least 0, got ", before, " and ",
                        behind);
    if (before == 0 && behind == 0) continue;
    y = constant ? constant_around(y, axis, before, behind, config.constant_values.value_or(0))
                 : repeated_around(y, axis, before, behind, mode);
  }
  return y;
}

Tensor pad(const Tensor& x, std::int64_t pad_width, const PadConfig& config) {
  return pad(x, PadWidth{{pad_width, pad_width}}, config);
}

}  // namespace cornu::ops

#include "cornu/ops/internal/windows.h"

#include <algorithm>

#include "cornu/graph/check.h"

namespace cornu::ops::internal {

using graph::require;
using graph::ValueError;

void Windows::fields(graph::FieldVisitor& f) const {
  f("strides", strides);
  f("dilation", dilation);
  f("low", low);
  f("high", high);
}

std::int64_t Windows::count(int axis, std::int64_t length, std::int64_t window) const {
  const std::int64_t reach = (window - 1) * dilation[axis] + 1, room = low[axis] + length + high[axis] - reach;
  return room < 0 ? 0 : room / strides[axis] + 1;
}

std::vector<std::int64_t> spread(std::string_view op, const char* what, const PerAxis& given, int axes) {
  std::vector<std::int64_t> all(given.begin(), given.end());
  if (given.size() == 1) all.assign(static_cast<std::size_t>(axes), given.front());
  const bool fits = static_cast<int>(all.size()) == axes &&
                    std::all_of(all.begin(), all.end(), [](std::int64_t n) { return n >= 1; });
  require<ValueError>(fits, op, ": expected ", what, " of at least 1 for each of ", axes, " axes, or one for all, got ",
                      given);
  return all;
}

Windows windows_of(std::string_view op, const graph::Shape& x, const std::vector<std::int64_t>& lengths,
                   const PerAxis& strides, const PerAxis& dilation, const std::string& padding) {
  const int axes = static_cast<int>(lengths.size());
  const bool causal = padding == "causal" && axes == 1;
  require<ValueError>(padding == "valid" || padding == "same" || causal, op, ": expected padding 'valid' or 'same'",
                      axes == 1 ? ", or 'causal'" : "", ", got '", padding, "'");
  const std::vector<std::int64_t> zeros(lengths.size(), 0);
  Windows w{spread(op, "strides", strides, axes), spread(op, "dilations", dilation, axes), zeros, zeros};
  if (causal) w.low[0] = (lengths[0] - 1) * w.dilation[0];
  if (padding != "same") return w;
  for (int axis = 0; axis < axes; ++axis) {
    const std::int64_t length = x[axis + 1], reach = (lengths[axis] - 1) * w.dilation[axis] + 1;
    const std::int64_t count = (length + w.strides[axis] - 1) / w.strides[axis];
    const std::int64_t missing = std::max<std::int64_t>((count - 1) * w.strides[axis] + reach - length, 0);
    w.low[axis] = missing / 2;  // of an odd number the larger part is behind, as in TensorFlow
    w.high[axis] = missing - w.low[axis];
  }
  return w;
}

}  // namespace cornu::ops::internal

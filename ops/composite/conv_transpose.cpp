#include "cornu/ops/composite/conv_transpose.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/ops/internal/convolution_op.h"

namespace cornu::ops {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::ValueError;

namespace {

constexpr const char* kName = "conv_transpose";

/// A number for each axis, or none at all.
std::vector<std::int64_t> output_padding_of(const PerAxis& given, const std::vector<std::int64_t>& strides) {
  std::vector<std::int64_t> all(given.begin(), given.end());
  if (given.size() == 1) all.assign(strides.size(), given.front());
  bool fits = all.empty() || all.size() == strides.size();
  for (std::size_t axis = 0; fits && axis < all.size(); ++axis) fits = all[axis] >= 0 && all[axis] < strides[axis];
  require<ValueError>(fits, kName, ": expected output_padding of at least 0 and less than the strides ", Shape(strides),
                      ", got ", given);
  return all;
}

}  // namespace

Tensor conv_transpose(const Tensor& x, const Tensor& kernel, ConvTransposeConfig config) {
  const int axes = x.ndim() - 2;
  require<ShapeError>(axes >= 1 && axes <= 3 && kernel.ndim() == x.ndim(), kName,
                      ": expected an input and a kernel of three to five axes, got shapes ", x.shape(), " and ",
                      kernel.shape());
  require<ShapeError>(x.shape().back() == kernel.shape().back(), kName, ": a kernel of shape ", kernel.shape(),
                      " reads ", kernel.shape().back(), " channels, got shape ", x.shape());
  require<ValueError>(config.padding == "valid" || config.padding == "same", kName,
                      ": expected padding 'valid' or 'same', got '", config.padding, "'");
  const std::vector<std::int64_t> none(static_cast<std::size_t>(axes), 0);
  auto op = std::make_shared<internal::ConvolutionBackwardData>();
  internal::Windows& w = op->windows;
  w = {internal::spread(kName, "strides", config.strides, axes),
       internal::spread(kName, "dilations", config.dilation_rate, axes), none, none};
  const std::vector<std::int64_t> more = output_padding_of(config.output_padding, w.strides);
  const bool same = config.padding == "same";
  for (int axis = 0; axis < axes; ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const std::int64_t length = x.shape()[axis + 1], stride = w.strides[i], last = (length - 1) * stride,
                       reach = (kernel.shape()[axis] - 1) * w.dilation[i] + 1;
    std::int64_t out = last + (same ? stride : std::max(reach, stride));
    if (!more.empty()) out = last + (same ? reach % 2 : reach) + more[i];
    require<ShapeError>(length > 0 && reach > 0 && out > 0, kName, ": no output for an input of lengths ",
                        x.shape().drop_front().drop_back(), " and windows of lengths ", kernel.shape().drop_back(2));
    op->lengths = op->lengths.append(out);
    // What windows cover beyond the output: of an odd number the larger part is behind, as for the convolution.
    const std::int64_t beyond = std::max<std::int64_t>(last + reach - out, 0);
    w.low[i] = beyond / 2;
    w.high[i] = beyond - w.low[i];
  }
  return graph::apply1(std::move(op), {x, kernel});
}

}  // namespace cornu::ops

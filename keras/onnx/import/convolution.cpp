// Convolutions, and how windows lie. Channels are second in ONNX and last here.
#include "cornu/ops/convolution.h"

#include <algorithm>

#include "cornu/keras/onnx/importer.h"
#include "cornu/keras/onnx/internal/windows.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::onnx {
namespace internal {

using Integers = std::vector<std::int64_t>;

std::int64_t Windows::reach(int axis) const {
  const auto i = static_cast<std::size_t>(axis);
  return (lengths[i] - 1) * dilations[i] + 1;
}

std::int64_t Windows::count(int axis, std::int64_t length, bool ceil_mode) const {
  const auto i = static_cast<std::size_t>(axis);
  const std::int64_t room = before[i] + length + behind[i] - reach(axis);
  if (room < 0) return 0;
  std::int64_t count = room / strides[i] + 1;
  // One more window, if it does not begin in the padding.
  if (ceil_mode && room % strides[i] != 0 && count * strides[i] < before[i] + length) ++count;
  return count;
}

Windows windows_of(const ImportCall& c, const Integers& lengths) {
  const graph::Shape& x = c.in(0).shape();
  const auto axes = static_cast<std::size_t>(std::max(x.rank() - 2, 0));
  const Integers ones(axes, 1), pads = c.integers("pads", Integers(2 * axes, 0));
  Windows w{lengths, c.integers("strides", ones), c.integers("dilations", ones), {}, {}};
  const bool fit = axes >= 1 && lengths.size() == axes && w.strides.size() == axes && w.dilations.size() == axes &&
                   pads.size() == 2 * axes;
  if (!fit)
    c.refuse(graph::message("its windows, strides, dilations or pads do not fit the ", axes,
                            " axes behind the channels of shape ", x));
  for (std::size_t i = 0; i < axes; ++i)
    if (lengths[i] < 1 || w.strides[i] < 1 || w.dilations[i] < 1 || pads[i] < 0 || pads[i + axes] < 0)
      c.refuse("expected windows, strides and dilations of at least 1, and no negative pads");
  w.before.assign(pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(axes));
  w.behind.assign(pads.begin() + static_cast<std::ptrdiff_t>(axes), pads.end());
  const std::string automatic = c.text("auto_pad", "NOTSET");
  if (automatic == "VALID") w.before = w.behind = Integers(axes, 0);
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    for (int axis = 0; axis < w.axes(); ++axis) {
      const auto i = static_cast<std::size_t>(axis);
      const std::int64_t length = x[axis + 2], out = (length + w.strides[i] - 1) / w.strides[i],
                         all = std::max<std::int64_t>((out - 1) * w.strides[i] + w.reach(axis) - length, 0);
      w.before[i] = automatic == "SAME_UPPER" ? all / 2 : all - all / 2;
      w.behind[i] = all - w.before[i];
    }
  }
  return w;
}

Tensor channels_last(const Tensor& x) { return ops::moveaxis(x, 1, -1); }
Tensor channels_second(const Tensor& x) { return ops::moveaxis(x, -1, 1); }

}  // namespace internal

namespace {

using internal::Windows;

ops::PerAxis per_axis(const std::vector<std::int64_t>& numbers) {
  ops::PerAxis each;
  for (const std::int64_t number : numbers) each.push_back(static_cast<int>(number));
  return each;
}

/// (filters, channels, …) as (…, channels, filters).
Tensor kernel_of(const Tensor& w) {
  std::vector<int> axes;
  for (int axis = 2; axis < w.ndim(); ++axis) axes.push_back(axis);
  axes.insert(axes.end(), {1, 0});
  return ops::transpose(w, axes);
}

std::vector<std::int64_t> window_lengths(const Tensor& w) {
  return std::vector<std::int64_t>(w.shape().begin() + std::min(2, w.ndim()), w.shape().end());
}

Tensor with_bias(const ImportCall& c, const Tensor& y, int input) { return c.has(input) ? y + c.in(input) : y; }

const bool conv_read = add_import("Conv", [](ImportCall& c) -> Tensors {
  const Tensor w = c.in(1);
  const Windows windows = internal::windows_of(c, window_lengths(w));
  if (c.in(0).shape()[1] != w.shape()[1] * c.integer("group", 1))
    c.refuse(graph::message("an input of shape ", c.in(0).shape(), " does not fit weights of shape ", w.shape(), " in ",
                            c.integer("group", 1), " groups"));
  Tensor x = internal::channels_last(c.in(0));
  ops::PadWidth around(static_cast<std::size_t>(x.ndim()), {0, 0});
  bool any = false;
  for (std::size_t i = 0; i < windows.before.size(); ++i) {
    around[i + 1] = {windows.before[i], windows.behind[i]};
    any = any || windows.before[i] + windows.behind[i] > 0;
  }
  if (any) x = ops::pad(x, around);
  const Tensor y =
      ops::conv(x, kernel_of(w), {.strides = per_axis(windows.strides), .dilation_rate = per_axis(windows.dilations)});
  return {internal::channels_second(with_bias(c, y, 2))};
});

// All that windows reach is computed, then cut to what is asked for. Weights are (channels, filters, …).
const bool conv_transpose_read = add_import("ConvTranspose", [](ImportCall& c) -> Tensors {
  const Tensor x = internal::channels_last(c.in(0)), w = c.in(1);
  Windows windows = internal::windows_of(c, window_lengths(w));
  const auto axes = static_cast<std::size_t>(windows.axes());
  const auto extra = c.integers("output_padding", std::vector<std::int64_t>(axes, 0)),
             wanted = c.integers("output_shape");
  const std::string automatic = c.text("auto_pad", "NOTSET");
  auto op = std::make_shared<ops::internal::ConvolutionBackwardData>();
  op->windows = {windows.strides, windows.dilations, std::vector<std::int64_t>(axes, 0),
                 std::vector<std::int64_t>(axes, 0)};
  op->groups = c.integer("group", 1);
  std::vector<std::int64_t> from, lengths;
  for (std::size_t i = 0; i < axes; ++i) {
    const auto axis = static_cast<int>(i);
    const std::int64_t all = windows.strides[i] * (x.shape()[axis + 1] - 1) + windows.reach(axis);
    op->lengths = op->lengths.append(all);
    std::int64_t length = all + extra.at(i) - windows.before[i] - windows.behind[i], begin = windows.before[i];
    const bool same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
    if (!wanted.empty() || same) {
      length = wanted.empty() ? x.shape()[axis + 1] * windows.strides[i] : wanted[wanted.size() - axes + i];
      const std::int64_t cut = std::max<std::int64_t>(all + extra[i] - length, 0);
      begin = automatic == "SAME_UPPER" ? cut / 2 : cut - cut / 2;
      if (!same) begin = cut / 2;
    }
    from.push_back(begin), lengths.push_back(length);
  }
  Tensor y = graph::apply1(op, {x, kernel_of(w)});
  for (std::size_t i = 0; i < axes; ++i) {
    const int axis = static_cast<int>(i) + 1;
    const std::int64_t end = std::min(from[i] + lengths[i], y.shape()[axis]);
    y = ops::slice(y, axis, from[i], std::max(from[i], end));
    if (y.shape()[axis] < lengths[i]) y = ops::pad(y, axis, 0, lengths[i] - y.shape()[axis]);
  }
  return {internal::channels_second(with_bias(c, y, 2))};
});

}  // namespace
}  // namespace cornu::keras::onnx

// Sums of products over matrices and windows, and poolings. Channels are last here and second in ONNX.
#include <algorithm>
#include <numeric>

#include "cornu/keras/onnx/exporter.h"
#include "cornu/ops/internal/attention_kernel.h"

namespace cornu::keras::onnx {
namespace {

using Integers = std::vector<std::int64_t>;

/// The order of axes with the last two swapped.
Integers swapped(int rank) {
  Integers axes(static_cast<std::size_t>(rank));
  std::iota(axes.begin(), axes.end(), 0);
  std::swap(axes[axes.size() - 1], axes[axes.size() - 2]);
  return axes;
}
/// (batch, …, channels) as (batch, channels, …), and back.
Integers channels_second(int rank) {
  Integers axes{0, rank - 1};
  for (int axis = 1; axis < rank - 1; ++axis) axes.push_back(axis);
  return axes;
}
Integers channels_last(int rank) {
  Integers axes{0};
  for (int axis = 2; axis < rank; ++axis) axes.push_back(axis);
  axes.push_back(1);
  return axes;
}
/// (…, channels, filters) as (filters, channels, …).
Integers filters_first(int rank) {
  Integers axes{rank - 1, rank - 2};
  for (int axis = 0; axis < rank - 2; ++axis) axes.push_back(axis);
  return axes;
}

/// Whether the places around the input are those of "same" for its lengths, whatever these are.
bool pads_are_same(const ExportCall& c, const Integers& windows) {
  const Lengths x = c.shape(), low = c.lengths("low"), high = c.lengths("high");
  const Integers strides = c.integers("strides"), dilation = c.integers("dilation");
  bool follows = false;  // where a length is not known and windows step over places
  for (std::size_t axis = 0; axis < windows.size(); ++axis) {
    follows = follows || (!x[axis + 1].fixed() && strides[axis] > 1);
    for (std::size_t t = 0; t < x[axis + 1].traced.size(); ++t) {
      const std::int64_t length = x[axis + 1].traced[t], step = strides[axis], count = (length + step - 1) / step;
      const std::int64_t reach = (windows[axis] - 1) * dilation[axis] + 1;
      const std::int64_t missing = std::max<std::int64_t>((count - 1) * step + reach - length, 0);
      if (low[axis].traced[t] != missing / 2 || high[axis].traced[t] != missing - missing / 2) return false;
    }
  }
  return follows;
}

void set_pads(ExportCall& c, const Integers& windows, Attributes& attributes) {
  if (pads_are_same(c, windows)) {
    // onnxruntime takes what is missing for negative there.
    for (std::size_t axis = 0; axis < windows.size(); ++axis)
      if (c.integers("strides")[axis] > (windows[axis] - 1) * c.integers("dilation")[axis] + 1)
        c.refuse("has windows shorter than its strides over lengths that are not known, padded to \"same\"");
    attributes["auto_pad"] = "SAME_UPPER";
    return;
  }
  Integers pads = c.integers("low");
  const Integers high = c.integers("high");
  pads.insert(pads.end(), high.begin(), high.end());
  attributes["pads"] = pads;
}

const bool matmul_written = add_export("matmul", [](ExportCall& c) {
  const auto side = [&](int i, const char* field) {
    return c.flag(field) ? c.transposed(c.in(i), swapped(c.spec(i).shape.rank())) : c.in(i);
  };
  c.give(0, c.node("MatMul", {side(0, "transpose_a"), side(1, "transpose_b")}));
});

const bool convolution_written = add_export("convolution", [](ExportCall& c) {
  const int rank = c.spec().shape.rank();
  const Shape& kernel = c.spec(1).shape;
  const Integers lengths(kernel.begin(), kernel.end() - 2);
  Attributes attributes{{"kernel_shape", lengths},
                        {"strides", c.integers("strides")},
                        {"dilations", c.integers("dilation")},
                        {"group", c.spec(0).shape.back() / kernel[rank - 2]}};
  set_pads(c, lengths, attributes);
  const std::string y = c.node(
      "Conv", {c.transposed(c.in(0), channels_second(rank)), c.transposed(c.in(1), filters_first(rank))}, attributes);
  c.give(0, c.transposed(y, channels_last(rank)));
});

// The gradient of a convolution by its input is a transposed convolution. Its lengths may be larger than windows
// reach: that is output_padding.
const bool transposed_convolution_written = add_export("convolution_backward_data", [](ExportCall& c) {
  const int rank = c.spec().shape.rank();
  const Shape& kernel = c.spec(1).shape;
  const Integers windows(kernel.begin(), kernel.end() - 2), strides = c.integers("strides"),
                                                            dilation = c.integers("dilation"), low = c.integers("low"),
                                                            high = c.integers("high");
  const Lengths from = c.shape(0), to = c.lengths("lengths");
  Integers beyond, pads = low;
  for (std::size_t axis = 0; axis < windows.size(); ++axis) {
    Length rest;
    for (std::size_t t = 0; t < to[axis].traced.size(); ++t)
      rest.traced.push_back(to[axis].traced[t] - (strides[axis] * (from[axis + 1].traced[t] - 1) +
                                                  (windows[axis] - 1) * dilation[axis] + 1 - low[axis] - high[axis]));
    if (!rest.fixed()) c.refuse("has lengths that depend on the data in a way that a ConvTranspose does not");
    beyond.push_back(rest.front());
  }
  // Runtimes take no padding beyond that is a stride or more: less is cut off behind instead.
  for (std::size_t axis = 0; axis < windows.size(); ++axis) {
    const std::int64_t cut = std::min(beyond[axis], high[axis]);
    if (beyond[axis] < strides[axis] && beyond[axis] < dilation[axis]) {
      pads.push_back(high[axis]);
      continue;
    }
    pads.push_back(high[axis] - cut), beyond[axis] -= cut;
  }
  const std::string y = c.node(
      "ConvTranspose", {c.transposed(c.in(0), channels_second(rank)), c.transposed(c.in(1), filters_first(rank))},
      {{"kernel_shape", windows},
       {"strides", strides},
       {"dilations", dilation},
       {"pads", pads},
       {"output_padding", beyond},
       {"group", c.integer("groups")}});
  c.give(0, c.transposed(y, channels_last(rank)));
});

ExportFunction pooling(const char* op_type) {
  return [op_type](ExportCall& c) {
    const int rank = c.spec().shape.rank();
    Attributes attributes{{"kernel_shape", c.integers("lengths")}, {"strides", c.integers("strides")}};
    set_pads(c, c.integers("lengths"), attributes);
    const std::string y = c.node(op_type, {c.transposed(c.in(0), channels_second(rank))}, attributes);
    c.give(0, c.transposed(y, channels_last(rank)));
  };
}
const bool poolings_written =
    add_export("max_pool", pooling("MaxPool")) && add_export("average_pool", pooling("AveragePool"));

/// Bool (steps, source steps): which source steps count.
std::string band_of(ExportCall& c, const Length& steps, const Length& source, bool causal, std::int64_t window) {
  const std::string zero = c.constant(Array::scalar(std::int64_t{0})), one = c.constant(Array::scalar(std::int64_t{1}));
  const auto range = [&](const Length& length, std::int64_t axis) {
    const std::string end = c.node("Squeeze", {c.list(Lengths{length})});
    return c.node("Unsqueeze", {c.node("Range", {zero, end, one}), c.list(Integers{axis})});
  };
  const std::string apart = c.node("Sub", {range(source, 0), range(steps, 1)});  // column - row
  std::string band;
  if (causal) band = c.node("LessOrEqual", {apart, zero});
  if (window > 0) {
    const std::string near = c.node("Less", {c.node("Abs", {apart}), c.constant(Array::scalar(window))});
    band = band.empty() ? near : c.node("And", {band, near});
  }
  return band;
}

const bool attention_written = add_export("dot_product_attention", [](ExportCall& c) {
  const Lengths q = c.shape(0), k = c.shape(1);
  const std::int64_t heads = c.spec(0).shape[2], key_heads = c.spec(1).shape[2], share = heads / key_heads;
  const auto repeated = [&](int i) {  // each key head serves neighbours alike
    const std::string x = c.transposed(c.in(i), {0, 2, 1, 3});
    if (share == 1) return x;
    const std::string apart = c.node("Unsqueeze", {x, c.list(Integers{2})});
    const std::string tiled = c.node("Tile", {apart, c.list(Integers{1, 1, share, 1, 1})});
    const Lengths from = c.shape(i);
    return c.reshaped(tiled, {from[0], Length{{heads, heads, heads}}, from[1], from[3]});
  };
  const std::string keys = c.transposed(repeated(1), {0, 1, 3, 2});
  std::string scores = c.node("MatMul", {c.transposed(c.in(0), {0, 2, 1, 3}), keys});
  scores = c.node("Mul", {scores, c.number(c.number("scale"), graph::float32)});
  const bool has_mask = c.flag("has_mask");
  if (c.flag("has_bias")) scores = c.node("Add", {scores, c.in(has_mask ? 4 : 3)});
  std::string counts = has_mask ? c.in(3) : "";
  if (c.flag("is_causal") || c.integer("sliding_window") > 0) {
    const std::string band = band_of(c, q[1], k[1], c.flag("is_causal"), c.integer("sliding_window"));
    counts = counts.empty() ? band : c.node("And", {counts, band});
  }
  if (!counts.empty())
    scores =
        c.node("Where", {counts, scores, c.number(static_cast<double>(ops::internal::kExcludedScore), graph::float32)});
  const std::string y = c.node("MatMul", {c.node("Softmax", {scores}, {{"axis", -1}}), repeated(2)});
  c.give(0, c.transposed(y, {0, 2, 1, 3}));
});

}  // namespace
}  // namespace cornu::keras::onnx

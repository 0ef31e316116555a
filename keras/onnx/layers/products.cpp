// Dense, Embedding, the convolutions and normalizations.
#include <algorithm>

#include "cornu/keras/onnx/internal/layer_form.h"

namespace cornu::keras::onnx::internal {
namespace {

using nlohmann::json;
using Integers = std::vector<std::int64_t>;

bool is_float(const Array* array, int rank) {
  return array != nullptr && array->ndim() == rank && graph::is_floating(array->dtype());
}

/// x times a matrix (features, units), and a number for each unit.
KerasTensor dense_of(const LayerCall& c, const Array& kernel, const Array* bias) {
  const KerasTensor& x = *c.tensor(0);
  if (x.ndim() < 2 || x.shape().back() != kernel.shape()[0] || !graph::is_floating(x.dtype())) return {};
  std::vector<Array> weights{kernel};
  if (bias != nullptr) weights.push_back(bias->reshape({-1}));
  return c.apply("Dense", {{"units", kernel.shape()[1]}, {"use_bias", bias != nullptr}}, {x}, weights);
}

const bool matmul_form = add_layer_form("MatMul", [](const LayerCall& c) -> KerasTensor {
  if (c.tensor(0) == nullptr || !is_float(c.numbers(1), 2)) return {};
  return dense_of(c, *c.numbers(1), c.added_bias());
});

const bool gemm_form = add_layer_form("Gemm", [](const LayerCall& c) -> KerasTensor {
  const Array* bias = c.numbers(2);
  const bool plain = c.integer("transA", 0) == 0 && c.number("alpha", 1) == 1 && c.number("beta", 1) == 1;
  if (!plain || c.tensor(0) == nullptr || c.tensor(0)->ndim() != 2 || !is_float(c.numbers(1), 2) ||
      (c.has(2) && bias == nullptr))
    return {};
  const Array kernel = c.integer("transB", 0) != 0 ? c.numbers(1)->transpose() : *c.numbers(1);
  if (bias != nullptr && (bias->size() != kernel.shape()[1] || bias->shape().back() != kernel.shape()[1])) return {};
  return dense_of(c, kernel, bias);
});

const bool embedding_form = add_layer_form("Gather", [](const LayerCall& c) -> KerasTensor {
  const Array* table = c.numbers(0);
  const KerasTensor* indices = c.tensor(1);
  if (!is_float(table, 2) || indices == nullptr || c.integer("axis", 0) != 0 || !graph::is_integer(indices->dtype()))
    return {};
  return c.apply("Embedding", {{"input_dim", table->shape()[0]}, {"output_dim", table->shape()[1]}}, {*indices},
                 {*table});
});

/// The number of axes behind the channels, and the end of a class' name: "2D".
std::string dimensions(std::size_t axes) { return std::to_string(axes) + "D"; }

/// Zeros around the axes behind the channels, as a layer of their own where "same" is not what they are.
struct Padding {
  std::string word = "valid";
  json around;  ///< null: none

  Padding(const LayerCall& c, const Integers& lengths, const Integers& strides, const Integers& dilations) {
    const std::size_t axes = lengths.size();
    const std::string automatic = c.text("auto_pad", "NOTSET");
    if (automatic == "SAME_UPPER") word = "same";
    if (automatic == "SAME_LOWER") word = "";
    if (automatic != "NOTSET") return;
    const Integers pads = c.integers("pads", Integers(2 * axes, 0));
    bool none = true, same = true;
    for (std::size_t i = 0; i < axes && pads.size() == 2 * axes; ++i) {
      none = none && pads[i] == 0 && pads[i + axes] == 0;
      same = same && strides[i] == 1 && pads[i] == pads[i + axes] && 2 * pads[i] == (lengths[i] - 1) * dilations[i];
    }
    if (none) return;
    if (same) {
      word = "same";
      return;
    }
    if (axes == 1) {
      around = Integers{pads[0], pads[1]};
      return;
    }
    around = json::array();
    for (std::size_t i = 0; i < axes; ++i) around.push_back(Integers{pads[i], pads[i + axes]});
  }
  KerasTensor put(const LayerCall& c, const KerasTensor& x, std::size_t axes, const std::string& format) const {
    if (around.is_null()) return x;
    return c.apply("ZeroPadding" + dimensions(axes), {{"padding", around}, {"data_format", format}}, {x}, {}, false);
  }
};

/// A layer over pictures, with channels where they are: second, or last where x comes of such by a permutation.
struct Pictures {
  const LayerCall& c;
  KerasTensor x;
  bool last;

  Pictures(const LayerCall& call, const KerasTensor& given)
      : c(call), x(call.with_channels_last(given)), last(x.defined()) {
    if (!last) x = given;
  }
  std::string format() const { return last ? "channels_last" : "channels_first"; }
  KerasTensor give(const KerasTensor& y) const { return last ? c.permuted(y, channels_to_second(y.ndim())) : y; }
};

const bool conv_form = add_layer_form("Conv", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  const Array *w = c.numbers(1), *bias = c.numbers(2);
  if (x == nullptr || w == nullptr || (c.has(2) && bias == nullptr) || x->ndim() < 3 || x->ndim() > 5 ||
      w->ndim() != x->ndim())
    return {};
  const auto axes = static_cast<std::size_t>(x->ndim() - 2);
  const Integers lengths(w->shape().begin() + 2, w->shape().end()), ones(axes, 1);
  const Integers strides = c.integers("strides", ones), dilations = c.integers("dilations", ones);
  const bool known = std::all_of(lengths.begin(), lengths.end(), [](std::int64_t n) { return n > 0; });
  const bool strided = std::any_of(strides.begin(), strides.end(), [](std::int64_t n) { return n > 1; }),
             dilated = std::any_of(dilations.begin(), dilations.end(), [](std::int64_t n) { return n > 1; });
  if (!known || (strided && dilated) || x->shape()[1] == kUnknown) return {};
  const Padding padding(c, lengths, strides, dilations);
  if (padding.word.empty()) return {};
  std::vector<int> order;  // (…, channels, filters)
  for (int axis = 2; axis < w->ndim(); ++axis) order.push_back(axis);
  order.insert(order.end(), {1, 0});
  std::vector<Array> weights{w->transpose(order)};
  if (bias != nullptr) weights.push_back(*bias);
  const Pictures pictures(c, *x);
  return pictures.give(c.apply("Conv" + dimensions(axes),
                               {{"filters", w->shape()[0]},
                                {"kernel_size", lengths},
                                {"strides", strides},
                                {"padding", padding.word},
                                {"data_format", pictures.format()},
                                {"dilation_rate", dilations},
                                {"groups", c.integer("group", 1)},
                                {"use_bias", bias != nullptr}},
                               {padding.put(c, pictures.x, axes, pictures.format())}, weights));
});

const bool batch_normalization_form = add_layer_form("BatchNormalization", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  std::vector<Array> weights;
  for (int i = 1; i <= 4; ++i) {
    if (!is_float(c.numbers(i), 1)) return {};
    weights.push_back(*c.numbers(i));
  }
  if (x == nullptr || x->ndim() < 2 || c.integer("training_mode", 0) != 0) return {};
  const Pictures pictures(c, *x);
  return pictures.give(c.apply("BatchNormalization",
                               {{"axis", pictures.last ? -1 : 1},
                                {"epsilon", c.number("epsilon", 1e-5)},
                                {"momentum", c.number("momentum", 0.9)}},
                               {pictures.x}, weights));
});

const bool layer_normalization_form = add_layer_form("LayerNormalization", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  const Array *scale = c.numbers(1), *bias = c.numbers(2);
  if (x == nullptr || !is_float(scale, 1) || (c.has(2) && !is_float(bias, 1)) || x->shape().back() != scale->size())
    return {};
  const std::int64_t axis = c.integer("axis", -1);
  if (axis != -1 && axis != x->ndim() - 1) return {};
  std::vector<Array> weights{*scale};
  if (bias != nullptr) weights.push_back(*bias);
  return c.apply("LayerNormalization",
                 {{"axis", -1}, {"epsilon", c.number("epsilon", 1e-5)}, {"center", bias != nullptr}}, {*x}, weights);
});

/// Windows over the axes behind the channels, without padding of their own.
LayerForm pooling_form(const char* class_name) {
  return [class_name](const LayerCall& c) -> KerasTensor {
    const KerasTensor* x = c.tensor(0);
    if (x == nullptr || x->ndim() < 3 || x->ndim() > 5 || !graph::is_floating(x->dtype())) return {};
    const auto axes = static_cast<std::size_t>(x->ndim() - 2);
    const Integers ones(axes, 1), lengths = c.integers("kernel_shape"), strides = c.integers("strides", ones);
    if (lengths.size() != axes || c.integers("dilations", ones) != ones || c.integer("ceil_mode", 0) != 0) return {};
    const Padding padding(c, lengths, strides, ones);
    const bool counts_pads = c.integer("count_include_pad", 0) != 0;
    if (padding.word.empty() || !padding.around.is_null() || (padding.word == "same" && counts_pads)) return {};
    const Pictures pictures(c, *x);
    return pictures.give(c.apply(
        class_name + dimensions(axes),
        {{"pool_size", lengths}, {"strides", strides}, {"padding", padding.word}, {"data_format", pictures.format()}},
        {pictures.x}));
  };
}
LayerForm global_pooling_form(const char* class_name) {
  return [class_name](const LayerCall& c) -> KerasTensor {
    const KerasTensor* x = c.tensor(0);
    if (x == nullptr || x->ndim() < 3 || x->ndim() > 5) return {};
    const Pictures pictures(c, *x);
    return pictures.give(c.apply(class_name + dimensions(static_cast<std::size_t>(x->ndim() - 2)),
                                 {{"data_format", pictures.format()}, {"keepdims", true}}, {pictures.x}));
  };
}
// The mean over all axes behind the channels, in which form PyTorch has it.
const bool reduce_mean_form = add_layer_form("ReduceMean", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  if (x == nullptr || x->ndim() < 3 || x->ndim() > 5) return {};
  Integers axes = c.integers("axes");
  if (const Array* given = c.numbers(1)) {
    const Array whole = given->astype(graph::int64);
    axes.assign(whole.data<std::int64_t>(), whole.data<std::int64_t>() + whole.size());
  }
  for (std::int64_t& axis : axes)
    if (axis < 0) axis += x->ndim();
  std::sort(axes.begin(), axes.end());
  Integers behind;
  for (std::int64_t axis = 2; axis < x->ndim(); ++axis) behind.push_back(axis);
  if (axes != behind) return {};
  return c.apply("GlobalAveragePooling" + dimensions(behind.size()),
                 {{"data_format", "channels_first"}, {"keepdims", c.integer("keepdims", 1) != 0}}, {*x});
});

const bool pooling_forms = add_layer_form("MaxPool", pooling_form("MaxPooling")) &&
                           add_layer_form("AveragePool", pooling_form("AveragePooling")) &&
                           add_layer_form("GlobalMaxPool", global_pooling_form("GlobalMaxPooling")) &&
                           add_layer_form("GlobalAveragePool", global_pooling_form("GlobalAveragePooling"));

}  // namespace
}  // namespace cornu::keras::onnx::internal

// Layers without weights: activations, shapes, and those that merge.
#include <algorithm>

#include "cornu/keras/onnx/internal/layer_form.h"

namespace cornu::keras::onnx::internal {
namespace {

using Integers = std::vector<std::int64_t>;

bool activation_forms(std::initializer_list<std::pair<const char*, const char*>> list) {
  for (const auto& [op_type, name] : list)
    add_layer_form(op_type, [name = std::string(name)](const LayerCall& c) -> KerasTensor {
      if (c.tensor(0) == nullptr || !graph::is_floating(c.tensor(0)->dtype())) return {};
      return c.apply_anywhere("Activation", {{"activation", name}}, {*c.tensor(0)});
    });
  return true;
}
const bool activations_known = activation_forms(
    {{"Relu", "relu"}, {"Sigmoid", "sigmoid"}, {"Tanh", "tanh"}, {"Softplus", "softplus"}, {"Softsign", "softsign"}});

const bool leaky_relu_form = add_layer_form("LeakyRelu", [](const LayerCall& c) -> KerasTensor {
  if (c.tensor(0) == nullptr) return {};
  return c.apply_anywhere("LeakyReLU", {{"negative_slope", c.number("alpha", 0.01)}}, {*c.tensor(0)});
});
const bool elu_form = add_layer_form("Elu", [](const LayerCall& c) -> KerasTensor {
  if (c.tensor(0) == nullptr) return {};
  return c.apply_anywhere("ELU", {{"alpha", c.number("alpha", 1)}}, {*c.tensor(0)});
});
const bool softmax_form = add_layer_form("Softmax", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  if (x == nullptr) return {};
  const std::int64_t axis = c.integer("axis", c.opset() >= 13 ? -1 : 1);
  if (axis == 0 || axis == -x->ndim() || (c.opset() < 13 && axis != x->ndim() - 1)) return {};
  return c.apply("Softmax", {{"axis", axis}}, {*x});
});

const bool flatten_form = add_layer_form("Flatten", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  if (x == nullptr || c.integer("axis", 1) != 1 || x->ndim() < 2) return {};
  return c.apply("Flatten", nlohmann::json::object(), {*x});
});
const bool permute_form = add_layer_form("Transpose", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  const Integers axes = c.integers("perm");
  if (x == nullptr || axes.size() < 2 || axes[0] != 0) return {};
  return c.permuted(*x, axes, true);
});
// The batch stays in front: its length is copied, or left open beside lengths that are known.
const bool reshape_form = add_layer_form("Reshape", [](const LayerCall& c) -> KerasTensor {
  const KerasTensor* x = c.tensor(0);
  const Array* numbers = c.numbers(1);
  if (x == nullptr || numbers == nullptr || c.integer("allowzero", 0) != 0 || numbers->size() < 2) return {};
  const Array whole = numbers->astype(graph::int64);
  const Integers shape(whole.data<std::int64_t>(), whole.data<std::int64_t>() + whole.size());
  std::int64_t elements = 1, given = 1;
  for (int axis = 1; axis < x->ndim(); ++axis) {
    if (x->shape()[axis] == kUnknown) return {};
    elements *= x->shape()[axis];
  }
  for (std::size_t i = 1; i < shape.size(); ++i) {
    if (shape[i] == 0) return {};
    given *= shape[i];
  }
  if (shape[0] == 0 ? (given != elements && given >= 0) : (shape[0] != -1 || given != elements)) return {};
  return c.apply("Reshape", {{"target_shape", Integers(shape.begin() + 1, shape.end())}}, {*x});
});

/// Layers that merge tensors of one shape.
LayerForm merging_form(const char* class_name) {
  return [class_name](const LayerCall& c) -> KerasTensor {
    std::vector<KerasTensor> inputs;
    for (int i = 0; i < c.inputs(); ++i) {
      if (c.tensor(i) == nullptr || c.tensor(i)->spec() != c.tensor(0)->spec() || c.tensor(i)->ndim() < 2) return {};
      inputs.push_back(*c.tensor(i));
    }
    if (inputs.size() < 2 || !graph::is_floating(inputs[0].dtype())) return {};
    return c.apply_anywhere(class_name, nlohmann::json::object(), inputs);
  };
}
const bool merging_forms =
    add_layer_form("Add", merging_form("Add")) && add_layer_form("Sum", merging_form("Add")) &&
    add_layer_form("Sub", merging_form("Subtract")) && add_layer_form("Mul", merging_form("Multiply")) &&
    add_layer_form("Mean", merging_form("Average")) && add_layer_form("Max", merging_form("Maximum")) &&
    add_layer_form("Min", merging_form("Minimum"));

const bool concatenate_form = add_layer_form("Concat", [](const LayerCall& c) -> KerasTensor {
  std::vector<KerasTensor> inputs;
  for (int i = 0; i < c.inputs(); ++i) {
    if (c.tensor(i) == nullptr || c.tensor(i)->dtype() != c.tensor(0)->dtype()) return {};
    inputs.push_back(*c.tensor(i));
  }
  const std::int64_t axis = c.integer("axis", 1);
  if (inputs.size() < 2 || axis == 0 || axis == -inputs[0].ndim()) return {};
  return c.apply("Concatenate", {{"axis", axis}}, inputs);
});

}  // namespace
}  // namespace cornu::keras::onnx::internal

#include "cornu/keras/onnx/internal/graph_layer.h"

#include <algorithm>
#include <set>

#include "cornu/graph/leaf.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::onnx::internal {

namespace files = io::onnx;

namespace {

const bool graph_layer_registered = layers::registry().add<GraphLayer>(
    "ONNXGraph", {},
    {.since_keras3 = true,
     .cannot_be_saved =
         " in a file of Keras: it is a part of an ONNX graph that no layer of Keras does. Write the model "
         "with export_model(\"model.onnx\"), or its weights with save_weights"});

}  // namespace

std::vector<std::string> values_read(const files::Node& node) {
  std::vector<std::string> names;
  for (const std::string& name : node.inputs)
    if (!name.empty()) names.push_back(name);
  for (const auto& [key, attribute] : node.attributes) {
    const auto* graph = std::get_if<std::shared_ptr<const files::Graph>>(&attribute.value);
    if (graph == nullptr) continue;
    std::set<std::string> own;
    for (const files::Value& input : (*graph)->inputs) own.insert(input.name);
    for (const auto& [name, array] : (*graph)->initializers) own.insert(name);
    for (const files::Node& inner : (*graph)->nodes) {
      for (const std::string& name : values_read(inner))
        if (!own.contains(name)) names.push_back(name);
      own.insert(inner.outputs.begin(), inner.outputs.end());
    }
    for (const files::Value& output : (*graph)->outputs)
      if (!own.contains(output.name)) names.push_back(output.name);
  }
  return names;
}

GraphLayer::GraphLayer(std::shared_ptr<const files::Model> model, std::string who,
                       std::vector<const files::Node*> nodes, std::vector<std::string> inputs,
                       std::vector<graph::DType> dtypes, std::vector<std::string> outputs, std::string name)
    : Layer({.name = std::move(name)}),
      model_(std::move(model)),
      file_(std::move(who)),
      nodes_(std::move(nodes)),
      inputs_(std::move(inputs)),
      outputs_(std::move(outputs)),
      dtypes_(std::move(dtypes)) {
  set_autocast(false);
}

Tensors GraphLayer::describe(GraphReader& reader, const Tensors& inputs, bool with_weights) const {
  graph::require<ValueError>(model_ != nullptr, who(), "is of no ONNX graph: onnx::load_model makes such layers");
  Values values;
  for (std::size_t i = 0; i < inputs.size(); ++i) values[inputs_[i]] = ops::cast_floating(inputs[i], graph::float32);
  if (with_weights)
    for (const auto& [name, variable] : weights_) values[name] = Tensor(variable);
  std::set<std::string> read;
  for (const files::Node* node : nodes_)
    for (std::string& name : values_read(*node)) read.insert(std::move(name));
  for (const auto& [name, array] : model_->graph.initializers) {
    if (!read.contains(name) || values.contains(name)) continue;
    values[name] = graph::constant(computable(array));
    reader.name_weight(values[name], name);
  }
  reader.run(nodes_, values);
  Tensors outputs;
  for (const std::string& name : outputs_) outputs.push_back(values.at(name));
  return outputs;
}

Tensors GraphLayer::call_all(const Inputs& inputs, Context&) {
  GraphReader reader(model_, file_);
  return describe(reader, Tensors(inputs.begin(), inputs.end()), true);
}

Specs GraphLayer::described(GraphReader& reader, const Specs& inputs, std::int64_t length, int round) const {
  Tensors tensors;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Spec spec = inputs[i];
    for (int axis = 0; axis < spec.shape.rank(); ++axis)
      if (spec.shape[axis] == kUnknown) spec.shape[axis] = axis == 0 ? 3 + 2 * round : length * (1 + round);
    tensors.push_back(graph::parameter(static_cast<int>(i), spec));
  }
  Specs specs;
  for (const Tensor& y : describe(reader, tensors, false)) specs.push_back(y.spec());
  return specs;
}

std::pair<Specs, Specs> GraphLayer::probed(GraphReader& reader, const Specs& inputs) const {
  const std::size_t last = std::size(kTriedLengths) - 1;
  for (std::size_t i = 0; i < last; ++i) try {
      return {described(reader, inputs, kTriedLengths[i], 0), described(reader, inputs, kTriedLengths[i], 1)};
    } catch (const ShapeError&) {
    }
  return {described(reader, inputs, kTriedLengths[last], 0), described(reader, inputs, kTriedLengths[last], 1)};
}

Specs GraphLayer::compute_output_specs(const Specs& inputs) {
  if (!built()) ensure_built_for(inputs);
  GraphReader reader(model_, file_);
  auto [specs, others] = probed(reader, inputs);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].shape.rank() != others[i].shape.rank())
      throw ShapeError(graph::message(who(), "the number of axes of an output depends on the lengths of the inputs"));
    for (int axis = 0; axis < specs[i].shape.rank(); ++axis)
      if (specs[i].shape[axis] != others[i].shape[axis]) specs[i].shape[axis] = kUnknown;
  }
  return specs;
}

void GraphLayer::build_all(const layers::Shapes& shapes) {
  graph::require<ValueError>(model_ != nullptr && shapes.size() == inputs_.size(), who(),
                             "is of no ONNX graph: onnx::load_model makes such layers");
  GraphReader reader(model_, file_);
  Specs inputs;
  for (std::size_t i = 0; i < shapes.size(); ++i) inputs.push_back({dtypes_.at(i), shapes[i]});
  std::set<std::string> read, statistics;
  for (const files::Node* node : nodes_) {
    for (std::string& name : values_read(*node)) read.insert(std::move(name));
    if (node->op_type == "BatchNormalization" && node->inputs.size() > 4)
      statistics.insert({node->inputs[3], node->inputs[4]});
  }
  probed(reader, inputs);
  for (const auto& [name, array] : model_->graph.initializers) {
    const bool computed =
        graph::is_floating(array.dtype()) && array.size() > 1 && read.contains(name) && !reader.asked().contains(name);
    if (!computed) continue;
    std::string own = name;
    std::replace(own.begin(), own.end(), '/', '_');
    weights_.emplace_back(name, add_weight({.name = own,
                                            .shape = array.shape(),
                                            .dtype = graph::float32,
                                            .initializer = "zeros",
                                            .trainable = !statistics.contains(name)}));
    weights_.back().second.assign(array);
  }
}

}  // namespace cornu::keras::onnx::internal

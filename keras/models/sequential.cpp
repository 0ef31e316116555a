#include "cornu/keras/models/sequential.h"

#include <algorithm>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/to_snake_case.h"

namespace cornu::keras::models {

using graph::require;
using layers::Layer;

namespace {

SequentialNetwork& sequential(const std::shared_ptr<Network>& network) {
  auto* it = dynamic_cast<SequentialNetwork*>(network.get());
  require<TypeError>(it != nullptr, "model \"", network->name(), "\" is not a Sequential but a ", network->class_name());
  return *it;
}

// "dense", "dense_1", …: the first that no layer of this model has.
std::string free_name(const Layer& layer, const std::vector<Shared<Layer>>& others) {
  const std::string base = utils::to_snake_case(layer.class_name());
  const auto taken = [&](const std::string& name) {
    return std::any_of(others.begin(), others.end(), [&](const auto& other) { return other->name() == name; });
  };
  std::string name = base;
  for (int n = 1; taken(name); ++n) name = graph::message(base, '_', n);
  return name;
}

}  // namespace

void SequentialNetwork::add(Shared<Layer> layer) {
  require<ValueError>(static_cast<bool>(layer), who(), "add needs a layer");
  require<ValueError>(layer.get() != this, who(), "a model cannot contain itself");
  if (const auto input = layer.as<layers::InputLayer>()) {
    require<ValueError>(layers_.empty() && !input_layer_, who(), "an Input must come first, and once");
    if (layer->name().empty()) layer->set_name("input_layer");
    declared_input_ = input->batch_shape();
    input_layer_ = std::move(layer);
    return;
  }
  if (layer->name().empty()) layer->set_name(free_name(*layer, layers_));
  for (const auto& other : layers_)
    require<ValueError>(other == layer || other->name() != layer->name(), who(), "has a layer named \"", layer->name(), "\" already");

  if (layers_.empty() && !declared_input_.is_set()) {
    if (layer->base().input_shape.is_set()) declared_input_ = layer->base().input_shape.prepend(layer->base().batch_size.value_or(kUnknown));
    else if (const auto inner = layer.as<SequentialNetwork>(); inner && inner->declared_input().is_set()) declared_input_ = inner->declared_input();
  }
  layers_.push_back(layer);
  if (!declared_input_.is_set() && !built()) return;
  try {
    const Shape first = built() ? input_shape() : declared_input_;
    rebuild(first);
  } catch (...) {  // what does not fit is not part of the model
    layers_.pop_back();
    if (layers_.empty() && !input_layer_) declared_input_ = Shape::unset();
    throw;
  }
}

void SequentialNetwork::pop() {
  require<ValueError>(!layers_.empty(), who(), "there is no layer to take away");
  layers_.pop_back();
  if (!layers_.empty() && built()) rebuild(input_shape());
}

void SequentialNetwork::build(const Shape& input) {
  require<ValueError>(!layers_.empty(), who(), "the model has no layers");
  Shape shape = input;
  for (const auto& layer : layers_) {
    layer->ensure_built(shape);
    shape = layer->compute_output_shape(shape);
  }
}

Tensor SequentialNetwork::call(const Tensor& x, Context& ctx) {
  Tensor y = x;
  for (const auto& layer : layers_) y = (*layer)(y, ctx);
  return y;
}

Shape SequentialNetwork::compute_output_shape(const Shape& input) {
  Shape shape = input;
  for (const auto& layer : layers_) shape = layer->compute_output_shape(shape);
  return shape;
}

Sequential::Sequential() : Sequential(std::vector<Shared<Layer>>{}) {}

Sequential::Sequential(std::initializer_list<Shared<Layer>> layers, const std::string& name) : Sequential(std::vector<Shared<Layer>>(layers), name) {}

Sequential::Sequential(const std::vector<Shared<Layer>>& layers, const std::string& name) : Model(std::make_shared<SequentialNetwork>(name)) {
  for (const auto& layer : layers) add(layer);
}

Sequential::Sequential(const Model& model) : Model(model) { sequential(network_); }

void Sequential::add(Shared<Layer> layer) { sequential(network_).add(std::move(layer)); }
void Sequential::pop() { sequential(network_).pop(); }

}  // namespace cornu::keras::models

#include "cornu/keras/models/sequential.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/internal/sequential_network.h"

namespace cornu::keras::models {

using graph::require;
using layers::Layer;

namespace {

SequentialNetwork& sequential(const std::shared_ptr<Network>& network) {
  auto* it = dynamic_cast<SequentialNetwork*>(network.get());
  require<TypeError>(it != nullptr, "model \"", network->name(), "\" is not a Sequential but a ",
                     network->class_name());
  return *it;
}

bool contains(const Layer& outer, const Layer& inner) {
  if (&outer == &inner) return true;
  const auto& parts = outer.sublayers();
  return std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return contains(*part.layer, inner); });
}

// Of texts data has the bytes, with an axis that is not declared.
bool takes_texts(const Layer& first) { return first.input_dtype(graph::float32) == graph::uint8; }

layers::InputLayer input_for(const Layer& first, DType dtype, const Shape& shape, std::string name) {
  if (takes_texts(first))
    return layers::InputLayer({.dtype = "string", .batch_shape = shape.drop_back(), .name = name});
  return layers::InputLayer({.dtype = std::string(graph::name_of(dtype)), .batch_shape = shape, .name = name});
}

}  // namespace

SequentialNetwork::SequentialNetwork(std::string name) : Network(std::move(name)) {
  if (Layer::name().empty()) set_automatic_name("sequential", false);
}

// The input of a row is declared by an InputLayer, or by the first layer's `input_shape`.
Shape SequentialNetwork::declared_by(const Layer& layer) {
  if (layer.base().input_shape.is_set()) {
    const Shape shape = layer.base().input_shape.prepend(layer.base().batch_size.value_or(kUnknown));
    return takes_texts(layer) ? shape.append(kUnknown) : shape;
  }
  if (layer.built() && !layer.input_shapes().empty() && !layer.sublayers().empty()) return layer.input_shape();
  const auto* inner = dynamic_cast<const SequentialNetwork*>(&layer);
  return inner ? inner->declared_input() : Shape::unset();
}

void SequentialNetwork::add(Shared<Layer> layer) {
  require<ValueError>(static_cast<bool>(layer), who(), "add needs a layer");
  require<ValueError>(!contains(*layer, *this), who(), "a model cannot contain itself");
  if (const auto input = layer.as<layers::InputLayer>()) {
    require<ValueError>(layers_.empty() && !declared_input_.is_set(), who(), "an Input must come first, and once");
    if (layer->name().empty()) layer->set_automatic_name("input_layer");
    declared_input_ = input->batch_shape();
    input_layer_ = std::move(layer);
    return;
  }
  std::set<std::string> taken;
  if (input_layer_) taken.insert(input_layer_->name());
  for (const auto& other : layers_)
    if (other != layer) taken.insert(other->name());
  const std::string old_name = layer->name(), name = free_name(*layer, taken, who());
  const bool automatic = layer->has_automatic_name(), by_model = layer->named_by_model();
  const Shape old_declared = declared_input_;
  if (automatic) layer->set_automatic_name(name);
  if (layers_.empty() && !declared_input_.is_set()) declared_input_ = declared_by(*layer);
  layers_.push_back(layer);
  const bool fresh = !layer->built();
  try {
    if (built()) {
      Wiring longer = wiring();
      append(longer, *layer);
      set_wiring(std::move(longer));
    } else if (declared_input_.is_set()) {
      wire_up(declared_input_);
    }
  } catch (...) {  // what does not fit is not part of the model
    layers_.pop_back();
    declared_input_ = old_declared;
    if (fresh) layer->unbuild();
    if (automatic) layer->set_automatic_name(old_name, by_model);
    throw;
  }
  set_sublayers(layers_);
  rewired();
}

Shared<Layer> SequentialNetwork::pop() {
  require<ValueError>(!layers_.empty(), who(), "there is no layer to take away");
  const Shared<Layer> last = layers_.back();
  layers_.pop_back();
  set_sublayers(layers_);
  if (built()) {
    Wiring shorter = wiring();
    if (layers_.empty()) {
      declared_input_ = input_shape();  // stays declared, as with Keras' InputLayer
      unbuild();
    } else {
      shorter.outputs = shorter.uses.back()->inputs;
      shorter.uses.pop_back();
      shorter.layers = layers_;
      set_wiring(std::move(shorter));
    }
  }
  rewired();
  return last;
}

void SequentialNetwork::append(Wiring& wiring, Layer& layer) {
  const KerasTensor output = layer(wiring.outputs.front());
  require<ValueError>(output.use().outputs.size() == 1, '[', layer.class_name(), " \"", layer.name(),
                      "\"] a layer of a Sequential needs to give one tensor, got ", output.use().outputs.size(),
                      " outputs: build a graph of layers instead");
  wiring.outputs = {output};
  wiring.uses.push_back(wiring.outputs.front().use_ptr());
  wiring.layers = layers_;
}

// The layers' uses for an input of that shape. If one does not fit, all are as before.
void SequentialNetwork::wire_up(const Shape& input) {
  const graph::DType dtype = input_dtype(graph::float32);
  Shared<Layer> first = input_layer_;
  if (!first) first = input_for(*layers_.front(), dtype, input, "input_layer");
  Wiring wiring;
  wiring.inputs = wiring.outputs = {layers::use_input(first, {dtype, input})};
  wiring.uses = {wiring.inputs.front().use_ptr()};
  std::vector<Shared<Layer>> fresh;
  try {
    for (const auto& layer : layers_) {
      if (!layer->built()) fresh.push_back(layer);
      append(wiring, *layer);
    }
  } catch (...) {
    for (const auto& layer : fresh) layer->unbuild();
    throw;
  }
  set_wiring(std::move(wiring));
}

void SequentialNetwork::build_all(const layers::Shapes& inputs) {
  require<ValueError>(!layers_.empty(), who(), "the model has no layers");
  require<ValueError>(inputs.size() == 1, who(), "takes one input, got ", inputs.size());
  wire_up(inputs.front());
}

// As in Keras, data of any dtype becomes what the input is declared to be.
DType SequentialNetwork::input_dtype(DType data) const {
  if (const auto input = input_layer_.as<layers::InputLayer>()) return input->dtype();
  return layers_.empty() ? graph::float32 : layers_.front()->input_dtype(data);
}

// As files list the layers: with an InputLayer in front, even if only the first layer's `input_shape` told of it.
std::vector<Arg<Layer>> SequentialNetwork::listed(ConfigVisitor::Purpose purpose) const {
  std::vector<Arg<Layer>> list;
  const Shape& shape = declared_input_.is_set() ? declared_input_ : input_shape();
  if (input_layer_) {
    list.emplace_back(input_layer_);
  } else if (shape.is_set() && !layers_.empty()) {
    const bool keras2 = purpose == ConfigVisitor::Purpose::write_keras2;
    list.emplace_back(Shared<Layer>(input_for(*layers_.front(), graph::float32, shape,
                                              keras2 ? layers_.front()->name() + "_input" : "input_layer")));
  }
  const bool for_keras =
      purpose == ConfigVisitor::Purpose::write_keras2 || purpose == ConfigVisitor::Purpose::write_keras3;
  std::unordered_set<std::string> names;
  for (const auto& layer : layers_) {
    require<ValueError>(names.insert(layer->name()).second || !for_keras, "model '", name(),
                        "' cannot be saved: layer '", layer->name(),
                        "' is in it twice, and Keras' Sequential takes each layer once");
    list.emplace_back(layer);
  }
  return list;
}

void SequentialNetwork::fields(ConfigVisitor& v) {
  const bool reads = v.purpose() == ConfigVisitor::Purpose::read;
  std::string name = Layer::name(), dtype = reads ? "" : dtype_policy().name();
  bool trainable = this->trainable();
  Shape built_for = Shape::unset();
  std::vector<Arg<Layer>> list;
  if (!reads) list = listed(v.purpose());
  v("name", name);
  v("trainable", trainable, {.only_keras3 = true});
  mixed_precision::policy_field(v, "dtype", dtype, {.only_keras3 = true});
  v("layers", list);
  v("build_input_shape", built_for, {.only_read = true});
  if (!reads) return;
  if (!name.empty() && name != Layer::name()) set_name(name);
  if (!dtype.empty()) set_dtype_policy(dtype);
  for (const auto& layer : list) {
    require<graph::FormatError>(static_cast<bool>(layer), "model '", this->name(),
                                "': a layer needs to be a JSON object");
    add(layer);
  }
  if (built_for.is_set() && built_for.rank() > 0 && !built() && !layers_.empty()) ensure_built(built_for);
  if (!trainable) set_trainable(false);
}

Sequential::Sequential() : Sequential(std::vector<Shared<Layer>>{}) {}

Sequential::Sequential(std::initializer_list<Shared<Layer>> layers, const std::string& name)
    : Sequential(std::vector<Shared<Layer>>(layers), name) {}

Sequential::Sequential(const std::vector<Shared<Layer>>& layers, const std::string& name)
    : Model(std::make_shared<SequentialNetwork>(name)) {
  for (const auto& layer : layers) add(layer);
}

Sequential::Sequential(std::initializer_list<Sequential> layers, const std::string& name)
    : Sequential(std::vector<Shared<Layer>>(layers.begin(), layers.end()), name) {}
Sequential::Sequential(std::initializer_list<Model> layers, const std::string& name)
    : Sequential(std::vector<Shared<Layer>>(layers.begin(), layers.end()), name) {}

Sequential::Sequential(const Model& model) : Model(model) { sequential(network_); }

void Sequential::add(Shared<Layer> layer) { sequential(network_).add(std::move(layer)); }
Shared<Layer> Sequential::pop() { return sequential(network_).pop(); }

namespace {

const bool sequential_registered = layers::registry().add<SequentialNetwork>("Sequential", {}, {.module = "keras"});

}  // namespace
}  // namespace cornu::keras::models

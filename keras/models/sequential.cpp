#include "cornu/keras/models/sequential.h"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/to_snake_case.h"
#include "cornu/ops/native/cast.h"

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
  const auto* network = dynamic_cast<const Network*>(&outer);
  if (network == nullptr) return false;
  const auto list = network->layers();
  return std::any_of(list.begin(), list.end(), [&](const auto& layer) { return contains(*layer, inner); });
}

}  // namespace

SequentialNetwork::SequentialNetwork(std::string name) : Network(std::move(name)) {
  if (Layer::name().empty()) set_automatic_name("sequential");
}

// The name that a layer has here. One that was given by hand must be free. One without gets the first free of "dense",
// "dense_1", …; one that another model named so gets a number that no model has used, since it must be free in that
// model, too.
std::string SequentialNetwork::name_for(const Layer& layer) const {
  static std::atomic<int> highest{0};
  std::unordered_set<std::string_view> names;
  if (input_layer_) names.insert(input_layer_->name());
  for (const auto& other : layers_)
    if (other.get() != &layer) names.insert(other->name());
  const auto taken = [&](const std::string& name) { return names.contains(name); };
  const std::string& own = layer.name();
  if (!own.empty() && !taken(own)) return own;
  require<ValueError>(layer.has_automatic_name(), who(), "has a layer named \"", own, "\" already");
  const auto* inner = dynamic_cast<const SequentialNetwork*>(&layer);
  const bool has_a_model = inner ? inner->is_layer_ : !own.empty();
  const std::string base = utils::to_snake_case(layer.class_name());
  std::string name = base;
  int n = 0;
  while (taken(name) || (has_a_model && n == 0)) name = graph::message(base, '_', n = has_a_model ? ++highest : n + 1);
  for (int most = highest; n > most && !highest.compare_exchange_weak(most, n);) {
  }
  return name;
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
  const std::string old_name = layer->name(), name = name_for(*layer);
  const Shape old_declared = declared_input_;
  if (name != old_name) layer->set_automatic_name(name);
  if (layers_.empty() && !declared_input_.is_set()) {
    if (layer->base().input_shape.is_set())
      declared_input_ = layer->base().input_shape.prepend(layer->base().batch_size.value_or(kUnknown));
    else if (const auto first = layer.as<SequentialNetwork>())
      declared_input_ = first->built() ? first->input_shape() : first->declared_input();
  }
  layers_.push_back(layer);
  const auto inner = layer.as<SequentialNetwork>();
  const bool was_layer = inner && std::exchange(inner->is_layer_, true);
  try {
    if (built() || declared_input_.is_set()) rebuild(built() ? input_shape() : declared_input_);
  } catch (...) {  // what does not fit is not part of the model
    layers_.pop_back();
    declared_input_ = old_declared;
    if (inner) inner->is_layer_ = was_layer;
    if (name != old_name) layer->set_automatic_name(old_name);
    throw;
  }
  rewired();
}

Shared<Layer> SequentialNetwork::pop() {
  require<ValueError>(!layers_.empty(), who(), "there is no layer to take away");
  const Shared<Layer> last = layers_.back();
  layers_.pop_back();
  if (built()) {
    const Shape input = input_shape();  // stays declared, as with Keras' InputLayer
    if (layers_.empty()) {
      declared_input_ = input;
      unbuild();
    } else {
      rebuild(input);
    }
  }
  rewired();
  return last;
}

// What a layer found when it was built is not found again by describing it: adding a layer to many would describe them
// all.
static Shape output_of(Layer& layer, const Shape& input) {
  return layer.built() && layer.output_shape().is_set() && layer.input_shape() == input
             ? layer.output_shape()
             : layer.compute_output_shape(input);
}

void SequentialNetwork::build(const Shape& input) {
  require<ValueError>(!layers_.empty(), who(), "the model has no layers");
  Shape shape = input;
  std::vector<Shared<Layer>> fresh;
  try {
    for (const auto& layer : layers_) {
      if (!layer->built()) fresh.push_back(layer);
      layer->ensure_built(shape);
      shape = output_of(*layer, shape);
    }
  } catch (...) {
    for (const auto& layer : fresh) layer->unbuild();
    throw;
  }
}

// As in Keras, data of any dtype becomes what the input is declared to be.
DType SequentialNetwork::input_dtype(DType data) const {
  if (const auto input = input_layer_.as<layers::InputLayer>()) return input->dtype();
  return layers_.empty() ? graph::float32 : layers_.front()->input_dtype(data);
}

void SequentialNetwork::check_data(const Array& x) const {
  if (!layers_.empty()) layers_.front()->check_data(x);
}

Tensor SequentialNetwork::call(const Tensor& x, Context& ctx) {
  Tensor y = ops::cast(x, input_dtype(x.dtype()));
  if (!y.same(x)) ctx.set_mask(y, ctx.mask(x));
  for (const auto& layer : layers_) y = (*layer)(y, ctx);
  return y;
}

Shape SequentialNetwork::compute_output_shape(const Shape& input) {
  Shape shape = input;
  for (const auto& layer : layers_) shape = output_of(*layer, shape);
  return shape;
}

Sequential::Sequential() : Sequential(std::vector<Shared<Layer>>{}) {}

Sequential::Sequential(std::initializer_list<Shared<Layer>> layers, const std::string& name)
    : Sequential(std::vector<Shared<Layer>>(layers), name) {}

Sequential::Sequential(const std::vector<Shared<Layer>>& layers, const std::string& name)
    : Model(std::make_shared<SequentialNetwork>(name)) {
  for (const auto& layer : layers) add(layer);
}

Sequential::Sequential(const Model& model) : Model(model) { sequential(network_); }

void Sequential::add(Shared<Layer> layer) { sequential(network_).add(std::move(layer)); }
Shared<Layer> Sequential::pop() { return sequential(network_).pop(); }

}  // namespace cornu::keras::models

#include "cornu/keras/models/network.h"

#include <algorithm>

#include "cornu/keras/models/training.h"

namespace cornu::keras::models {

using graph::require;

Network::Network(std::string name) : Layer({.name = std::move(name)}) {
  set_autocast(false);  // each layer casts for itself
  set_supports_masking(true);
  set_threads(0);
}
Network::~Network() = default;

// The callable holds a plain pointer: the function is a member and dies with the network.
void Network::set_threads(int threads) {
  require<ValueError>(threads >= 0, who(), "threads must be at least 0, got ", threads);
  threads_ = threads;
  predictor_ = graph::Function(
      [this](const Tensor& x) {
        Context ctx(false);
        return (*this)(x, ctx);
      },
      {.name = name(), .threads = threads});
  if (training_) training_->compile_steps();
}

void Network::rewired() {
  ready_ = false;
  set_threads(threads_);
  if (training_) training_->forget_variables();
}

std::vector<layers::Weight> Network::weight_list() const {
  std::vector<layers::Weight> all;
  for (const auto& layer : layers())
    for (const layers::Weight& weight : layer->weight_list()) {
      const bool known =
          std::any_of(all.begin(), all.end(), [&](const layers::Weight& w) { return w.variable == weight.variable; });
      if (!known) all.push_back(weight);  // a layer that is used twice counts once
    }
  return all;
}

std::vector<Variable> Network::trainable_weights() const {
  std::vector<Variable> all;
  if (!trainable()) return all;
  for (const auto& layer : layers())
    for (const Variable& variable : layer->trainable_weights())
      if (std::find(all.begin(), all.end(), variable) == all.end()) all.push_back(variable);
  return all;
}

void Network::unbuild() {
  ready_ = false;
  for (const auto& layer : layers()) layer->unbuild();
  Layer::unbuild();
}

void Network::set_trainable(bool trainable) {
  Layer::set_trainable(trainable);
  for (const auto& layer : layers()) layer->set_trainable(trainable);
}

void Network::accept(const Array& data) {
  accept_shape(data.shape());
  check_data(data);
}

void Network::accept_shape(const Shape& data) {
  if (data.rank() < 1) throw ShapeError(graph::message(who(), "data needs an axis of samples, got shape ", data));
  if (!ready_.load(std::memory_order_acquire)) {
    const std::lock_guard lock(building_);
    ensure_built(data.with(0, kUnknown));
    ready_.store(true, std::memory_order_release);
  }
  const Shape& expected = input_shape();
  bool fits = expected.rank() == data.rank();
  for (int i = 1; fits && i < data.rank(); ++i) fits = expected[i] == kUnknown || expected[i] == data[i];
  if (fits) return;
  const auto list = layers();
  const Layer& first = list.empty() ? *this : *list.front();
  throw ShapeError(graph::message('[', first.class_name(), " \"", first.name(), "\"] expected input shape ", expected,
                                  ", got ", data));
}

}  // namespace cornu::keras::models

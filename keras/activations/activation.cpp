#include "cornu/keras/activations/activation.h"

#include "cornu/keras/internal/nameless.h"

namespace cornu::keras::activations {

Registry<Activation>& Activation::registry() {
  static Registry<Activation> registry(
      "activation",
      {.module = "keras.activations", .registry = "activations::registry()", .by_name = true, .none = "linear"});
  return registry;
}

Shared<Activation> Activation::from_name(const std::string& name) { return registry().make(name); }

Shared<Activation> Activation::from_callable(std::function<Tensor(const Tensor&)> function) {
  return std::make_shared<Nameless<Activation, Tensor, const Tensor&>>(std::move(function));
}

}  // namespace cornu::keras::activations

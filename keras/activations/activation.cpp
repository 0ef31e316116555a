#include "cornu/keras/activations/activation.h"

#include "cornu/keras/internal/formula_bodies.h"

namespace cornu::keras {

template class Formula<activations::Activation, graph::Tensor(const graph::Tensor&)>;

Registry<activations::Activation>& activations::Activation::registry() {
  static Registry<Activation> registry(
      "activation",
      {.module = "keras.activations", .registry = "activations::registry()", .by_name = true, .none = "linear"});
  return registry;
}

}  // namespace cornu::keras

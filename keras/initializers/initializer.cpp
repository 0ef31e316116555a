#include "cornu/keras/initializers/initializer.h"

#include "cornu/keras/internal/formula_bodies.h"

namespace cornu::keras {

template class Formula<initializers::Initializer, graph::Array(const graph::Shape&, graph::random::Generator&)>;

namespace initializers {

Registry<Initializer>& Initializer::registry() {
  static Registry<Initializer> registry("initializer",
                                        {.module = "keras.initializers", .registry = "initializers::registry()"});
  return registry;
}

Shared<Initializer> Initializer::from_callable(std::function<Array(const Shape&)> function) {
  return Formula::from_callable(
      [function = std::move(function)](const Shape& shape, Generator&) { return function(shape); });
}

}  // namespace initializers
}  // namespace cornu::keras

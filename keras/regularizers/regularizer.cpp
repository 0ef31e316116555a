#include "cornu/keras/regularizers/regularizer.h"

#include "cornu/keras/internal/formula_bodies.h"
#include "cornu/keras/regularizers/l1_l2.h"

namespace cornu::keras {

template class Formula<regularizers::Regularizer, graph::Tensor(const graph::Tensor&)>;

namespace regularizers {

Registry<Regularizer>& Regularizer::registry() {
  static Registry<Regularizer> registry("regularizer",
                                        {.module = "keras.regularizers", .registry = "regularizers::registry()"});
  return registry;
}

Shared<Regularizer> Regularizer::from_name(const std::string& name) {
  // The name that Keras 3 no longer knows means what it meant in Keras 2; L1L2() itself would penalize nothing.
  if (name == "l1_l2") return l1_l2({.l1 = 0.01, .l2 = 0.01});
  return Formula::from_name(name);
}

}  // namespace regularizers
}  // namespace cornu::keras

#include "cornu/keras/constraints/constraint.h"

#include "cornu/keras/internal/formula_bodies.h"

namespace cornu::keras {

template class Formula<constraints::Constraint, graph::Tensor(const graph::Tensor&)>;

Registry<constraints::Constraint>& constraints::Constraint::registry() {
  static Registry<Constraint> registry("constraint",
                                       {.module = "keras.constraints", .registry = "constraints::registry()"});
  return registry;
}

}  // namespace cornu::keras

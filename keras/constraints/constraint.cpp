#include "cornu/keras/constraints/constraint.h"

#include "cornu/keras/internal/nameless.h"

namespace cornu::keras::constraints {

Registry<Constraint>& Constraint::registry() {
  static Registry<Constraint> registry("constraint",
                                       {.module = "keras.constraints", .registry = "constraints::registry()"});
  return registry;
}

Shared<Constraint> Constraint::from_name(const std::string& name) { return registry().make(name); }

Shared<Constraint> Constraint::from_callable(std::function<Tensor(const Tensor&)> function) {
  return std::make_shared<Nameless<Constraint, Tensor, const Tensor&>>(std::move(function));
}

}  // namespace cornu::keras::constraints

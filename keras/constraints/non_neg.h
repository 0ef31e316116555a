#pragma once

#include "cornu/keras/constraints/constraint.h"

namespace cornu::keras::constraints {

struct NonNegConfig : NoArguments {
  Tensor operator()(const Tensor& weight) const;
};
/// Negative weights become 0.
using NonNeg = Constraint::Of<NonNegConfig>;

}  // namespace cornu::keras::constraints

#pragma once

#include "cornu/keras/configured.h"
#include "cornu/keras/constraints/constraint.h"

namespace cornu::keras::constraints {

/// Negative weights become 0.
class CORNU_EXPORT NonNeg final : public Configured<Constraint, NoArguments> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& weight) const override;
};

}  // namespace cornu::keras::constraints

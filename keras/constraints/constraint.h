#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/formula.h"

namespace cornu::keras::constraints {

using graph::Tensor;

/// What a weight is projected to after each update. By Keras' names: "max_norm", "MaxNorm", "non_neg", …
class CORNU_EXPORT Constraint : public Formula<Constraint, Tensor(const Tensor& weight)> {
 public:
  static Registry<Constraint>& registry();
};

inline Registry<Constraint>& registry() { return Constraint::registry(); }

}  // namespace cornu::keras::constraints

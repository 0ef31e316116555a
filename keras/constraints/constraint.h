#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::constraints {

using graph::Tensor;

/// What a weight is projected to after each update.
class CORNU_EXPORT Constraint : public Object {
 public:
  virtual Tensor operator()(const Tensor& weight) const = 0;

  /// By Keras' names: "max_norm", "MaxNorm", "non_neg", … Throws ValueError with the known names.
  static Shared<Constraint> from_name(const std::string& name);
  static Registry<Constraint>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  static Shared<Constraint> from_callable(std::function<Tensor(const Tensor&)> function);
};

inline Registry<Constraint>& registry() { return Constraint::registry(); }

}  // namespace cornu::keras::constraints

#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::regularizers {

using graph::Tensor;

/// A penalty on a weight or an output, added to the loss.
class CORNU_EXPORT Regularizer : public Object {
 public:
  /// A scalar.
  virtual Tensor operator()(const Tensor& x) const = 0;

  /// By Keras' names: "l1", "L1", "l2", "l1_l2", … Throws ValueError with the known names.
  static Shared<Regularizer> from_name(const std::string& name);
  static Registry<Regularizer>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  static Shared<Regularizer> from_callable(std::function<Tensor(const Tensor&)> function);
};

inline Registry<Regularizer>& registry() { return Regularizer::registry(); }

}  // namespace cornu::keras::regularizers

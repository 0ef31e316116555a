#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/formula.h"

namespace cornu::keras::regularizers {

using graph::Tensor;

/// A penalty on a weight or an output, a scalar that is added to the loss. By Keras' names: "l1", "L1", "l2", "l1_l2",
/// …
class CORNU_EXPORT Regularizer : public Formula<Regularizer, Tensor(const Tensor& x)> {
 public:
  /// "l1_l2" has 0.01 for both factors, as in Keras 2.
  static Shared<Regularizer> from_name(const std::string& name);
  static Registry<Regularizer>& registry();
};

inline Registry<Regularizer>& registry() { return Regularizer::registry(); }

}  // namespace cornu::keras::regularizers

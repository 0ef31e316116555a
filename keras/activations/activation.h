#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::activations {

using graph::Tensor;

/// An activation function with the name by which files know it.
class CORNU_EXPORT Activation : public Object {
 public:
  virtual Tensor operator()(const Tensor& x) const = 0;

  /// By Keras' names: "relu", "softmax", … Throws ValueError with the known names.
  static Shared<Activation> from_name(const std::string& name);
  /// Any `Tensor(const Tensor&)`; saving a model with it throws, saying how to register it.
  static Shared<Activation> from_callable(std::function<Tensor(const Tensor&)> function);
};

Registry<Activation>& registry();

}  // namespace cornu::keras::activations

#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/formula.h"

namespace cornu::keras::activations {

using graph::Tensor;

/// An activation function. By Keras' names: "relu", "softmax", …
class CORNU_EXPORT Activation : public Formula<Activation, Tensor(const Tensor& x)> {
 public:
  static Registry<Activation>& registry();
};

inline Registry<Activation>& registry() { return Activation::registry(); }

/// Registers one of Keras' activation functions, see Registry::add.
template <class Arguments>
bool add_activation(const char* name, std::vector<std::string> aliases = {}, const ClassForm& form = {}) {
  return registry().add<Activation::Of<Arguments>>(name, std::move(aliases), form);
}

/// A function as a value: `relu(x)`, `relu(x, {.max_value = 6})`, `.activation = activations::relu`, and with arguments
/// `.activation = activations::relu.with({.max_value = 6})`, which Keras' own files have no form for.
template <class Arguments>
struct NamedFunction {
  Tensor operator()(const Tensor& x, const Arguments& arguments = {}) const { return arguments(x); }
  Shared<Activation> with(const Arguments& arguments) const {
    return std::make_shared<Activation::Of<Arguments>>(arguments);
  }
  operator Shared<Activation>() const { return with({}); }  // NOLINT: is an activation
};

}  // namespace cornu::keras::activations

#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/configured.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::activations {

using graph::Tensor;

/// An activation function with the name by which files know it.
class CORNU_EXPORT Activation : public Object {
 public:
  virtual Tensor operator()(const Tensor& x) const = 0;

  /// By Keras' names: "relu", "softmax", … Throws ValueError with the known names.
  static Shared<Activation> from_name(const std::string& name);
  static Registry<Activation>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  /// Any `Tensor(const Tensor&)`; saving a model with it throws, saying how to register it.
  static Shared<Activation> from_callable(std::function<Tensor(const Tensor&)> function);
};

inline Registry<Activation>& registry() { return Activation::registry(); }

/// One of Keras' activation functions with its arguments: what registry and files hold.
template <class Arguments>
class NamedActivation final : public Configured<Activation, Arguments> {
 public:
  using Configured<Activation, Arguments>::Configured;
  Tensor operator()(const Tensor& x) const override { return this->config_(x); }
};

/// Registers one of them, see Registry::add.
template <class Arguments>
bool add_activation(const char* name, std::vector<std::string> aliases = {}, const ClassForm& form = {}) {
  return registry().add<NamedActivation<Arguments>>(name, std::move(aliases), form);
}

/// A function as a value: `relu(x)`, `relu(x, {.max_value = 6})`, `.activation = activations::relu`, and with arguments
/// `.activation = activations::relu.with({.max_value = 6})`, which Keras' own files have no form for.
template <class Arguments>
struct NamedFunction {
  Tensor operator()(const Tensor& x, const Arguments& arguments = {}) const { return arguments(x); }
  Shared<Activation> with(const Arguments& arguments) const {
    return std::make_shared<NamedActivation<Arguments>>(arguments);
  }
  operator Shared<Activation>() const { return with({}); }  // NOLINT: is an activation
};

}  // namespace cornu::keras::activations

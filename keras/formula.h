#pragma once

#include <functional>
#include <string>
#include <utility>

#include "cornu/keras/configured.h"
#include "cornu/keras/registry.h"

namespace cornu::keras {

template <class Kind, class ConfigStruct, class Signature>
class FormulaOf;
template <class Kind, class Signature>
class Formula;

/// The base of a kind of objects that compute one thing and keep no state: `class Constraint : public
/// Formula<Constraint, Tensor(const Tensor&)>`. A class of one's own derives from the kind and gives the call operator;
/// a lambda is taken wherever an object of the kind is.
template <class Kind, class Result, class... A>
class Formula<Kind, Result(A...)> : public Object {
 public:
  virtual Result operator()(A... arguments) const = 0;

  /// The object of that Keras name, class name or alias. Throws ValueError with the known names.
  static Shared<Kind> from_name(const std::string& name);
  /// A function as an object; saving a model with it throws, saying how to register it.
  static Shared<Kind> from_callable(std::function<Result(A...)> function);
  const AnyRegistry* kind() const override;

  /// The object of this kind that a config with a call operator computes: `using MaxNorm =
  /// Constraint::Of<MaxNormConfig>`.
  template <class ConfigStruct>
  using Of = FormulaOf<Kind, ConfigStruct, Result(A...)>;
};

template <class Kind, class ConfigStruct, class Result, class... A>
class FormulaOf<Kind, ConfigStruct, Result(A...)> : public Configured<Kind, ConfigStruct> {
 public:
  using Configured<Kind, ConfigStruct>::Configured;
  Result operator()(A... arguments) const override { return this->config_(std::forward<A>(arguments)...); }
};

}  // namespace cornu::keras

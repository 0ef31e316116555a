#pragma once

#include <type_traits>

#include "cornu/keras/configured.h"
#include "cornu/keras/initializers/initializer.h"

namespace cornu::keras::initializers {

/// All 0.
class CORNU_EXPORT Zeros final : public Configured<Initializer, NoArguments> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// All 1.
class CORNU_EXPORT Ones final : public Configured<Initializer, NoArguments> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

struct ConstantConfig {
  double value = 0;
  void fields(ConfigVisitor& v) { v("value", value); }
};

/// All one value: `Constant(0.1)`, `Constant({.value = 0.1})`.
class CORNU_EXPORT Constant final : public Configured<Initializer, ConstantConfig> {
 public:
  Constant(ConstantConfig config = {}) : Configured(config) {}  // NOLINT: from a config
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit Constant(T value) : Configured(ConstantConfig{static_cast<double>(value)}) {}
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

struct IdentityConfig {
  double gain = 1;
  void fields(ConfigVisitor& v) { v("gain", gain); }
};

/// `gain` on the diagonal of a matrix, square or not. Throws ValueError for another rank than 2.
class CORNU_EXPORT Identity final : public Configured<Initializer, IdentityConfig> {
 public:
  Identity(IdentityConfig config = {}) : Configured(config) {}  // NOLINT: from a config
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

}  // namespace cornu::keras::initializers

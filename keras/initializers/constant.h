#pragma once

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
  using positional = Positions<&ConstantConfig::value>;
  void fields(ConfigVisitor& v);
};

/// All one value: `Constant(0.1)`, `Constant({.value = 0.1})`.
class CORNU_EXPORT Constant final : public Configured<Initializer, ConstantConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

struct IdentityConfig {
  double gain = 1;
  using positional = Positions<&IdentityConfig::gain>;
  void fields(ConfigVisitor& v);
};

/// `gain` on the diagonal of a matrix, square or not. Throws ValueError for another rank than 2.
class CORNU_EXPORT Identity final : public Configured<Initializer, IdentityConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

}  // namespace cornu::keras::initializers

#pragma once

#include "cornu/keras/initializers/initializer.h"

namespace cornu::keras::initializers {

struct ZerosConfig : NoArguments {
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// All 0.
using Zeros = Initializer::Of<ZerosConfig>;

struct OnesConfig : NoArguments {
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// All 1.
using Ones = Initializer::Of<OnesConfig>;

struct ConstantConfig {
  double value = 0;
  using positional = Positions<&ConstantConfig::value>;
  void fields(ConfigVisitor& v);
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// All one value: `Constant(0.1)`, `Constant({.value = 0.1})`.
using Constant = Initializer::Of<ConstantConfig>;

struct IdentityConfig {
  double gain = 1;
  using positional = Positions<&IdentityConfig::gain>;
  void fields(ConfigVisitor& v);
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// `gain` on the diagonal of a matrix, square or not. Throws ValueError for another rank than 2.
using Identity = Initializer::Of<IdentityConfig>;

}  // namespace cornu::keras::initializers

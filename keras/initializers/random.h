#pragma once

#include <cstdint>
#include <optional>

#include "cornu/keras/initializers/initializer.h"

namespace cornu::keras::initializers {

/// Arguments of the normal distributions. `seed`: the same numbers at each call; without it they come from the stream
/// of the layer.
template <Array (Generator::*distribution)(const Shape&, double mean, double stddev)>
struct NormalConfig {
  double mean = 0;
  double stddev = 0.05;
  std::optional<std::int64_t> seed = std::nullopt;
  using positional = Positions<&NormalConfig::mean, &NormalConfig::stddev>;
  void fields(ConfigVisitor& v);
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// Normally distributed.
using RandomNormal = Initializer::Of<NormalConfig<&Generator::normal>>;
/// Normally distributed, drawn again where further than two `stddev` from the mean.
using TruncatedNormal = Initializer::Of<NormalConfig<&Generator::truncated_normal>>;

struct RandomUniformConfig {
  double minval = -0.05;
  double maxval = 0.05;
  std::optional<std::int64_t> seed = std::nullopt;
  using positional = Positions<&RandomUniformConfig::minval, &RandomUniformConfig::maxval>;
  void fields(ConfigVisitor& v);
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// Uniform in [minval, maxval).
using RandomUniform = Initializer::Of<RandomUniformConfig>;

}  // namespace cornu::keras::initializers

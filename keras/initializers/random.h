#pragma once

#include <cstdint>
#include <optional>

#include "cornu/keras/configured.h"
#include "cornu/keras/initializers/initializer.h"

namespace cornu::keras::initializers {

/// `seed`: the same numbers at each call; without it they come from the stream of the layer.
struct NormalConfig {
  double mean = 0;
  double stddev = 0.05;
  std::optional<std::int64_t> seed = std::nullopt;
  using positional = Positions<&NormalConfig::mean, &NormalConfig::stddev>;
  void fields(ConfigVisitor& v);
};

/// Normally distributed.
class CORNU_EXPORT RandomNormal final : public Configured<Initializer, NormalConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// Normally distributed, drawn again where further than two `stddev` from the mean.
class CORNU_EXPORT TruncatedNormal final : public Configured<Initializer, NormalConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

struct UniformConfig {
  double minval = -0.05;
  double maxval = 0.05;
  std::optional<std::int64_t> seed = std::nullopt;
  using positional = Positions<&UniformConfig::minval, &UniformConfig::maxval>;
  void fields(ConfigVisitor& v);
};

/// Uniform in [minval, maxval).
class CORNU_EXPORT RandomUniform final : public Configured<Initializer, UniformConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

}  // namespace cornu::keras::initializers

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/keras/initializers/initializer.h"
#include "cornu/keras/literal.h"

namespace cornu::keras::initializers {

/// The number of inputs and outputs that a weight of that shape joins: of a matrix its two axes, of a convolution's
/// kernel (…, in, out) times the receptive field. With both lists of axes given, the products of those.
struct Fans {
  std::int64_t in = 1, out = 1;
};
Fans compute_fans(const Shape& shape, const std::optional<std::vector<int>>& input_axes = std::nullopt,
                  const std::optional<std::vector<int>>& output_axes = std::nullopt);

struct VarianceScalingConfig {
  double scale = 1;
  std::string mode = "fan_in";                    ///< "fan_in", "fan_out" or "fan_avg"
  std::string distribution = "truncated_normal";  ///< or "untruncated_normal", "uniform"
  std::optional<std::int64_t> seed = std::nullopt;
  std::optional<std::vector<int>> input_axes = std::nullopt;
  std::optional<std::vector<int>> output_axes = std::nullopt;
  void fields(ConfigVisitor& v);
  void check();
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// Numbers whose variance is scale / n, n being the fan that `mode` says. Throws ValueError for other modes and
/// distributions, and for a scale that is not positive.
using VarianceScaling = Initializer::Of<VarianceScalingConfig>;

/// VarianceScaling with the first three arguments given.
template <int kScale, Literal kMode, Literal kDistribution>
struct ScaledConfig {
  std::optional<std::int64_t> seed = std::nullopt;
  std::optional<std::vector<int>> input_axes = std::nullopt;
  std::optional<std::vector<int>> output_axes = std::nullopt;
  void fields(ConfigVisitor& v);
  Array operator()(const Shape& shape, Generator& rng) const;
};
/// Uniform in [-limit, limit), limit = sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio, 2010; Xavier).
using GlorotUniform = Initializer::Of<ScaledConfig<1, "fan_avg", "uniform">>;
/// Truncated normal, stddev = sqrt(2 / (fan_in + fan_out)).
using GlorotNormal = Initializer::Of<ScaledConfig<1, "fan_avg", "truncated_normal">>;
/// Uniform in [-limit, limit), limit = sqrt(6 / fan_in) (He et al., 2015).
using HeUniform = Initializer::Of<ScaledConfig<2, "fan_in", "uniform">>;
/// Truncated normal, stddev = sqrt(2 / fan_in).
using HeNormal = Initializer::Of<ScaledConfig<2, "fan_in", "truncated_normal">>;
/// Uniform in [-limit, limit), limit = sqrt(3 / fan_in) (LeCun et al., 1998).
using LecunUniform = Initializer::Of<ScaledConfig<1, "fan_in", "uniform">>;
/// Truncated normal, stddev = sqrt(1 / fan_in).
using LecunNormal = Initializer::Of<ScaledConfig<1, "fan_in", "truncated_normal">>;

}  // namespace cornu::keras::initializers

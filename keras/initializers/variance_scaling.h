#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/keras/configured.h"
#include "cornu/keras/initializers/initializer.h"

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
};

/// Numbers whose variance is scale / n, n being the fan that `mode` says. Throws ValueError for other modes and
/// distributions, and for a scale that is not positive.
class CORNU_EXPORT VarianceScaling final : public Configured<Initializer, VarianceScalingConfig> {
 public:
  VarianceScaling(VarianceScalingConfig config = {});  // NOLINT: from a config
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// Arguments of the scalings with names of their own.
struct FanConfig {
  std::optional<std::int64_t> seed = std::nullopt;
  std::optional<std::vector<int>> input_axes = std::nullopt;
  std::optional<std::vector<int>> output_axes = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// Uniform in [-limit, limit), limit = sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio, 2010; Xavier).
class CORNU_EXPORT GlorotUniform final : public Configured<Initializer, FanConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// Truncated normal, stddev = sqrt(2 / (fan_in + fan_out)).
class CORNU_EXPORT GlorotNormal final : public Configured<Initializer, FanConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// Uniform in [-limit, limit), limit = sqrt(6 / fan_in) (He et al., 2015).
class CORNU_EXPORT HeUniform final : public Configured<Initializer, FanConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// Truncated normal, stddev = sqrt(2 / fan_in).
class CORNU_EXPORT HeNormal final : public Configured<Initializer, FanConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// Uniform in [-limit, limit), limit = sqrt(3 / fan_in) (LeCun et al., 1998).
class CORNU_EXPORT LecunUniform final : public Configured<Initializer, FanConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

/// Truncated normal, stddev = sqrt(1 / fan_in).
class CORNU_EXPORT LecunNormal final : public Configured<Initializer, FanConfig> {
 public:
  using Configured::Configured;
  Array operator()(const Shape& shape, graph::random::Generator& rng) const override;
};

}  // namespace cornu::keras::initializers

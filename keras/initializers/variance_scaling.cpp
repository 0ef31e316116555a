#include "cornu/keras/initializers/variance_scaling.h"

#include <algorithm>
#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/initializers/internal/seeded.h"

namespace cornu::keras::initializers {

using graph::require;

Fans compute_fans(const Shape& shape, const std::optional<std::vector<int>>& input_axes,
                  const std::optional<std::vector<int>>& output_axes) {
  if (input_axes && output_axes) {
    Fans fans;
    for (const int axis : *input_axes) fans.in *= shape[shape.normalize(axis)];
    for (const int axis : *output_axes) fans.out *= shape[shape.normalize(axis)];
    return fans;
  }
  if (shape.rank() == 0) return {};
  if (shape.rank() == 1) return {shape[0], shape[0]};
  const std::int64_t field = shape.drop_back(2).elements();
  return {shape[shape.rank() - 2] * field, shape.back() * field};
}

void VarianceScalingConfig::check() {
  if (distribution == "normal") distribution = "truncated_normal";
  require<ValueError>(scale > 0, "initializer VarianceScaling: expected a positive scale, got ", scale);
  require<ValueError>(mode == "fan_in" || mode == "fan_out" || mode == "fan_avg",
                      "initializer VarianceScaling: expected mode 'fan_in', 'fan_out' or 'fan_avg', got '", mode, "'");
  require<ValueError>(
      distribution == "uniform" || distribution == "truncated_normal" || distribution == "untruncated_normal",
      "initializer VarianceScaling: expected distribution 'truncated_normal', 'untruncated_normal' or 'uniform', got '",
      distribution, "'");
}

Array VarianceScalingConfig::operator()(const Shape& shape, Generator& rng) const {
  const Fans fans = compute_fans(shape, input_axes, output_axes);
  const double in = static_cast<double>(fans.in), out = static_cast<double>(fans.out);
  const double n = mode == "fan_in" ? in : mode == "fan_out" ? out : (in + out) / 2;
  const double variance = scale / std::max(1.0, n);
  return internal::draw(seed, rng, [&](Generator& g) {
    if (distribution == "uniform") return g.uniform(shape, -std::sqrt(3 * variance), std::sqrt(3 * variance));
    if (distribution == "untruncated_normal") return g.normal(shape, 0, std::sqrt(variance));
    constexpr double kTruncatedStddev = 0.87962566103423978;  // of a standard normal variable cut at 2
    return g.truncated_normal(shape, 0, std::sqrt(variance) / kTruncatedStddev);
  });
}

namespace {

template <class Config>
void fan_fields(Config& c, ConfigVisitor& v) {
  v("seed", c.seed);
  v("input_axes", c.input_axes, {.since_keras3 = true});
  v("output_axes", c.output_axes, {.since_keras3 = true});
}

}  // namespace

void VarianceScalingConfig::fields(ConfigVisitor& v) {
  v("scale", scale);
  v("mode", mode);
  v("distribution", distribution);
  fan_fields(*this, v);
}

template <int kScale, Literal kMode, Literal kDistribution>
void ScaledConfig<kScale, kMode, kDistribution>::fields(ConfigVisitor& v) {
  fan_fields(*this, v);
}

template <int kScale, Literal kMode, Literal kDistribution>
Array ScaledConfig<kScale, kMode, kDistribution>::operator()(const Shape& shape, Generator& rng) const {
  return VarianceScalingConfig{kScale, kMode.text, kDistribution.text, seed, input_axes, output_axes}(shape, rng);
}

template struct ScaledConfig<1, "fan_avg", "uniform">;
template struct ScaledConfig<1, "fan_avg", "truncated_normal">;
template struct ScaledConfig<2, "fan_in", "uniform">;
template struct ScaledConfig<2, "fan_in", "truncated_normal">;
template struct ScaledConfig<1, "fan_in", "uniform">;
template struct ScaledConfig<1, "fan_in", "truncated_normal">;

namespace {

const bool variance_scaling_registered = registry().add<VarianceScaling>("VarianceScaling", {"variance_scaling"}) &&
                                         registry().add<GlorotUniform>("GlorotUniform", {"glorot_uniform"}) &&
                                         registry().add<GlorotNormal>("GlorotNormal", {"glorot_normal"}) &&
                                         registry().add<HeUniform>("HeUniform", {"he_uniform"}) &&
                                         registry().add<HeNormal>("HeNormal", {"he_normal"}) &&
                                         registry().add<LecunUniform>("LecunUniform", {"lecun_uniform"}) &&
                                         registry().add<LecunNormal>("LecunNormal", {"lecun_normal"});

}  // namespace
}  // namespace cornu::keras::initializers

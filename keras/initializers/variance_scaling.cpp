#include "cornu/keras/initializers/variance_scaling.h"

#include <algorithm>
#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/initializers/internal/seeded.h"

namespace cornu::keras::initializers {

using graph::require;
using graph::random::Generator;

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

VarianceScaling::VarianceScaling(VarianceScalingConfig config) : Configured(std::move(config)) {
  const std::string& mode = config_.mode;
  std::string& distribution = config_.distribution;
  if (distribution == "normal") distribution = "truncated_normal";
  require<ValueError>(config_.scale > 0, "initializer VarianceScaling: expected a positive scale, got ", config_.scale);
  require<ValueError>(mode == "fan_in" || mode == "fan_out" || mode == "fan_avg",
                      "initializer VarianceScaling: expected mode 'fan_in', 'fan_out' or 'fan_avg', got '", mode, "'");
  require<ValueError>(
      distribution == "uniform" || distribution == "truncated_normal" || distribution == "untruncated_normal",
      "initializer VarianceScaling: expected distribution 'truncated_normal', 'untruncated_normal' or 'uniform', got '",
      distribution, "'");
}

Array VarianceScaling::operator()(const Shape& shape, Generator& rng) const {
  const Fans fans = compute_fans(shape, config_.input_axes, config_.output_axes);
  const double in = static_cast<double>(fans.in), out = static_cast<double>(fans.out);
  const double n = config_.mode == "fan_in" ? in : config_.mode == "fan_out" ? out : (in + out) / 2;
  const double variance = config_.scale / std::max(1.0, n);
  return internal::draw(config_.seed, rng, [&](Generator& g) {
    if (config_.distribution == "uniform") return g.uniform(shape, -std::sqrt(3 * variance), std::sqrt(3 * variance));
    if (config_.distribution == "untruncated_normal") return g.normal(shape, 0, std::sqrt(variance));
    constexpr double kTruncatedStddev = 0.87962566103423978;  // of a standard normal variable cut at 2
    return g.truncated_normal(shape, 0, std::sqrt(variance) / kTruncatedStddev);
  });
}

namespace {

VarianceScaling scaling(double scale, const char* mode, const char* distribution, const FanConfig& c) {
  return VarianceScaling({scale, mode, distribution, c.seed, c.input_axes, c.output_axes});
}

}  // namespace

Array GlorotUniform::operator()(const Shape& shape, Generator& rng) const {
  return scaling(1, "fan_avg", "uniform", config_)(shape, rng);
}
Array GlorotNormal::operator()(const Shape& shape, Generator& rng) const {
  return scaling(1, "fan_avg", "truncated_normal", config_)(shape, rng);
}
Array HeUniform::operator()(const Shape& shape, Generator& rng) const {
  return scaling(2, "fan_in", "uniform", config_)(shape, rng);
}
Array HeNormal::operator()(const Shape& shape, Generator& rng) const {
  return scaling(2, "fan_in", "truncated_normal", config_)(shape, rng);
}
Array LecunUniform::operator()(const Shape& shape, Generator& rng) const {
  return scaling(1, "fan_in", "uniform", config_)(shape, rng);
}
Array LecunNormal::operator()(const Shape& shape, Generator& rng) const {
  return scaling(1, "fan_in", "truncated_normal", config_)(shape, rng);
}

void VarianceScalingConfig::fields(ConfigVisitor& v) {
  v("scale", scale);
  v("mode", mode);
  v("distribution", distribution);
  v("seed", seed);
  v("input_axes", input_axes, {.since_keras3 = true});
  v("output_axes", output_axes, {.since_keras3 = true});
}
void FanConfig::fields(ConfigVisitor& v) {
  v("seed", seed);
  v("input_axes", input_axes, {.since_keras3 = true});
  v("output_axes", output_axes, {.since_keras3 = true});
}

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

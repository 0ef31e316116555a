#include "cornu/keras/initializers/random.h"

#include "cornu/keras/initializers/internal/seeded.h"

namespace cornu::keras::initializers {

using graph::random::Generator;

Array RandomNormal::operator()(const Shape& shape, Generator& rng) const {
  return internal::draw(config_.seed, rng, [&](Generator& g) { return g.normal(shape, config_.mean, config_.stddev); });
}

Array TruncatedNormal::operator()(const Shape& shape, Generator& rng) const {
  return internal::draw(config_.seed, rng,
                        [&](Generator& g) { return g.truncated_normal(shape, config_.mean, config_.stddev); });
}

Array RandomUniform::operator()(const Shape& shape, Generator& rng) const {
  return internal::draw(config_.seed, rng,
                        [&](Generator& g) { return g.uniform(shape, config_.minval, config_.maxval); });
}

void NormalConfig::fields(ConfigVisitor& v) {
  v("mean", mean);
  v("stddev", stddev);
  v("seed", seed);
}
void UniformConfig::fields(ConfigVisitor& v) {
  v("minval", minval);
  v("maxval", maxval);
  v("seed", seed);
}

namespace {

const bool random_registered = registry().add<RandomNormal>("RandomNormal", {"random_normal", "normal"}) &&
                               registry().add<TruncatedNormal>("TruncatedNormal", {"truncated_normal"}) &&
                               registry().add<RandomUniform>("RandomUniform", {"random_uniform", "uniform"});

}  // namespace
}  // namespace cornu::keras::initializers

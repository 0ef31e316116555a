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

namespace {

const bool registered = registry().add<RandomNormal, NormalConfig>("RandomNormal", {"random_normal", "normal"}) &&
                        registry().add<TruncatedNormal, NormalConfig>("TruncatedNormal", {"truncated_normal"}) &&
                        registry().add<RandomUniform, UniformConfig>("RandomUniform", {"random_uniform", "uniform"});

}  // namespace
}  // namespace cornu::keras::initializers

#include "cornu/keras/initializers/random.h"

#include "cornu/keras/initializers/internal/seeded.h"

namespace cornu::keras::initializers {

template <Array (Generator::*distribution)(const Shape&, double, double)>
Array NormalConfig<distribution>::operator()(const Shape& shape, Generator& rng) const {
  return internal::draw(seed, rng, [&](Generator& g) { return (g.*distribution)(shape, mean, stddev); });
}
template <Array (Generator::*distribution)(const Shape&, double, double)>
void NormalConfig<distribution>::fields(ConfigVisitor& v) {
  v("mean", mean);
  v("stddev", stddev);
  v("seed", seed);
}
template struct NormalConfig<&Generator::normal>;
template struct NormalConfig<&Generator::truncated_normal>;

Array RandomUniformConfig::operator()(const Shape& shape, Generator& rng) const {
  return internal::draw(seed, rng, [&](Generator& g) { return g.uniform(shape, minval, maxval); });
}
void RandomUniformConfig::fields(ConfigVisitor& v) {
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

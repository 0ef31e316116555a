#include "cornu/keras/optimizers/nadam.h"

#include <cmath>

#include "cornu/keras/optimizers/legacy/nadam.h"
#include "cornu/keras/schedules/decay.h"
#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Nadam",
       R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, "weight_decay": 0.25, BASE})"},
      {"legacy optimizer", "Nadam",
       R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, LEGACY})"}};
});

/// With the product of the momenta multiplied up step by step, as Keras does.
auto rule(double decay) {
  return [decay, m = 0., v = 0., product = 1., w = 1.](double g, int t) mutable {
    const double now = 0.8 * (1 - 0.5 * std::pow(0.96, decay * t)),
                 next = 0.8 * (1 - 0.5 * std::pow(0.96, decay * (t + 1)));
    product *= now;
    m = 0.8 * m + 0.2 * g;
    v = 0.9 * v + 0.1 * g * g;
    const double mean = next * m / (1 - product * next) + (1 - now) * g / (1 - product);
    return w -= 0.1 * mean / (std::sqrt(v / (1 - std::pow(0.9, t))) + 0.01);
  };
}

TEST(Nadam, FollowsItsFormula) {
  expect_rule(Nadam({.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 0.01}), rule(1));
}

TEST(LegacyNadam, DecaysItsMomentaAndNotItsRate) {
  expect_rule(legacy::Nadam({.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 0.01}), rule(0.004));
  expect_rule(legacy::Nadam({.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 0.01, .decay = 0.5}),
              rule(0.5));
}

TEST(Nadam, FindsItsProductFromTheStep) {
  // Far enough for the end of the table, with a beta whose powers do not vanish before.
  tests::Descent d = tests::descent_from_one(Nadam({.learning_rate = 0.001, .beta_1 = 0.999}));
  double product = 1;
  for (int t = 1; t <= 600; ++t) {
    product *= 0.999 * (1 - 0.5 * std::pow(0.96, t));
    d.step({graph::Array{0.5f}});
    if (t != 1 && t != 200 && t != 512 && t != 513 && t != 600) continue;
    EXPECT_NEAR(d.optimizer->variables().back().value().item<float>() / product, 1, 1e-4) << t;
  }
  // A file of Keras 2 has momentum and velocity, but not the product.
  const Nadam restored({.learning_rate = 0.001, .beta_1 = 0.999});
  tests::Descent other(restored, {graph::Variable(d.variables[0].value(), "w")});
  restored->build(other.variables);
  restored->set_iterations(600);
  for (std::size_t i : {2, 3}) restored->variables()[i].assign(d.optimizer->variables()[i].value());
  d.step({graph::Array{1.f}}), other.step({graph::Array{1.f}});
  EXPECT_EQ(d.value(), other.value());
}

TEST(Nadam, KeepsItsSlotsInEveryKerasOrder) {
  EXPECT_THAT(weight_names(Nadam(), two_variables()),
              ElementsAre("nadam/iteration", "nadam/learning_rate", "nadam/d_a_momentum", "nadam/d_a_velocity",
                          "nadam/d_b_momentum", "nadam/d_b_velocity", "nadam/u_product"));
  EXPECT_THAT(slot_names(Nadam(), two_variables()), ElementsAre("m/d/a", "v/d/a", "m/d/b", "v/d/b"));
  EXPECT_THAT(
      weight_names(legacy::Nadam(), two_variables()),
      ElementsAre("Nadam/iter", "Nadam/momentum_cache", "Nadam/d/a/m", "Nadam/d/b/m", "Nadam/d/a/v", "Nadam/d/b/v"));
  EXPECT_EQ(slot_names(legacy::Nadam(), two_variables()).front(), "momentum_cache");
}

TEST(Nadam, RefusesArguments) {
  EXPECT_THAT([] { Nadam({.beta_1 = 1}); }, refuses("[nadam] `beta_1` must be in [0, 1), got 1"));
  EXPECT_THAT([] { Nadam({.epsilon = -1}); }, refuses("[nadam] `epsilon`"));
  EXPECT_THAT([] { legacy::Nadam({.decay = -1}); }, refuses("[Nadam] `decay`"));
  EXPECT_THAT([] { legacy::Nadam(schedules::ExponentialDecay(0.1, 2, 0.5)); },
              refuses("[Nadam] takes no schedule as its learning rate, as in Keras 2"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

#include "cornu/keras/optimizers/ftrl.h"

#include <cmath>

#include "cornu/keras/optimizers/legacy/ftrl.h"
#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Ftrl",
       R"({"learning_rate": 0.5, "learning_rate_power": -0.25, "initial_accumulator_value": 0.25,
           "l1_regularization_strength": 0.0625, "l2_regularization_strength": 0.5,
           "l2_shrinkage_regularization_strength": 0.125, "beta": 0.75, "weight_decay": 0.25, BASE})"},
      {"legacy optimizer", "Ftrl",
       R"({"learning_rate": 0.5, "learning_rate_power": -0.25, "initial_accumulator_value": 0.25,
           "l1_regularization_strength": 0.0625, "l2_regularization_strength": 0.5,
           "l2_shrinkage_regularization_strength": 0.125, "beta": 0.75, LEGACY})"}};
});

auto rule(double power, double decay = 0) {
  return [power, decay, a = 0.2, z = 0., w = 1.](double g, int t) mutable {
    const double rate = 0.3 / (1 + decay * (t - 1)), before = std::pow(a, power);
    a += g * g;
    const double after = std::pow(a, power);
    z += g + 2 * 0.05 * w - (after - before) / rate * w;
    const double l1 = std::max(-0.1, std::min(0.1, z));
    return w = (l1 - z) / (after / rate + 2 * (0.02 + 0.5 / (2 * rate)));
  };
}

FtrlConfig config(double power) {
  return {.learning_rate = 0.3,
          .learning_rate_power = -power,
          .initial_accumulator_value = 0.2,
          .l1_regularization_strength = 0.1,
          .l2_regularization_strength = 0.02,
          .l2_shrinkage_regularization_strength = 0.05,
          .beta = 0.5};
}

TEST(Ftrl, FollowsItsFormula) {
  expect_rule(Ftrl(config(0.5)), rule(0.5));
  expect_rule(Ftrl(config(0.25)), rule(0.25));
  expect_rule(Ftrl(config(0)), rule(0));
  expect_rule(legacy::Ftrl({.learning_rate = 0.3,
                            .initial_accumulator_value = 0.2,
                            .l1_regularization_strength = 0.1,
                            .l2_regularization_strength = 0.02,
                            .l2_shrinkage_regularization_strength = 0.05,
                            .beta = 0.5,
                            .decay = 0.5}),
              rule(0.5, 0.5));
}

TEST(Ftrl, MakesWeightsZero) {
  tests::Descent d = tests::descent_from_one(Ftrl({.learning_rate = 0.1, .l1_regularization_strength = 10}));
  EXPECT_THAT(d.values({1.f, -1.f}), ElementsAre(0.f, 0.f)) << "to the bit";
}

TEST(Ftrl, KeepsItsSlotsInEveryKerasOrder) {
  EXPECT_THAT(weight_names(Ftrl(), two_variables()),
              ElementsAre("ftrl/iteration", "ftrl/learning_rate", "ftrl/d_a_accumulator", "ftrl/d_a_linear",
                          "ftrl/d_b_accumulator", "ftrl/d_b_linear"));
  EXPECT_THAT(slot_names(Ftrl(), two_variables()),
              ElementsAre("accumulator/d/a", "linear/d/a", "accumulator/d/b", "linear/d/b"));
  EXPECT_THAT(
      weight_names(legacy::Ftrl(), two_variables()),
      ElementsAre("Ftrl/iter", "Ftrl/d/a/accumulator", "Ftrl/d/a/linear", "Ftrl/d/b/accumulator", "Ftrl/d/b/linear"));
}

TEST(Ftrl, RefusesArguments) {
  EXPECT_THAT([] { Ftrl({.learning_rate_power = 0.5}); },
              refuses("[ftrl] `learning_rate_power` must be a finite number <= 0, got 0.5"));
  EXPECT_THAT([] { Ftrl({.initial_accumulator_value = -1}); }, refuses("[ftrl] `initial_accumulator_value`"));
  EXPECT_THAT([] { Ftrl({.l1_regularization_strength = -1}); }, refuses("[ftrl] `l1_regularization_strength`"));
  EXPECT_THAT([] { Ftrl({.l2_regularization_strength = -1}); }, refuses("[ftrl] `l2_regularization_strength`"));
  EXPECT_THAT([] { Ftrl({.l2_shrinkage_regularization_strength = -1}); },
              refuses("[ftrl] `l2_shrinkage_regularization_strength`"));
  EXPECT_THAT([] { Ftrl({.beta = std::nan("")}); }, refuses("[ftrl] `beta`"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

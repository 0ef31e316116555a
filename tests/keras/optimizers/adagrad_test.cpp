#include "cornu/keras/optimizers/adagrad.h"

#include <cmath>

#include "cornu/keras/optimizers/legacy/adagrad.h"
#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Adagrad",
       R"({"learning_rate": 0.5, "initial_accumulator_value": 0.25, "epsilon": 0.125, "weight_decay": 0.25, BASE})"},
      {"legacy optimizer", "Adagrad",
       R"({"learning_rate": 0.5, "initial_accumulator_value": 0.25, "epsilon": 0.125, LEGACY})"}};
});

TEST(Adagrad, FollowsItsFormula) {
  expect_rule(Adagrad({.learning_rate = 0.1, .initial_accumulator_value = 0.5, .epsilon = 0.01}),
              [a = 0.5, w = 1.](double g, int) mutable {
                a += g * g;
                return w -= 0.1 * g / std::sqrt(a + 0.01);
              });
}

TEST(LegacyAdagrad, HasEpsilonOutsideOfTheRoot) {
  expect_rule(legacy::Adagrad({.learning_rate = 0.1, .epsilon = 0.01, .decay = 0.5}),
              [a = 0.1, w = 1.](double g, int t) mutable {
                a += g * g;
                return w -= 0.1 / (1 + 0.5 * (t - 1)) * g / (std::sqrt(a) + 0.01);
              });
}

TEST(Adagrad, KeepsItsSlotsInEveryKerasOrder) {
  const Adagrad adagrad;
  EXPECT_FLOAT_EQ(adagrad->learning_rate, 0.001f);
  EXPECT_THAT(
      weight_names(adagrad, two_variables()),
      ElementsAre("adagrad/iteration", "adagrad/learning_rate", "adagrad/d_a_accumulator", "adagrad/d_b_accumulator"));
  EXPECT_FLOAT_EQ(adagrad->variables()[2].value().item<float>(), 0.1f);
  EXPECT_THAT(slot_names(Adagrad(), two_variables()), ElementsAre("accumulator/d/a", "accumulator/d/b"));
  EXPECT_THAT(weight_names(legacy::Adagrad(), two_variables()),
              ElementsAre("Adagrad/iter", "Adagrad/d/a/accumulator", "Adagrad/d/b/accumulator"));
}

TEST(Adagrad, RefusesArguments) {
  EXPECT_THAT([] { Adagrad({.initial_accumulator_value = -1}); },
              refuses("[adagrad] `initial_accumulator_value` must be a finite number >= 0, got -1"));
  EXPECT_THAT([] { Adagrad({.epsilon = std::nan("")}); }, refuses("[adagrad] `epsilon`"));
  EXPECT_THAT([] { legacy::Adagrad({.initial_accumulator_value = -1}); },
              refuses("[Adagrad] `initial_accumulator_value`"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

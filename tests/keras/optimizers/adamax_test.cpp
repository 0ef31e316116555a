#include "cornu/keras/optimizers/adamax.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/keras/optimizers/legacy/adamax.h"
#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Adamax",
       R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, "weight_decay": 0.25, BASE})"},
      {"legacy optimizer", "Adamax",
       R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, LEGACY})"}};
});

TEST(Adamax, FollowsItsFormula) {
  const auto rule = [](double decay) {
    return [decay, m = 0., u = 0., w = 1.](double g, int t) mutable {
      m = 0.8 * m + 0.2 * g;
      u = std::max(0.9 * u, std::abs(g));
      return w -= 0.1 / (1 + decay * (t - 1)) / (1 - std::pow(0.8, t)) * m / (u + 0.01);
    };
  };
  expect_rule(Adamax({.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 0.01}), rule(0));
  expect_rule(legacy::Adamax({.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 0.01, .decay = 0.5}),
              rule(0.5));
}

TEST(Adamax, HasKerasDefaults) {
  const Adamax adamax;
  EXPECT_FLOAT_EQ(adamax->learning_rate, 0.001f);
  EXPECT_EQ(adamax->config().beta_2, 0.999);
  EXPECT_EQ(adamax->name(), "adamax");
  EXPECT_EQ(Optimizer::from_name("adamax")->class_name(), "Adamax");
  EXPECT_EQ(legacy::Adamax({.epsilon = 0})->config().epsilon, 1e-7) << "as in Keras 2";
}

TEST(Adamax, KeepsItsSlotsInEveryKerasOrder) {
  EXPECT_THAT(weight_names(Adamax(), two_variables()),
              ElementsAre("adamax/iteration", "adamax/learning_rate", "adamax/d_a_momentum", "adamax/d_a_norm",
                          "adamax/d_b_momentum", "adamax/d_b_norm"));
  EXPECT_THAT(slot_names(Adamax(), two_variables()), ElementsAre("m/d/a", "u/d/a", "m/d/b", "u/d/b"));
  EXPECT_THAT(weight_names(legacy::Adamax(), two_variables()),
              ElementsAre("Adamax/iter", "Adamax/d/a/m", "Adamax/d/b/m", "Adamax/d/a/v", "Adamax/d/b/v"));
}

TEST(Adamax, RefusesArguments) {
  EXPECT_THAT([] { Adamax({.beta_1 = 1}); }, refuses("[adamax] `beta_1` must be in [0, 1), got 1"));
  EXPECT_THAT([] { Adamax({.beta_2 = -0.5}); }, refuses("[adamax] `beta_2`"));
  EXPECT_THAT([] { Adamax({.epsilon = -1}); }, refuses("[adamax] `epsilon` must be a finite number >= 0, got -1"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

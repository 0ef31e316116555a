#include "cornu/keras/optimizers/lion.h"

#include <cmath>

#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Lion", R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "weight_decay": 0.25, BASE})"}};
});

TEST(Lion, FollowsItsFormula) {
  expect_rule(Lion({.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9}), [m = 0., w = 1.](double g, int) mutable {
    const double mixed = 0.8 * m + 0.2 * g;
    m = 0.9 * m + 0.1 * g;
    return w -= 0.1 * (mixed > 0 ? 1 : mixed < 0 ? -1 : 0);
  });
  tests::Descent still = tests::descent_from_one(Lion({.learning_rate = 0.1}));
  EXPECT_THAT(still.values({0.f}), ElementsAre(1.f)) << "the sign of 0 is 0";
}

TEST(Lion, KeepsItsSlotsInEveryKerasOrder) {
  EXPECT_THAT(weight_names(Lion(), two_variables()),
              ElementsAre("lion/iteration", "lion/learning_rate", "lion/d_a_momentum", "lion/d_b_momentum"));
  EXPECT_FLOAT_EQ(Lion()->learning_rate, 0.001f);
  EXPECT_THAT(slot_names(Lion(), two_variables()), ElementsAre("m/d/a", "m/d/b"));
}

TEST(Lion, RefusesArguments) {
  EXPECT_THAT([] { Lion({.beta_1 = 0}); }, refuses("[lion] `beta_1` must be in (0, 1], got 0"));
  EXPECT_THAT([] { Lion({.beta_2 = 1.5}); }, refuses("[lion] `beta_2` must be in [0, 1], got 1.5"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

#include "cornu/keras/optimizers/adadelta.h"

#include <cmath>

#include "cornu/keras/optimizers/legacy/adadelta.h"
#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Adadelta", R"({"learning_rate": 0.5, "rho": 0.5, "epsilon": 0.125, "weight_decay": 0.25, BASE})"},
      {"legacy optimizer", "Adadelta", R"({"learning_rate": 0.5, "rho": 0.5, "epsilon": 0.125, LEGACY})"}};
});

TEST(Adadelta, FollowsItsFormula) {
  const auto rule = [](double decay) {
    return [decay, a = 0., d = 0., w = 1.](double g, int t) mutable {
      a = 0.9 * a + 0.1 * g * g;
      const double step = g * std::sqrt(d + 0.01) / std::sqrt(a + 0.01);
      d = 0.9 * d + 0.1 * step * step;
      return w -= 0.5 / (1 + decay * (t - 1)) * step;
    };
  };
  expect_rule(Adadelta({.learning_rate = 0.5, .rho = 0.9, .epsilon = 0.01}), rule(0));
  expect_rule(legacy::Adadelta({.learning_rate = 0.5, .rho = 0.9, .epsilon = 0.01, .decay = 0.5}), rule(0.5));
}

TEST(Adadelta, KeepsItsSlotsInEveryKerasOrder) {
  EXPECT_THAT(weight_names(Adadelta(), two_variables()),
              ElementsAre("adadelta/iteration", "adadelta/learning_rate", "adadelta/d_a_accumulated_grad",
                          "adadelta/d_a_accumulated_delta_var", "adadelta/d_b_accumulated_grad",
                          "adadelta/d_b_accumulated_delta_var"));
  EXPECT_THAT(slot_names(Adadelta(), two_variables()),
              ElementsAre("accumulated_grad/d/a", "accumulated_delta_var/d/a", "accumulated_grad/d/b",
                          "accumulated_delta_var/d/b"));
  EXPECT_THAT(weight_names(legacy::Adadelta(), two_variables()),
              ElementsAre("Adadelta/iter", "Adadelta/d/a/accum_grad", "Adadelta/d/b/accum_grad",
                          "Adadelta/d/a/accum_var", "Adadelta/d/b/accum_var"));
}

TEST(Adadelta, RefusesArguments) {
  EXPECT_THAT([] { Adadelta({.rho = 1.5}); }, refuses("[adadelta] `rho` must be in [0, 1], got 1.5"));
  EXPECT_THAT([] { Adadelta({.epsilon = -1}); }, refuses("[adadelta] `epsilon`"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

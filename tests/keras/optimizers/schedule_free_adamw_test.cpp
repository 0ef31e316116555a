#include "cornu/keras/optimizers/schedule_free_adamw.h"

#include <cmath>

#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "optimizer",
       .class_name = "ScheduleFreeAdamW",
       .config = R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, "warmup_steps": 2,
                     "weight_decay": 0.25, BASE})",
       .in_keras2 = false}};
});

TEST(ScheduleFreeAdamW, FollowsItsFormula) {
  for (const int warmup : {0, 4})
    expect_rule(ScheduleFreeAdamW(
                    {.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 0.01, .warmup_steps = warmup}),
                [warmup, v = 0., z = 1., x = 1.](double g, int t) mutable {
                  const double rate = warmup == 0 ? 0.1 : 0.1 * std::min(1., t / 4.);
                  v = 0.9 * v + 0.1 * g * g;
                  z -= rate * g / (std::sqrt(v / (1 - std::pow(0.9, t))) + 0.01);
                  x += (z - x) / t;
                  return 0.2 * z + 0.8 * x;
                });
}

TEST(ScheduleFreeAdamW, ItsMomentumBeginsAsTheVariable) {
  const ScheduleFreeAdamW optimizer;
  EXPECT_THAT(weight_names(optimizer, {Variable(graph::Array{3.f}, "w")}),
              ElementsAre("schedule_free_adam_w/iteration", "schedule_free_adam_w/learning_rate",
                          "schedule_free_adam_w/w_momentum", "schedule_free_adam_w/w_velocity"));
  EXPECT_FLOAT_EQ(optimizer->learning_rate, 0.0025f);
  EXPECT_EQ(optimizer->variables()[2].value().item<float>(), 3.f);
}

TEST(ScheduleFreeAdamW, RefusesArguments) {
  EXPECT_THAT([] { ScheduleFreeAdamW({.beta_1 = 0}); },
              refuses("[schedule_free_adam_w] `beta_1` must be in (0, 1], got 0"));
  EXPECT_THAT([] { ScheduleFreeAdamW({.beta_2 = 1}); }, refuses("`beta_2` must be in [0, 1), got 1"));
  EXPECT_THAT([] { ScheduleFreeAdamW({.epsilon = -1}); }, refuses("`epsilon`"));
  EXPECT_THAT([] { ScheduleFreeAdamW({.warmup_steps = -1}); }, refuses("`warmup_steps`"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "cornu/keras/optimizers/learning_rate.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/schedules/cosine.h"
#include "cornu/keras/schedules/decay.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::schedules {
namespace {

using graph::Array;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"learning rate schedule", "ExponentialDecay",
       R"({"initial_learning_rate": 0.5, "decay_steps": 3, "decay_rate": 0.25, "staircase": true, "name": "n"})"},
      {"learning rate schedule", "InverseTimeDecay",
       R"({"initial_learning_rate": 0.5, "decay_steps": 3, "decay_rate": 0.25, "staircase": true, "name": "n"})"},
      {"learning rate schedule", "PolynomialDecay",
       R"({"initial_learning_rate": 0.5, "decay_steps": 3, "end_learning_rate": 0.25, "power": 2.0, "cycle": true, "name": "n"})"},
      {"learning rate schedule", "PiecewiseConstantDecay",
       R"({"boundaries": [3], "values": [0.5, 0.25], "name": "n"})"},
      {"learning rate schedule", "CosineDecay",
       R"({"initial_learning_rate": 0.5, "decay_steps": 3, "alpha": 0.25, "name": "n", "warmup_target": 0.75, "warmup_steps": 2})"},
      {"learning rate schedule", "CosineDecayRestarts",
       R"({"initial_learning_rate": 0.5, "first_decay_steps": 3, "t_mul": 3.0, "m_mul": 0.5, "alpha": 0.25, "name": "n"})"},
  };
});

/// Rates of steps that follow `want`: step -> rate.
void expect_rates(const LearningRateSchedule& schedule, const std::vector<std::pair<double, double>>& want) {
  for (const auto& [step, rate] : want)
    EXPECT_NEAR(tests::evaluate(schedule(Array::scalar(static_cast<float>(step)))).item<float>(), rate,
                2e-6 * std::abs(rate) + 1e-9)
        << "step " << step;
}

TEST(ExponentialDecay, Decays) {
  expect_rates(ExponentialDecay({.initial_learning_rate = 0.1, .decay_steps = 10, .decay_rate = 0.9}),
               {{0, 0.1}, {5, 0.1 * std::sqrt(0.9)}, {10, 0.09}, {25, 0.1 * std::pow(0.9, 2.5)}});
  expect_rates(
      ExponentialDecay({.initial_learning_rate = 0.1, .decay_steps = 10, .decay_rate = 0.5, .staircase = true}),
      {{9, 0.1}, {10, 0.05}, {19, 0.05}, {20, 0.025}});
}

TEST(InverseTimeDecay, Decays) {
  expect_rates(InverseTimeDecay({.initial_learning_rate = 0.1, .decay_steps = 1, .decay_rate = 0.5}),
               {{0, 0.1}, {1, 0.1 / 1.5}, {4, 0.1 / 3}});
  expect_rates(InverseTimeDecay({.initial_learning_rate = 0.1, .decay_steps = 7, .decay_rate = 0.5, .staircase = true}),
               {{6, 0.1}, {7, 0.1 / 1.5}});
}

TEST(PolynomialDecay, DecaysOnceOrInCycles) {
  const PolynomialDecay once({.initial_learning_rate = 0.1, .decay_steps = 10, .end_learning_rate = 0.01});
  expect_rates(once, {{0, 0.1}, {5, 0.055}, {10, 0.01}, {20, 0.01}});
  const PolynomialDecay cycles(
      {.initial_learning_rate = 0.1, .decay_steps = 10, .end_learning_rate = 0.01, .power = 2, .cycle = true});
  expect_rates(cycles, {{0, 0.1}, {5, 0.01 + 0.09 * 0.25}, {10, 0.01}, {15, 0.01 + 0.09 / 16}, {20, 0.01}});
}

TEST(PiecewiseConstantDecay, AStepAtABoundaryIsBeforeIt) {
  const PiecewiseConstantDecay schedule({.boundaries = {10, 25}, .values = {0.1, 0.05, 0.01}});
  expect_rates(schedule, {{0, 0.1}, {10, 0.1}, {11, 0.05}, {25, 0.05}, {26, 0.01}});
}

TEST(CosineDecay, FallsAfterItsWarmUp) {
  expect_rates(CosineDecay({.initial_learning_rate = 0.1, .decay_steps = 40, .alpha = 0.2}),
               {{0, 0.1}, {20, 0.06}, {40, 0.02}, {90, 0.02}});
  const CosineDecay warm({.initial_learning_rate = 0.01, .decay_steps = 30, .warmup_target = 0.2, .warmup_steps = 10});
  expect_rates(warm, {{0, 0.01}, {5, 0.105}, {10, 0.2}, {25, 0.1}, {40, 0}});
  expect_rates(CosineDecay({.initial_learning_rate = 0.01, .decay_steps = 30, .warmup_target = 0.2}),
               {{0, 0.2}, {15, 0.1}});
}

TEST(CosineDecayRestarts, StartsAgain) {
  const CosineDecayRestarts doubling({.initial_learning_rate = 0.1, .first_decay_steps = 10, .m_mul = 0.5});
  expect_rates(doubling, {{0, 0.1}, {5, 0.05}, {10, 0.05}, {20, 0.025}, {30, 0.025}});
  const CosineDecayRestarts even({.initial_learning_rate = 0.1, .first_decay_steps = 10, .t_mul = 1, .alpha = 0.1});
  expect_rates(even, {{0, 0.1}, {5, 0.055}, {10, 0.1}, {15, 0.055}});
}

TEST(Schedules, NeedTheirArguments) {
  EXPECT_THAT([] { ExponentialDecay({.decay_steps = 1, .decay_rate = 1}); },
              ThrowsMessage<ValueError>(HasSubstr("[ExponentialDecay] needs `initial_learning_rate`")));
  EXPECT_THAT([] { InverseTimeDecay({.initial_learning_rate = 1, .decay_rate = 1}); },
              ThrowsMessage<ValueError>(HasSubstr("[InverseTimeDecay] `decay_steps` must be > 0, got 0")));
  EXPECT_THAT([] { PolynomialDecay({.initial_learning_rate = 1, .decay_steps = -3}); },
              ThrowsMessage<ValueError>(HasSubstr("got -3")));
  EXPECT_THAT([] { PiecewiseConstantDecay({.boundaries = {1}, .values = {1}}); },
              ThrowsMessage<ValueError>(AllOf(HasSubstr("1 boundaries"), HasSubstr("1 values"))));
  EXPECT_THAT(
      [] {
        PiecewiseConstantDecay({.boundaries = {5, 1}, .values = {1, 2, 3}});
      },
      ThrowsMessage<ValueError>(HasSubstr("ascending")));
  EXPECT_THAT([] { CosineDecay({.initial_learning_rate = 1, .decay_steps = 1, .warmup_steps = -1}); },
              ThrowsMessage<ValueError>(HasSubstr("`warmup_steps`")));
  EXPECT_THAT([] { CosineDecayRestarts({.initial_learning_rate = 1, .first_decay_steps = 1, .t_mul = 0}); },
              ThrowsMessage<ValueError>(HasSubstr("`t_mul`")));
  EXPECT_THAT(
      [] { LearningRateSchedule::from_name("Warmup"); },
      ThrowsMessage<ValueError>(AllOf(HasSubstr("unknown learning rate schedule 'Warmup'"), HasSubstr("CosineDecay"))));
}

TEST(LearningRate, IsANumberOrASchedule) {
  const LearningRate number = 0.5,
                     schedule = InverseTimeDecay({.initial_learning_rate = 1, .decay_steps = 1, .decay_rate = 1});
  EXPECT_EQ(number.value(), 0.5);
  EXPECT_FALSE(number.schedule());
  EXPECT_EQ(schedule.schedule()->class_name(), "InverseTimeDecay");
}

TEST(LearningRate, IsMadeOfKeras2sArguments) {
  EXPECT_EQ(learning_rate_of("SGD", {}, {}, 0.25).value(), 0.25);
  EXPECT_EQ(learning_rate_of("SGD", 0.5, {}, 0.25).value(), 0.5);
  EXPECT_EQ(learning_rate_of("SGD", {}, 0.5, 0.25).value(), 0.5);
  expect_rates(*learning_rate_of("SGD", {}, 0.5, 0.25, 0.1).schedule(), {{0, 0.5}, {10, 0.25}});
  EXPECT_THAT([] { learning_rate_of("SGD", 0.5, 0.5, 0.25); },
              ThrowsMessage<ValueError>(HasSubstr("[SGD] got both `learning_rate` and `lr`")));
  EXPECT_THAT([] { learning_rate_of("SGD", {}, -0.5, 0.25); },
              ThrowsMessage<ValueError>(HasSubstr("the learning rate must be a finite number >= 0, got -0.5")));
  EXPECT_THAT([] { learning_rate_of("SGD", std::nan(""), {}, 0.25); }, ThrowsMessage<ValueError>(HasSubstr("got nan")));
  EXPECT_THAT([] { learning_rate_of("SGD", {}, {}, 0.25, -1); },
              ThrowsMessage<ValueError>(HasSubstr("`decay` must be a finite number >= 0, got -1")));
  const LearningRate schedule = InverseTimeDecay({.initial_learning_rate = 1, .decay_steps = 1, .decay_rate = 1});
  EXPECT_THAT([&] { learning_rate_of("SGD", schedule, {}, 0.25, 0.1); },
              ThrowsMessage<ValueError>(HasSubstr("it is a schedule already")));
}

struct Halving : LearningRateSchedule {
  Tensor operator()(const Tensor& step) const override {
    return ExponentialDecay({.initial_learning_rate = 8, .decay_steps = 1, .decay_rate = 0.5})(step);
  }
};

TEST(LearningRate, TakesAScheduleOfOnesOwn) {
  const LearningRate rate = Halving();
  expect_rates(*rate.schedule(), {{0, 8}, {3, 1}});
}

TEST(Schedules, TakeTheirFirstArgumentsByPosition) {
  EXPECT_TRUE(same_config(ExponentialDecay(0.1, 2, 0.5),
                          ExponentialDecay({.initial_learning_rate = 0.1, .decay_steps = 2, .decay_rate = 0.5})));
  EXPECT_TRUE(same_config(
      ExponentialDecay(1, 2, 0.5, {.staircase = true}),
      ExponentialDecay({.initial_learning_rate = 1, .decay_steps = 2, .decay_rate = 0.5, .staircase = true})));
  EXPECT_TRUE(same_config(InverseTimeDecay(0.1, 2, 0.5),
                          InverseTimeDecay({.initial_learning_rate = 0.1, .decay_steps = 2, .decay_rate = 0.5})));
  EXPECT_TRUE(same_config(PolynomialDecay(0.1, 2), PolynomialDecay({.initial_learning_rate = 0.1, .decay_steps = 2})));
  EXPECT_TRUE(same_config(
      PolynomialDecay(0.1, 2, 0.01, {.power = 2}),
      PolynomialDecay({.initial_learning_rate = 0.1, .decay_steps = 2, .end_learning_rate = 0.01, .power = 2})));
  EXPECT_TRUE(same_config(CosineDecay(0.1, 2), CosineDecay({.initial_learning_rate = 0.1, .decay_steps = 2})));
  EXPECT_TRUE(same_config(CosineDecayRestarts(0.1, 2),
                          CosineDecayRestarts({.initial_learning_rate = 0.1, .first_decay_steps = 2})));
  EXPECT_TRUE(same_config(PiecewiseConstantDecay({1, 2}, {1.0, 0.5, 0.25}),
                          PiecewiseConstantDecay({.boundaries = {1, 2}, .values = {1, 0.5, 0.25}})));
  EXPECT_FALSE((Positional<ExponentialDecay::Config, double, double>)) << "decay_steps is a whole number";
}

}  // namespace
}  // namespace cornu::keras::schedules

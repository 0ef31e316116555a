#include "cornu/keras/callbacks/learning_rate_scheduler.h"

#include <gtest/gtest.h>

#include <iostream>

#include "tests/keras/callbacks/small_model.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::CapturedStream;
using tests::Driven;
using tests::small_model;

TEST(LearningRateScheduler, TakesFunctionsOfTheEpochAndOfTheRate) {
  Driven by_epoch(LearningRateScheduler([](int epoch) { return 1.0 / (epoch + 1); }));
  for (int epoch = 0; epoch < 3; ++epoch) {
    by_epoch->on_epoch_begin(epoch, {});
    EXPECT_FLOAT_EQ(static_cast<float>(by_epoch.model().optimizer()->learning_rate()),
                    1.0f / static_cast<float>(epoch + 1));
  }
  Driven by_rate(LearningRateScheduler({.schedule = [](int epoch, double lr) { return epoch < 1 ? lr : lr / 2; }}),
                 small_model({}, 1));
  std::vector<double> logged;
  for (int epoch = 0; epoch < 3; ++epoch) {
    by_rate->on_epoch_begin(epoch, {});
    logged.push_back(by_rate.end_epoch(epoch, {{"loss", 1}})["learning_rate"]);
  }
  EXPECT_EQ(logged, (std::vector<double>{1, 0.5, 0.25}));
}

TEST(LearningRateScheduler, TakesAPlainFunctionAndOneWithState) {
  struct Table {
    std::vector<double> rates;
    double operator()(int epoch) { return rates[static_cast<std::size_t>(epoch)]; }
  };
  Driven table(LearningRateScheduler({.schedule = Table{{0.5, 0.25}}}));
  table->on_epoch_begin(1, {});
  EXPECT_EQ(table.model().optimizer()->learning_rate(), 0.25);
  double (*function)(int, double) = [](int, double lr) { return lr * 2; };
  Driven doubled(LearningRateScheduler(function), small_model({}, 1));
  doubled->on_epoch_begin(0, {});
  EXPECT_EQ(doubled.model().optimizer()->learning_rate(), 2);
}

TEST(LearningRateScheduler, SaysWhatItDoes) {
  const CapturedStream out(std::cout);
  Driven silent(LearningRateScheduler([](int) { return 0.5; }));
  silent->on_epoch_begin(0, {});
  EXPECT_EQ(out.text(), "");
  Driven callback(LearningRateScheduler([](int) { return 0.001; }, 1));
  callback->on_epoch_begin(4, {});
  EXPECT_EQ(out.text(), "\nEpoch 5: LearningRateScheduler setting learning rate to 0.001.\n");
}

TEST(LearningRateScheduler, NeedsAFunction) {
  EXPECT_THROW(LearningRateScheduler(LearningRateSchedulerConfig{}), ValueError);
}

TEST(LearningRateScheduler, IsInTheHistory) {
  auto model = small_model();
  const Array x = Array{0.f, 1.f}.reshape({2, 1});
  const History history =
      model.fit(x, x, {.epochs = 2, .verbose = 0, .callbacks = {LearningRateScheduler([](int epoch) {
                                                    return epoch == 0 ? 0.5 : 0.25;
                                                  })}});
  EXPECT_EQ(history["learning_rate"], (std::vector<double>{0.5, 0.25}));
}

}  // namespace
}  // namespace cornu::keras::callbacks

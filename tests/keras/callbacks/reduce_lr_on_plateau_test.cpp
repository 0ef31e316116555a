#include "cornu/keras/callbacks/reduce_lr_on_plateau.h"

#include <gmock/gmock.h>

#include <iostream>

#include "cornu/keras/schedules/decay.h"
#include "tests/keras/callbacks/small_model.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::CapturedStream;
using tests::Driven;
using tests::small_model;

// The rate after each epoch.
std::vector<double> rates(const ReduceLROnPlateauConfig& config, const std::string& name,
                          const std::vector<double>& values, double rate = 1) {
  Driven callback(ReduceLROnPlateau(config), small_model({}, rate));
  std::vector<double> after;
  for (std::size_t i = 0; i < values.size(); ++i) {
    callback.end_epoch(static_cast<int>(i), {{name, values[i]}});
    after.push_back(callback.model().optimizer()->learning_rate());
  }
  return after;
}

using Rates = std::vector<double>;

TEST(ReduceLROnPlateau, LowersTheRateAfterPatienceEpochsWithoutAGain) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 2}, "val_loss", {3, 2, 2, 2, 2, 2, 1, 1}),
            (Rates{1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25}));
  EXPECT_EQ(rates({}, "val_loss", Rates(11, 2.0)), (Rates{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, static_cast<double>(0.1f)}));
}

TEST(ReduceLROnPlateau, GoesByMonitorAndMode) {
  EXPECT_EQ(rates({.monitor = "x", .factor = 0.5, .patience = 1, .mode = "max"}, "x", {1, 2, 2}), (Rates{1, 1, 0.5}));
  EXPECT_EQ(rates({.monitor = "x", .factor = 0.5, .patience = 1, .mode = "min"}, "x", {1, 2, 2}),
            (Rates{1, 0.5, 0.25}));
  EXPECT_EQ(rates({.monitor = "val_acc", .factor = 0.5, .patience = 1}, "val_acc", {1, 2, 2}), (Rates{1, 1, 0.5}));
}

TEST(ReduceLROnPlateau, AGainIsMoreThanMinDelta) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1}, "val_loss", {1, 0.99995}), (Rates{1, 0.5}));
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1, .min_delta = 0}, "val_loss", {1, 0.99995}), (Rates{1, 1}));
}

TEST(ReduceLROnPlateau, NothingCountsWhileCoolingDown) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1, .cooldown = 2}, "val_loss", {1, 1, 1, 1, 1}),
            (Rates{1, 0.5, 0.5, 0.25, 0.25}));
  EXPECT_EQ(rates({.factor = 0.5, .patience = 2, .cooldown = 2}, "val_loss", Rates(7, 1.0)),
            (Rates{1, 1, 0.5, 0.5, 0.5, 0.25, 0.25}));
}

TEST(ReduceLROnPlateau, StopsAtTheLowestRate) {
  EXPECT_EQ(rates({.factor = 0.5, .patience = 1, .min_lr = 0.4}, "val_loss", {1, 1, 1, 1}),
            (Rates{1, 0.5, static_cast<double>(0.4f), static_cast<double>(0.4f)}));
}

TEST(ReduceLROnPlateau, LogsTheRateOfTheEpoch) {
  Driven callback(ReduceLROnPlateau({.factor = 0.5, .patience = 1}), small_model({}, 1));
  EXPECT_EQ(callback.end_epoch(0, {{"val_loss", 1}})["learning_rate"], 1);
  EXPECT_EQ(callback.end_epoch(1, {{"val_loss", 1}})["learning_rate"], 1);
  EXPECT_EQ(callback.end_epoch(2, {{"val_loss", 1}})["learning_rate"], 0.5);
}

TEST(ReduceLROnPlateau, SaysWhatItDoes) {
  const CapturedStream out(std::cout);
  rates({.factor = 0.1, .patience = 1, .verbose = 1}, "val_loss", {1, 1}, 0.001);
  rates({.factor = 0.1, .patience = 1}, "val_loss", {1, 1});
  EXPECT_EQ(out.text(), "\nEpoch 2: ReduceLROnPlateau reducing learning rate to 0.00010000000474974513.\n");
}

TEST(ReduceLROnPlateau, WarnsOfAFigureThatIsNotThere) {
  const CapturedStream warnings(std::cerr);
  rates({.patience = 1}, "loss", {1});
  EXPECT_EQ(warnings.text(),
            "Warning: Learning rate reduction is conditioned on metric `val_loss` which is not available. Available "
            "metrics are: loss,learning_rate.\n");
}

TEST(ReduceLROnPlateau, StartsAfreshWithEachTraining) {
  Driven callback(ReduceLROnPlateau({.monitor = "loss", .factor = 0.5, .patience = 3, .cooldown = 5}));
  callback.epochs("loss", {1, 1, 1, 1, 1});
  EXPECT_EQ(callback->best(), 1);
  EXPECT_EQ(callback->cooldown_counter(), 4);
  callback->on_train_begin({});
  EXPECT_EQ(callback->cooldown_counter(), 0);
  callback.epochs("loss", {2, 2});
  EXPECT_EQ(callback->best(), 2);
  EXPECT_EQ(callback->wait(), 1);
}

TEST(ReduceLROnPlateau, RefusesAFactorThatDoesNotLower) {
  try {
    ReduceLROnPlateau({.factor = 1.0});
    FAIL() << "no error";
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(), "ReduceLROnPlateau: factor must be below 1, got 1");
  }
}

TEST(ReduceLROnPlateau, CannotLowerASchedule) {
  auto model = small_model();
  model.compile(
      {.optimizer = optimizers::SGD({.learning_rate = schedules::ExponentialDecay(
                                         {.initial_learning_rate = 0.1, .decay_steps = 10, .decay_rate = 0.5})}),
       .loss = "mse"});
  Driven callback(ReduceLROnPlateau({.patience = 1}), model);
  EXPECT_THROW(callback.epochs("val_loss", {1, 1}), TypeError);
}

}  // namespace
}  // namespace cornu::keras::callbacks

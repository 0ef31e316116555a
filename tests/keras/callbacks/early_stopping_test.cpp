#include "cornu/keras/callbacks/early_stopping.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <iostream>

#include "cornu/keras/callbacks/model_checkpoint.h"
#include "cornu/keras/callbacks/reduce_lr_on_plateau.h"
#include "tests/keras/callbacks/small_model.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::CapturedStream;
using tests::Driven;
using tests::small_model;

TEST(EarlyStopping, StopsAtTheFirstEpochWithoutAGain) {
  Driven early(EarlyStopping({.monitor = "loss"}));
  EXPECT_TRUE(std::isnan(early->best()));
  EXPECT_EQ(early.epochs("loss", {3, 2, 2, 1}), 3);
  EXPECT_EQ(early->stopped_epoch(), 2);
  EXPECT_EQ(early->best(), 2);
  EXPECT_EQ(early->best_epoch(), 1);
  EXPECT_EQ(early->wait(), 1);
  EXPECT_TRUE(early->best_weights().empty());
}

TEST(EarlyStopping, MonitorsValidationLossByDefault) {
  EXPECT_EQ(Driven(EarlyStopping()).epochs("val_loss", {3, 4, 5}), 2);
}

TEST(EarlyStopping, WaitsForPatienceEpochs) {
  Driven early(EarlyStopping({.monitor = "loss", .patience = 2}));
  EXPECT_EQ(early.epochs("loss", {3, 4, 2, 2, 2, 2}), 5);
  Driven never(EarlyStopping({.monitor = "loss", .patience = 2}));
  EXPECT_EQ(never.epochs("loss", {3, 4, 2, 4, 1, 4}), 6);
  EXPECT_EQ(never->stopped_epoch(), 0);
}

TEST(EarlyStopping, AGainIsMoreThanMinDelta) {
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "loss", .min_delta = 0.5})).epochs("loss", {3, 2, 1.6, 1}), 3);
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "loss", .min_delta = -0.5})).epochs("loss", {3, 2, 1.6, 1}), 3);
  EXPECT_EQ(
      Driven(EarlyStopping({.monitor = "acc", .min_delta = 0.1, .mode = "max"})).epochs("acc", {0.3, 0.5, 0.55, 0.9}),
      3);
}

TEST(EarlyStopping, ModeTellsWhatIsBetter) {
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "x", .mode = "max"})).epochs("x", {1, 2, 3, 3}), 4);
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "x", .mode = "min"})).epochs("x", {1, 2, 3, 3}), 2);
}

TEST(EarlyStopping, AutoGoesByTheMetric) {
  const auto model = small_model({"accuracy", "mae"});
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "accuracy"}), model).epochs("accuracy", {1, 2, 2}), 3);
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "val_accuracy"}), model).epochs("val_accuracy", {1, 2, 2}), 3);
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "val_mae"}), model).epochs("val_mae", {1, 2, 2}), 2);
  // Figures that the model was not compiled with go by their names.
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "val_acc"})).epochs("val_acc", {1, 2, 2}), 3);
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "auc"})).epochs("auc", {1, 2, 2}), 3);
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "mse"})).epochs("mse", {1, 2, 2}), 2);
}

TEST(EarlyStopping, AutoNeedsAHintForOtherFigures) {
  Driven early(EarlyStopping({.monitor = "val_gain"}));
  try {
    early.epochs("val_gain", {1});
    FAIL() << "no error";
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(),
                 "EarlyStopping: monitor = \"val_gain\" does not tell whether it should grow or shrink; pass mode = "
                 "\"max\" or mode = \"min\"");
  }
}

TEST(EarlyStopping, AnUnknownModeIsWarnedOfAndTakenAsAuto) {
  const CapturedStream warnings(std::cerr);
  EXPECT_EQ(Driven(EarlyStopping({.monitor = "loss", .mode = "less"})).epochs("loss", {1, 2}), 2);
  EXPECT_EQ(warnings.text(), "Warning: EarlyStopping mode 'less' is unknown, fallback to auto mode.\n");
}

TEST(EarlyStopping, WarnsInEachEpochOfAFigureThatIsNotThere) {
  const CapturedStream warnings(std::cerr);
  Driven early{EarlyStopping()};
  for (int epoch = 0; epoch < 2; ++epoch) early.end_epoch(epoch, {{"loss", 1}, {"accuracy", 0.5}});
  const std::string warning =
      "Warning: Early stopping conditioned on metric `val_loss` which is not available. Available metrics are: "
      "loss,accuracy\n";
  EXPECT_EQ(warnings.text(), warning + warning);
  EXPECT_FALSE(early.model().stop_training);
}

TEST(EarlyStopping, OnlyValuesBetterThanTheBaselineRestartTheWaiting) {
  Driven early(EarlyStopping({.monitor = "loss", .patience = 3, .baseline = 1.0}));
  EXPECT_EQ(early.epochs("loss", {5, 4, 3, 3, 2}), 4);  // waited 1, 2, 3 and did not gain in the fourth
  EXPECT_EQ(early->best(), 3);
  Driven good(EarlyStopping({.monitor = "loss", .patience = 2, .baseline = 1.0}));
  EXPECT_EQ(good.epochs("loss", {5, 0.5, 0.6, 0.7}), 4);
}

TEST(EarlyStopping, EpochsBeforeStartFromEpochDoNotCount) {
  Driven early(EarlyStopping({.monitor = "loss", .start_from_epoch = 2}));
  EXPECT_EQ(early.epochs("loss", {1, 2, 5, 6}), 4);
  EXPECT_EQ(early->best(), 5);
  EXPECT_EQ(early->best_epoch(), 2);
}

TEST(EarlyStopping, NeverStopsInTheFirstEpoch) {
  Driven early(EarlyStopping({.monitor = "loss"}));
  EXPECT_EQ(early.epochs("loss", {NAN, NAN}), 2);  // NaN is better than nothing, and then never better
}

TEST(EarlyStopping, RestoresTheBestWeightsWhetherItStoppedOrNot) {
  for (const auto& values : {std::vector<double>{3, 1, 2}, std::vector<double>{3, 1, 2, 2, 2, 2, 2, 2, 2}}) {
    Driven early(EarlyStopping({.monitor = "loss", .patience = 4, .restore_best_weights = true}));
    const int epochs = early.epochs("loss", values);
    EXPECT_EQ(epochs, values.size() == 3 ? 3 : 6);
    EXPECT_EQ(tests::weight(early.model()), static_cast<float>(epochs - 1));
    early->on_train_end({});
    EXPECT_EQ(tests::weight(early.model()), 1);
    EXPECT_EQ(early->best_epoch(), 1);
    EXPECT_EQ(early->best_weights().size(), 2u);
  }
}

TEST(EarlyStopping, LeavesTheWeightsUnlessAskedToRestore) {
  Driven early(EarlyStopping({.monitor = "loss"}));
  early.epochs("loss", {1, 2});
  early->on_train_end({});
  EXPECT_EQ(tests::weight(early.model()), 1);
}

TEST(EarlyStopping, SaysWhatItDoes) {
  for (const int verbose : {0, 1}) {
    const CapturedStream out(std::cout);
    Driven early(EarlyStopping({.monitor = "loss", .verbose = verbose, .restore_best_weights = true}));
    early.epochs("loss", {3, 1, 2});
    early->on_train_end({});
    EXPECT_EQ(
        out.text(),
        verbose == 0 ? "" : "Epoch 3: early stopping\nRestoring model weights from the end of the best epoch: 2.\n");
  }
}

TEST(EarlyStopping, StartsAfreshWithEachTraining) {
  Driven early(EarlyStopping({.monitor = "loss", .restore_best_weights = true}));
  early.epochs("loss", {1, 2});
  early->on_train_begin({});
  EXPECT_EQ(early->stopped_epoch(), 0);
  EXPECT_TRUE(std::isnan(early->best()));
  EXPECT_TRUE(early->best_weights().empty());
  EXPECT_EQ(early.epochs("loss", {9, 8, 8}), 3);
}

TEST(EarlyStopping, AHandleKeepsTheResultsOfFit) {
  auto model = small_model();
  const Array x = Array{0.f, 1.f, 2.f, 3.f}.reshape({4, 1}), y = x * 2.f;
  EarlyStopping early({.monitor = "loss", .min_delta = 100, .patience = 2, .restore_best_weights = true});
  const History history = model.fit(x, y, {.epochs = 50, .verbose = 0, .callbacks = {early}});
  EXPECT_EQ(history["loss"].size(), 3u);
  EXPECT_EQ(early->stopped_epoch(), 2);
  EXPECT_EQ(early->best(), history["loss"][0]);
}

TEST(Callbacks, TakeTheirFirstArgumentByPosition) {
  const EarlyStopping stopping("loss", {.patience = 2});
  EXPECT_EQ(stopping->wait(), 0);
  const ReduceLROnPlateau plateau("loss", {.factor = 0.5});
  EXPECT_EQ(plateau->wait(), 0);
  EXPECT_NO_THROW(ModelCheckpoint("m.h5"));
  EXPECT_NO_THROW(ModelCheckpoint(std::filesystem::path("m.h5"), {.save_best_only = true}));
  EXPECT_THROW(ModelCheckpoint("m.txt"), ValueError);
}

}  // namespace
}  // namespace cornu::keras::callbacks

#include "cornu/keras/callbacks/model_checkpoint.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "tests/io/temporary_folder.h"
#include "tests/keras/callbacks/small_model.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::CapturedStream;
using cornu::tests::TemporaryFolder;
using tests::Driven;
using tests::small_model;

std::vector<std::string> files(const TemporaryFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
    if (entry.is_regular_file()) names.push_back(std::filesystem::relative(entry.path(), folder.path()).string());
  std::sort(names.begin(), names.end());
  return names;
}

template <class F>
std::string error(F call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(ModelCheckpoint, SavesAfterEachEpochUnderItsName) {
  const TemporaryFolder folder;
  Driven checkpoint(ModelCheckpoint({.filepath = folder / "runs/{epoch:02d}-{val_loss:.2f}.h5"}));
  checkpoint.epochs("val_loss", {0.5432, 0.25, 1});
  EXPECT_EQ(files(folder), (std::vector<std::string>{"runs/01-0.54.h5", "runs/02-0.25.h5", "runs/03-1.00.h5"}));
  EXPECT_EQ(tests::weight(models::load_model(folder / "runs/02-0.25.h5")), 1);
}

TEST(ModelCheckpoint, KeepsTheBestOnly) {
  const TemporaryFolder folder;
  Driven checkpoint(ModelCheckpoint({.filepath = folder / "best.h5", .save_best_only = true}));
  EXPECT_TRUE(std::isnan(checkpoint->best()));
  checkpoint.epochs("val_loss", {3, 1, 2, 1});
  EXPECT_EQ(checkpoint->best(), 1);
  EXPECT_EQ(tests::weight(models::load_model(folder / "best.h5")), 1);

  Driven highest(
      ModelCheckpoint({.filepath = folder / "high.h5", .monitor = "x", .save_best_only = true, .mode = "max"}));
  highest.epochs("x", {3, 1, 4, 1});
  EXPECT_EQ(tests::weight(models::load_model(folder / "high.h5")), 2);

  Driven accurate(ModelCheckpoint({.filepath = folder / "acc.h5", .monitor = "val_acc", .save_best_only = true}));
  accurate.epochs("val_acc", {0.5, 0.75, 0.25});
  EXPECT_EQ(tests::weight(models::load_model(folder / "acc.h5")), 1);
}

TEST(ModelCheckpoint, BeatsTheThreshold) {
  const TemporaryFolder folder;
  Driven checkpoint(
      ModelCheckpoint({.filepath = folder / "{epoch}.h5", .save_best_only = true, .initial_value_threshold = 1.0}));
  checkpoint.epochs("val_loss", {3, 1, 0.5, 2});
  EXPECT_EQ(files(folder), std::vector<std::string>{"3.h5"});
}

TEST(ModelCheckpoint, SavesWeightsOnly) {
  const TemporaryFolder folder;
  Driven checkpoint(ModelCheckpoint({.filepath = folder / "{epoch}.weights.h5", .save_weights_only = true}));
  checkpoint.epochs("val_loss", {3, 1});
  auto other = small_model();
  other.load_weights(folder / "2.weights.h5");
  EXPECT_EQ(tests::weight(other), 1);
  EXPECT_THROW(models::load_model(folder / "2.weights.h5"), Error);
}

TEST(ModelCheckpoint, SavesAfterSoManyBatches) {
  const TemporaryFolder folder;
  Driven checkpoint(ModelCheckpoint({.filepath = folder / "{epoch}-{batch:02d}-{loss:.1f}.h5", .save_freq = 4}));
  for (int epoch = 0; epoch < 2; ++epoch) {
    checkpoint->on_epoch_begin(epoch, {});
    for (int batch = 0; batch < 6; ++batch) checkpoint->on_train_batch_end(batch, {{"loss", 0.1 * batch}});
    checkpoint.end_epoch(epoch, {{"loss", 1}});
  }
  EXPECT_EQ(files(folder), (std::vector<std::string>{"1-04-0.3.h5", "2-02-0.1.h5", "2-06-0.5.h5"}));
}

TEST(ModelCheckpoint, SaysWhatItDoes) {
  const TemporaryFolder folder;
  const std::string path = folder / "m.h5";
  CapturedStream out(std::cout);
  Driven(ModelCheckpoint({.filepath = path, .verbose = 1, .save_best_only = true}))
      .epochs("val_loss", {0.5, 0.25, 0.3});
  Driven(ModelCheckpoint({.filepath = path, .monitor = "acc", .verbose = 1, .save_best_only = true}))
      .epochs("acc", {0.5});
  Driven(ModelCheckpoint({.filepath = path, .verbose = 1})).epochs("val_loss", {0.5});
  EXPECT_EQ(out.text(), "\nEpoch 1: val_loss improved from inf to 0.50000, saving model to " + path +
                            "\n\nEpoch 2: val_loss improved from 0.50000 to 0.25000, saving model to " + path +
                            "\n\nEpoch 3: val_loss did not improve from 0.25000\n"
                            "\nEpoch 1: acc improved from -inf to 0.50000, saving model to " +
                            path + "\n\nEpoch 1: saving model to " + path + "\n");
}

TEST(ModelCheckpoint, WarnsOfAFigureThatIsNotThereAndSaves) {
  const TemporaryFolder folder;
  const CapturedStream warnings(std::cerr);
  Driven(ModelCheckpoint({.filepath = folder / "m.h5", .save_best_only = true})).epochs("loss", {0.5});
  EXPECT_EQ(warnings.text(),
            "Warning: Can save best model only with val_loss available. Available metrics are: loss\n");
  EXPECT_EQ(files(folder), std::vector<std::string>{"m.h5"});
}

TEST(ModelCheckpoint, RefusesWhatItCannotSaveTo) {
  const TemporaryFolder folder;
  EXPECT_EQ(error([] { ModelCheckpoint({.filepath = "model"}); }),
            "ModelCheckpoint: filepath must end in .h5, got \"model\"");
  EXPECT_EQ(error([] { ModelCheckpoint({.filepath = "model.keras"}); }),
            "ModelCheckpoint: filepath must end in .h5, got \"model.keras\"");
  EXPECT_EQ(error([] { ModelCheckpoint({.filepath = "m.h5", .save_freq = "batch"}); }),
            "ModelCheckpoint: save_freq must be \"epoch\" or a number of batches, got \"batch\"");
  EXPECT_EQ(error([] { ModelCheckpoint({.filepath = "m.h5", .save_freq = 0}); }),
            "ModelCheckpoint: save_freq must be at least 1, got 0");

  Driven unknown(ModelCheckpoint({.filepath = folder / "{val_acc:.2f}.h5"}));
  EXPECT_THAT(error([&] { unknown.epochs("val_loss", {1}); }),
              testing::AllOf(testing::StartsWith("ModelCheckpoint: filepath \""),
                             testing::EndsWith("unknown field 'val_acc'; known: epoch, val_loss")));
  std::filesystem::create_directories(folder / "folder.h5");
  Driven at_folder(ModelCheckpoint({.filepath = folder / "folder.h5"}));
  EXPECT_THAT(error([&] { at_folder.epochs("val_loss", {1}); }), testing::EndsWith("folder.h5\" is a folder"));
  cornu::tests::write_text(folder / "file", "");
  Driven below_file(ModelCheckpoint({.filepath = folder / "file/m.h5"}));
  EXPECT_THAT(error([&] { below_file.epochs("val_loss", {1}); }), testing::HasSubstr("cannot make the folder"));
}

TEST(ModelCheckpoint, KeepsTheLastFiles) {
  const TemporaryFolder folder;
  Driven all(ModelCheckpoint({.filepath = folder / "{epoch}.h5", .max_to_keep = 2}));
  all.epochs("val_loss", {1, 2, 3, 4});
  EXPECT_THAT(files(folder), testing::UnorderedElementsAre("3.h5", "4.h5"));
  // One file that is written again and again is one file.
  Driven one(ModelCheckpoint({.filepath = folder / "m.h5", .max_to_keep = 1}));
  one.epochs("val_loss", {1, 2});
  EXPECT_THAT(files(folder), testing::UnorderedElementsAre("3.h5", "4.h5", "m.h5"));
  Driven best(ModelCheckpoint(
      {.filepath = folder / "b{epoch}.h5", .monitor = "loss", .save_best_only = true, .max_to_keep = 2}));
  best.epochs("loss", {5, 4, 6, 3, 7});
  EXPECT_THAT(files(folder), testing::UnorderedElementsAre("3.h5", "4.h5", "m.h5", "b2.h5", "b4.h5"));
  EXPECT_EQ(error([] { ModelCheckpoint({.filepath = "m.h5", .max_to_keep = 0}); }),
            "ModelCheckpoint: max_to_keep must be at least 1, got 0");
}

}  // namespace
}  // namespace cornu::keras::callbacks

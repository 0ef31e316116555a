#include "cornu/keras/callbacks/csv_logger.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/io/temporary_folder.h"
#include "tests/support/copied_state.h"

namespace cornu::keras::callbacks {
namespace {

using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

void log(const CSVLogger& logger, const std::vector<Logs>& epochs) {
  logger->on_train_begin({});
  for (std::size_t i = 0; i < epochs.size(); ++i) logger->on_epoch_end(static_cast<int>(i), epochs[i]);
  logger->on_train_end({});
}

TEST(CSVLogger, WritesALinePerEpochByNames) {
  const TemporaryFolder folder;
  log(CSVLogger(folder / "log.csv"), {{{"loss", 0.5}, {"accuracy", 1}, {"val_loss", 1e-5}, {"val_accuracy", 0.1}},
                                      {{"loss", 0.25}, {"accuracy", NAN}, {"val_loss", -2}, {"val_accuracy", 1e16}}});
  EXPECT_EQ(read_text(folder / "log.csv"),
            "epoch,accuracy,loss,val_accuracy,val_loss\r\n0,1.0,0.5,0.1,1e-05\r\n1,nan,0.25,1e+16,-2.0\r\n");
}

TEST(CSVLogger, HasColumnsForAValidationThatComesLater) {
  const TemporaryFolder folder;
  log(CSVLogger({.filename = folder / "log.csv", .separator = ";"}),
      {{{"loss", 0.5}}, {{"loss", 0.25}, {"val_loss", 1}, {"new", 1}}});
  EXPECT_EQ(read_text(folder / "log.csv"), "epoch;loss;val_loss\r\n0;0.5;NA\r\n1;0.25;1.0\r\n");
}

TEST(CSVLogger, StartsTheFileAnewOrAppends) {
  const TemporaryFolder folder;
  const auto path = folder / "log.csv";
  write_text(path, "old\n");
  const CSVLogger anew(path);
  log(anew, {{{"loss", 0.5}}});
  log(anew, {{{"loss", 0.5}}});
  const std::string once = "epoch,loss,val_loss\r\n0,0.5,NA\r\n";
  EXPECT_EQ(read_text(path), once);

  const CSVLogger appending({.filename = path, .append = true});
  log(appending, {{{"loss", 0.25}}});
  log(appending, {{{"loss", 0.125}}});
  EXPECT_EQ(read_text(path), once + "0,0.25,NA\r\n0,0.125,NA\r\n");

  log(CSVLogger({.filename = folder / "new.csv", .append = true}), {{{"loss", 0.5}}});
  EXPECT_EQ(read_text(folder / "new.csv"), once);
  write_text(folder / "empty.csv", "");
  log(CSVLogger({.filename = folder / "empty.csv", .append = true}), {{{"loss", 0.5}}});
  EXPECT_EQ(read_text(folder / "empty.csv"), once);
}

TEST(CSVLogger, WritesEachLineAtOnce) {
  const TemporaryFolder folder;
  const CSVLogger logger(folder / "log.csv");
  logger->on_train_begin({});
  logger->on_epoch_end(0, {{"loss", 0.5}});
  EXPECT_EQ(read_text(folder / "log.csv"), "epoch,loss,val_loss\r\n0,0.5,NA\r\n");
}

TEST(CSVLogger, QuotesNames) {
  const TemporaryFolder folder;
  log(CSVLogger(folder / "log.csv"), {{{"a,\"b\"", 1}, {"val_x", 2}}});
  EXPECT_EQ(read_text(folder / "log.csv"), "epoch,\"a,\"\"b\"\"\",val_x\r\n0,1.0,2.0\r\n");
}

TEST(CSVLogger, RefusesWhatItCannotWrite) {
  const TemporaryFolder folder;
  EXPECT_THROW(CSVLogger({.filename = ""}), ValueError);
  EXPECT_THROW(CSVLogger({.filename = "x.csv", .separator = ", "}), ValueError);
  EXPECT_THROW(CSVLogger({.filename = "x.csv", .separator = ""}), ValueError);
  const CSVLogger nowhere(folder / "missing/log.csv");
  try {
    nowhere->on_train_begin({});
    FAIL() << "no error";
  } catch (const IoError& e) {
    EXPECT_THAT(e.what(), testing::AllOf(testing::StartsWith("CSVLogger: cannot write \""),
                                         testing::HasSubstr("missing/log.csv"), testing::HasSubstr("No such file")));
  }
}

TEST(CSVLogger, SaysThatNoFileIsOpenOutsideOfATraining) {
  const TemporaryFolder folder;
  const CSVLogger logger(folder / "a.csv");
  EXPECT_THROW(logger->on_epoch_end(0, {{"loss", 1}}), IoError);
  logger->on_train_begin({});
  logger->on_train_end({});
  EXPECT_THROW(logger->on_epoch_end(0, {{"loss", 1}}), IoError);
}

TEST(CSVLogger, SaysWhenTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const CSVLogger full(std::filesystem::path("/dev/full"));
  full->on_train_begin({});
  EXPECT_THROW(full->on_epoch_end(0, {{"loss", 1}}), IoError);
}

// A run that was killed after it had written more than is known of it when it is resumed.
TEST(CSVLogger, CutsTheLinesThatAreTrainedOnceMore) {
  const TemporaryFolder folder;
  const auto path = folder / "log.csv";
  const CSVLogger first(path);
  first->on_train_begin({});
  first->on_epoch_end(0, {{"loss", 3}, {"acc", 0}});
  cornu::tests::CopiedState state;
  first->state(state);
  first->on_epoch_end(1, {{"loss", 2}, {"acc", 0}});
  first->on_epoch_end(2, {{"loss", 1}, {"acc", 0}});

  state.give();
  const CSVLogger second(path);
  second->on_train_begin({});
  second->state(state);
  second->on_epoch_end(1, {{"loss", 0.5}, {"acc", 1}});
  second->on_train_end({});
  EXPECT_EQ(read_text(path), "epoch,acc,loss,val_acc,val_loss\r\n0,0.0,3.0,NA,NA\r\n1,1.0,0.5,NA,NA\r\n");
  // Nothing is left of an older log when nothing was written.
  log(CSVLogger(path), {});
  EXPECT_EQ(read_text(path), "");
}

}  // namespace
}  // namespace cornu::keras::callbacks

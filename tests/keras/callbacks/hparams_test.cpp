#include "cornu/keras/callbacks/hparams.h"

#include <gmock/gmock.h>

#include <limits>
#include <set>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/callbacks/small_model.h"
#include "tests/keras/callbacks/written_log.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::small_model;
using tests::WrittenLog;

const Array x = graph::ones({4, 1}), y = graph::ones({4, 1});

std::string content(const WrittenLog& log, const std::string& tag) {
  return log.summaries.at(tag).at(0).second.content;
}

TEST(HParams, WritesATrialWithItsFigures) {
  const TemporaryFolder folder;
  auto model = small_model();
  const HParams callback(
      {.log_dir = folder.path(), .hparams = {{"units", 512}, {"bias", true}, {"optimizer", "sgd"}, {"rate", 0.5f}}});
  const History history =
      model.fit(x, y, {.epochs = 3, .verbose = 0, .callbacks = {callback}, .validation_data = {x, y}});
  const WrittenLog log(folder.path());
  EXPECT_THAT(log.tags(), ElementsAre("_hparams_/experiment", "_hparams_/session_end_info",
                                      "_hparams_/session_start_info", "loss", "val_loss"));
  EXPECT_THAT(log.steps("loss"), ElementsAre(0, 1, 2));
  EXPECT_FLOAT_EQ(log.values("val_loss").back(), static_cast<float>(history["val_loss"].back()));
  for (const char* name : {"units", "bias", "optimizer", "sgd", "rate"})
    EXPECT_THAT(content(log, "_hparams_/session_start_info"), HasSubstr(name));
  for (const char* name : {"units", "bias", "loss", "val_loss"})
    EXPECT_THAT(content(log, "_hparams_/experiment"), HasSubstr(name));
  EXPECT_EQ(content(log, "_hparams_/session_end_info").substr(0, 2), std::string("\x22\x0b")) << "session_end_info";
  EXPECT_EQ(content(log, "_hparams_/session_end_info").substr(2, 2), std::string("\x08\x01")) << "success";
}

TEST(HParams, EqualValuesAreOneTrial) {
  const auto start = [](const io::tensorboard::summaries::HParams& hparams, const std::string& trial = "") {
    const TemporaryFolder folder;
    auto model = small_model();
    model.fit(
        x, y,
        {.verbose = 0, .callbacks = {HParams({.log_dir = folder.path(), .hparams = hparams, .trial_id = trial})}});
    const std::string all = content(WrittenLog(folder.path()), "_hparams_/session_start_info");
    return all.substr(0, all.size() - 9);  // but for the time
  };
  EXPECT_EQ(start({{"units", 8}, {"bias", true}}), start({{"bias", true}, {"units", 8}}));
  EXPECT_NE(start({{"units", 8}}), start({{"units", 9}}));
  EXPECT_NE(start({{"units", 1}}), start({{"units", true}}));
  EXPECT_THAT(start({{"units", 8}}, "mine"), HasSubstr("mine"));
}

TEST(HParams, AFitThatDoesNotEndIsAFailure) {
  const TemporaryFolder folder;
  auto model = small_model();
  const LambdaCallback throws({.on_epoch_end = [](int, const Logs&) { throw ValueError("stop"); }});
  EXPECT_THROW(
      model.fit(x, y,
                {.verbose = 0, .callbacks = {HParams({.log_dir = folder.path(), .hparams = {{"units", 8}}}), throws}}),
      ValueError);
  EXPECT_EQ(content(WrittenLog(folder.path()), "_hparams_/session_end_info").substr(2, 2), std::string("\x08\x02"));
}

TEST(HParams, Errors) {
  EXPECT_THROW(HParams({.hparams = {{"", 1}}}), ValueError);
  EXPECT_THROW(HParams({.hparams = {{"rate", std::numeric_limits<double>::infinity()}}}), ValueError);
}

}  // namespace
}  // namespace cornu::keras::callbacks

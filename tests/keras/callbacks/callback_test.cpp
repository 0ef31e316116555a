#include "cornu/keras/callbacks/callback.h"

#include <gtest/gtest.h>

#include "tests/keras/callbacks/small_model.h"

namespace cornu::keras::callbacks {
namespace {

const Array kX = Array{0.f, 1.f, 2.f, 3.f}.reshape({4, 1});

struct Counting : Callback {
  int begins = 0, ends = 0, epochs = 0;
  CallbackParams seen;
  void on_batch_begin(int, const Logs&) override { ++begins; }
  void on_batch_end(int, const Logs&) override { ++ends; }
  void on_epoch_end(int epoch, const Logs& logs) override {
    ++epochs;
    seen = params();
    if (epoch == 1 && logs.at("loss") >= 0) model().stop_training = true;
  }
  void add_to_logs(int epoch, Logs& logs) override { logs.set("extra", epoch * 10); }
};

TEST(Callback, SeesTheRunAndStopsIt) {
  auto model = tests::small_model();
  const auto counting = std::make_shared<Counting>();
  const History history = model.fit(kX, kX, {.batch_size = 2, .epochs = 5, .verbose = 0, .callbacks = {counting}});
  EXPECT_EQ(counting->epochs, 2);
  EXPECT_EQ(counting->begins, 4);
  EXPECT_EQ(counting->ends, 4);
  EXPECT_EQ(counting->seen.epochs, 5);
  EXPECT_EQ(counting->seen.steps, 2);
  EXPECT_EQ(counting->seen.verbose, 0);
  EXPECT_EQ(history["extra"], (std::vector<double>{0, 10}));
}

TEST(Callback, IsTakenByValueByPointerAndAsAShare) {
  auto model = tests::small_model();
  const auto counting = share(Counting());
  model.fit(kX, kX, {.epochs = 1, .verbose = 0, .callbacks = {Counting(), counting, std::make_shared<Counting>()}});
  EXPECT_EQ(counting->epochs, 1);
}

TEST(Callback, HasItsModelOnlyWhileItRuns) {
  auto model = tests::small_model();
  const auto counting = share(Counting());
  model.fit(kX, kX, {.verbose = 0, .callbacks = {counting}});
  try {
    counting->model();
    FAIL() << "no error";
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(), "a callback has a model only while fit, evaluate or predict runs");
  }
}

}  // namespace
}  // namespace cornu::keras::callbacks

#include <gtest/gtest.h>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "tests/keras/models/line.h"

namespace cornu::keras::models {
namespace {

// Writes down every call.
struct Diary : callbacks::Callback {
  std::string name, *text;
  Diary(std::string n, std::string* t) : name(std::move(n)), text(t) {}
  void note(const std::string& what) { *text += name + what + ' '; }
  void note(const std::string& what, int number, const Logs& logs) {
    note(what + std::to_string(number) + (logs.contains("loss") ? "+" : "") + (logs.contains("val_loss") ? "v" : ""));
  }
  void on_train_begin(const Logs&) override { note("["); }
  void on_train_end(const Logs& logs) override { note(logs.contains("val_loss") ? "]v" : "]"); }
  void on_epoch_begin(int epoch, const Logs& logs) override { note("e", epoch, logs); }
  void on_epoch_end(int epoch, const Logs& logs) override { note("E", epoch, logs); }
  void on_train_batch_begin(int batch, const Logs& logs) override { note("b", batch, logs); }
  void on_train_batch_end(int batch, const Logs& logs) override { note("B", batch, logs); }
  void on_test_begin(const Logs&) override { note("("); }
  void on_test_end(const Logs& logs) override { note(logs.contains("loss") ? ")+" : ")"); }
  void on_test_batch_begin(int batch, const Logs& logs) override { note("t", batch, logs); }
  void on_test_batch_end(int batch, const Logs& logs) override { note("T", batch, logs); }
  void on_predict_begin(const Logs&) override { note("<"); }
  void on_predict_end(const Logs&) override { note(">"); }
  void on_predict_batch_begin(int batch, const Logs& logs) override { note("p", batch, logs); }
  void on_predict_batch_end(int batch, const Logs& logs) override { note("P", batch, logs); }
};

TEST(Fit, TellsCallbacksWhatHappensInOrder) {
  Line line;
  std::string text;
  line.model.fit(column(kX), column(kY),
                 {.batch_size = 3,
                  .epochs = 2,
                  .verbose = 0,
                  .callbacks = {Diary("", &text)},
                  .validation_data = {column(kX), column(kY)},
                  .validation_freq = 2});
  EXPECT_EQ(text, "[ e0 b0 B0+ b1 B1+ E0+ e1 b0 B0+ b1 B1+ ( t0 T0+ t1 T1+ )+ E1+v ]v ");
  text.clear();
  line.model.evaluate(column(kX), column(kY), {.batch_size = 3, .verbose = 0, .callbacks = {Diary("", &text)}});
  EXPECT_EQ(text, "( t0 T0+ t1 T1+ )+ ");
  text.clear();
  line.model.predict(column(kX), {.batch_size = 3, .callbacks = {Diary("", &text)}});
  EXPECT_EQ(text, "< p0 P0 p1 P1 > ");
  text.clear();
  line.model.fit(column(kX), column(kY), {.verbose = 0, .callbacks = {Diary("a", &text), Diary("b", &text)}});
  EXPECT_EQ(text, "a[ b[ ae0 be0 ab0 bb0 aB0+ bB0+ aE0+ bE0+ a] b] ");
}

TEST(Fit, EndsAfterTheBatchThatStopsIt) {
  Line line;
  std::string text;
  const callbacks::LambdaCallback stop({.on_train_batch_end = [&](int batch, const Logs&) {
    if (batch == 1) line.model.stop_training = true;
  }});
  const History history = line.model.fit(column(kX), column(kY),
                                         {.batch_size = 1,
                                          .epochs = 3,
                                          .verbose = 0,
                                          .callbacks = {stop, Diary("", &text)},
                                          .validation_data = {column(kX), column(kY)},
                                          .validation_batch_size = 3});
  EXPECT_EQ(text, "[ e0 b0 B0+ b1 B1+ ( t0 T0+ t1 T1+ )+ E0+v ]v ");
  EXPECT_EQ(history["val_loss"].size(), 1u);
  EXPECT_EQ(line.model.fit(column(kX), column(kY), {.epochs = 3, .verbose = 0})["loss"].size(),
            3u);  // the flag is for one fit
}

TEST(Fit, AnErrorInACallbackLeavesAModelThatGoesOn) {
  Line line;
  const callbacks::LambdaCallback bad(
      {.on_train_batch_end = [](int, const Logs&) { throw std::runtime_error("no more"); }});
  EXPECT_THROW(line.model.fit(column(kX), column(kY), {.verbose = 0, .callbacks = {bad}}), std::runtime_error);
  EXPECT_EQ(line.model.fit(column(kX), column(kY), {.verbose = 0})["loss"].size(), 1u);
}

// The logs of a batch are computed when they are looked at, but hold the batch's figures whatever the hook did before.
TEST(Fit, LogsOfABatchOutlastAnEvaluationInItsHook) {
  Line line;
  const Array x = column(kX), y = column(kY);
  std::vector<double> plain, after, later;
  const auto run = [&](const callbacks::LambdaCallback& callback) {
    line.model.set_weights({Array{{1.f}}, Array{0.f}});
    line.model.fit(x, y, {.batch_size = 1, .verbose = 0, .callbacks = {callback}, .shuffle = false});
  };
  Logs kept;
  run(callbacks::LambdaCallback({.on_train_batch_end = [&](int, const Logs& logs) { plain.push_back(logs["loss"]); }}));
  run(callbacks::LambdaCallback({.on_train_batch_end = [&](int, const Logs& logs) {
    line.model.evaluate(x, y * 100, {.verbose = 0});
    after.push_back(logs["loss"]);
  }}));
  EXPECT_EQ(plain.front(), after.front());  // the evaluation moves what the later batches' figures are averages of
  run(callbacks::LambdaCallback({.on_train_batch_end = [&](int batch, const Logs& logs) {
    if (batch > 0) later.push_back(kept["loss"]);
    kept = logs;
  }}));
  EXPECT_EQ(later, std::vector<double>(plain.begin(), plain.end() - 1));
}

TEST(Fit, MayBeCompiledAnewFromACallback) {
  Line line;
  const callbacks::LambdaCallback anew(
      {.on_epoch_end = [&](int, const Logs&) { line.model.compile({.optimizer = "sgd", .loss = "mae"}); }});
  line.model.fit(column(kX), column(kY), {.epochs = 2, .verbose = 0, .callbacks = {anew}});
  EXPECT_EQ(line.model.fit(column(kX), column(kY), {.verbose = 0})["loss"].size(), 1u);
}

}  // namespace
}  // namespace cornu::keras::models

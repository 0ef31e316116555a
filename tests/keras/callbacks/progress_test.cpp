#include "cornu/keras/callbacks/progress.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "cornu/keras/callbacks/fit_state.h"
#include "tests/support/shared_data.h"

namespace cornu::keras::callbacks {
namespace {

constexpr double kStep = 0.01;  // what a batch takes by the tests' clock

struct Shown {
  std::ostringstream out;
  double now = 0;
  utils::Console console(bool terminal) {
    return {&out, terminal, [this] { return now; }};
  }
};

TEST(Progress, OfTrainingElsewhereIsALinePerEpoch) {
  Shown shown;
  const auto progress = training_progress(shown.console(false));
  progress->set_params({.verbose = 1, .epochs = 2, .steps = 3});
  progress->on_train_begin({});
  for (int epoch = 0; epoch < 2; ++epoch) {
    progress->on_epoch_begin(epoch, {});
    for (int batch = 0; batch < 3; ++batch) {
      shown.now += kStep;
      progress->on_train_batch_end(batch, {{"loss", 1.0}, {"accuracy", 0.5}});
    }
    progress->on_epoch_end(epoch, {{"loss", 0.75}, {"accuracy", 0.5}, {"val_loss", 2}, {"learning_rate", 0.001}});
  }
  progress->on_train_end({});
  EXPECT_EQ(shown.out.str(),
            "Epoch 1/2\n3/3 [==============================] - 0s 10ms/step - loss: 0.7500 - accuracy: 0.5000 - "
            "val_loss: 2.0000 - learning_rate: "
            "1.0000e-03\n"
            "Epoch 2/2\n3/3 [==============================] - 0s 10ms/step - loss: 0.7500 - accuracy: 0.5000 - "
            "val_loss: 2.0000 - learning_rate: "
            "1.0000e-03\n");
}

TEST(Progress, OfOneEpochHasNoHeading) {
  Shown shown;
  const auto progress = training_progress(shown.console(false));
  progress->set_params({.verbose = 2, .epochs = 1, .steps = 2});
  progress->on_epoch_begin(0, {});
  shown.now = 3;
  progress->on_train_batch_end(1, {{"loss", 1}});
  progress->on_epoch_end(0, {{"loss", 1}});
  EXPECT_EQ(shown.out.str(), "2/2 - 3s - loss: 1.0000 - 3s/epoch - 2s/step\n");
}

TEST(Progress, EndsTheLineOfATrainingThatIsCutShort) {
  Shown shown;
  const auto progress = training_progress(shown.console(true));
  progress->set_params({.verbose = 1, .epochs = 1, .steps = 2});
  progress->on_epoch_begin(0, {});
  progress->on_train_batch_end(0, {{"loss", 1}});
  progress->on_train_end({});
  EXPECT_EQ(shown.out.str(), "\r1/2 [==============>...............] - ETA: 0s - loss: 1.0000\n");
}

TEST(Progress, OfTrainingDoesNotShowItsValidation) {
  Shown shown;
  const auto progress = training_progress(shown.console(true));
  progress->set_params({.verbose = 1, .epochs = 1, .steps = 2});
  progress->on_test_begin({});
  progress->on_test_batch_end(0, {{"loss", 1}});
  progress->on_test_end({{"loss", 1}});
  progress->on_predict_begin({});
  progress->on_predict_batch_end(0, {});
  progress->on_predict_end({});
  EXPECT_EQ(shown.out.str(), "");
}

TEST(Progress, LooksAtFiguresOnlyWhereItDrawsThem) {
  for (const bool terminal : {false, true}) {
    Shown shown;
    const auto progress = training_progress(shown.console(terminal));
    progress->set_params({.verbose = 1, .epochs = 1, .steps = 100});
    progress->on_epoch_begin(0, {});
    int looked = 0;
    for (int batch = 0; batch < 100; ++batch) {
      shown.now += kStep;
      progress->on_train_batch_end(batch, Logs::lazy([&] { return ++looked, Logs{{"loss", 1}}; }));
    }
    EXPECT_EQ(looked, terminal ? 20 : 0);  // every 0.05 s
    progress->on_epoch_end(0, {{"loss", 2}});
    EXPECT_TRUE(shown.out.str().ends_with("100/100 [==============================] - 1s 10ms/step - loss: 2.0000\n"))
        << shown.out.str();
  }
}

TEST(Progress, OfEvaluationAndPrediction) {
  Shown shown;
  const auto evaluation = evaluation_progress(shown.console(false)),
             prediction = prediction_progress(shown.console(false));
  for (const int verbose : {0, 1, 2}) {
    for (const auto& progress : {evaluation, prediction})
      progress->set_params({.verbose = verbose, .epochs = 1, .steps = 2});
    evaluation->on_test_begin({});
    prediction->on_predict_begin({});
    shown.now += 0.5;
    for (int batch = 0; batch < 2; ++batch) {
      evaluation->on_test_batch_end(batch, {{"loss", 3}});
      prediction->on_predict_batch_end(batch, {{"ignored", 1}});
    }
    evaluation->on_test_end({{"loss", 2}});
    prediction->on_predict_end({});
  }
  EXPECT_EQ(shown.out.str(),
            "2/2 [==============================] - 0s 0s/step - loss: 2.0000\n2/2 [==============================] - "
            "0s 0s/step\n"
            "2/2 - 0s - loss: 2.0000 - 500ms/epoch - 250ms/step\n2/2 - 0s - 500ms/epoch - 250ms/step\n");
}

// The recorded texts of Keras 2: fed with their own figures at times at which the same lines are drawn, Cornu writes
// the same bytes but for the times.
std::string masked(std::string text) {
  text = std::regex_replace(text, std::regex("ETA: \\d+s"), "ETA: #");
  text = std::regex_replace(text, std::regex("- \\d+(ms|us|s)/epoch"), "- #/epoch");
  text = std::regex_replace(text, std::regex(" \\d+(ms|us|s)/step"), " #/step");
  return std::regex_replace(text, std::regex("- \\d+s( |\n)"), "- #s$1");
}

Logs figures(const std::string& line) {
  Logs logs;
  const std::regex figure(" - (\\w+): (-?[0-9.]+(?:e[-+]\\d+)?)(?![0-9.:s])");
  for (std::sregex_iterator i(line.begin(), line.end(), figure), end; i != end; ++i)
    logs.set((*i)[1].str(), std::stod((*i)[2].str()));
  return logs;
}

class RecordedText : public testing::TestWithParam<const char*> {};

TEST_P(RecordedText, IsTheSameButForTimes) {
  const std::string name = GetParam();
  const auto path = tests::shared_data("golden/text/keras2_" + name + ".txt");
  if (!path) GTEST_SKIP() << "no recorded texts of Keras beside the project (golden/text)";
  std::ifstream in(*path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};

  const bool fit = name.starts_with("fit"), predict = name.starts_with("predict");
  Shown shown;
  const auto console = shown.console(true);
  const auto progress = fit       ? training_progress(console)
                        : predict ? prediction_progress(console)
                                  : evaluation_progress(console);
  progress->set_params(
      {.verbose = name.find('2') == std::string::npos ? 1 : 2, .epochs = fit ? 2 : 1, .steps = fit ? 10 : 8});

  int epoch = -1, before = 0;
  const auto batch_end = [&](int batch, const Logs& logs) {
    if (fit)
      progress->on_train_batch_end(batch, logs);
    else if (predict)
      progress->on_predict_batch_end(batch, logs);
    else
      progress->on_test_batch_end(batch, logs);
  };
  if (predict)
    progress->on_predict_begin({});
  else if (!fit)
    progress->on_test_begin({});

  const std::regex drawn("(?:^|\r) *(\\d+)/(\\d+) [^\r\b]*");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Epoch")) {
      if (epoch >= 0) before = 0;
      progress->on_epoch_begin(++epoch, {});
      continue;
    }
    for (std::sregex_iterator i(line.begin(), line.end(), drawn), end; i != end; ++i) {
      const int step = std::stoi((*i)[1].str()), steps = std::stoi((*i)[2].str());
      const bool last = std::next(i) == end;
      const Logs logs = figures(i->str());
      // Steps whose drawing was left out came within the interval after the one before.
      for (int batch = before; batch + 1 < step; ++batch) batch_end(batch, logs);
      before = step;
      if (!last) {
        shown.now += 0.06;
        batch_end(step - 1, logs);
        continue;
      }
      ASSERT_EQ(step, steps);
      batch_end(step - 1, logs);
      shown.now += 0.06;
      if (fit)
        progress->on_epoch_end(epoch, logs);
      else if (predict)
        progress->on_predict_end({});
      else
        progress->on_test_end(logs);
    }
  }
  EXPECT_EQ(masked(shown.out.str()), masked(text));
}

INSTANTIATE_TEST_SUITE_P(Keras2, RecordedText,
                         testing::Values("fit1", "fit1_val", "fit2", "fit2_val", "evaluate1", "evaluate2", "predict1"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Progress, OfAnEpochThatIsResumedBeginsInItsMiddle) {
  struct Resumed : FitState {
    int epoch() const override { return 4; }
    std::int64_t batch() const override { return 2; }
    bool finished() const override { return false; }
    void state(StateVisitor&) override {}
    void go_on(std::function<void()>) override {}
  } fit;
  Shown shown;
  const auto progress = training_progress(shown.console(false));
  progress->set_params({.verbose = 1, .epochs = 9, .steps = 3});
  progress->on_train_begin({});
  progress->resume(fit);
  progress->on_train_batch_end(2, {{"loss", 1.0}});
  progress->on_epoch_end(4, {{"loss", 0.75}});
  EXPECT_EQ(shown.out.str(), "Epoch 5/9\n3/3 [==============================] - 0s 0s/step - loss: 0.7500\n");
}

}  // namespace
}  // namespace cornu::keras::callbacks

#include "cornu/keras/callbacks/progress.h"

#include <ostream>

#include "cornu/keras/callbacks/fit_state.h"
#include "cornu/keras/utils/progbar.h"

namespace cornu::keras::callbacks {

namespace {

class Progress : public Callback {
 public:
  explicit Progress(utils::Console console) : console_(std::move(console)) {}

 protected:
  void begin() {
    if (params().steps > 0) steps_ = params().steps;
    seen_ = 0;
    bar_.emplace(utils::ProgbarConfig{.target = steps_, .verbose = params().verbose}, console_);
  }
  void step(int batch, const Logs& logs) {
    seen_ = batch + 1;
    if (params().verbose == 1 && bar_) bar_->show(batch + 1, logs);
  }
  void end(const Logs& logs) {
    if (!bar_) return;
    bar_->add_stateful_metrics(logs);
    if (!steps_) bar_->set_target(*(steps_ = seen_));  // known from the end of the first epoch on
    bar_->update(*steps_, logs, true);
    bar_.reset();
  }

  utils::Console console_;
  std::optional<utils::Progbar> bar_;
  std::optional<std::int64_t> steps_;  // of an epoch, once it is known
  std::int64_t seen_ = 0;
};

class TrainingProgress final : public Progress {
 public:
  using Progress::Progress;
  void on_epoch_begin(int epoch, const Logs&) override {
    begin();
    if (params().verbose != 0 && params().epochs > 1)
      *console_.out << "Epoch " << epoch + 1 << '/' << params().epochs << '\n' << std::flush;
  }
  void resume(FitState& fit) override {
    if (fit.batch() > 0) on_epoch_begin(fit.epoch(), {});  // which the callbacks are not told again
  }
  void on_train_batch_end(int batch, const Logs& logs) override { step(batch, logs); }
  void on_epoch_end(int, const Logs& logs) override { end(logs); }
  void on_train_end(const Logs&) override {
    if (bar_) bar_->abandon();  // an epoch that Ctrl-C cut short
    bar_.reset();
  }
};

class EvaluationProgress final : public Progress {
 public:
  using Progress::Progress;
  void on_test_begin(const Logs&) override { begin(); }
  void on_test_batch_end(int batch, const Logs& logs) override { step(batch, logs); }
  void on_test_end(const Logs& logs) override { end(logs); }
};

class PredictionProgress final : public Progress {
 public:
  using Progress::Progress;
  void on_predict_begin(const Logs&) override { begin(); }
  void on_predict_batch_end(int batch, const Logs&) override { step(batch, {}); }
  void on_predict_end(const Logs&) override { end({}); }
};

}  // namespace

Shared<Callback> training_progress(utils::Console console) {
  return std::make_shared<TrainingProgress>(std::move(console));
}
Shared<Callback> evaluation_progress(utils::Console console) {
  return std::make_shared<EvaluationProgress>(std::move(console));
}
Shared<Callback> prediction_progress(utils::Console console) {
  return std::make_shared<PredictionProgress>(std::move(console));
}

}  // namespace cornu::keras::callbacks

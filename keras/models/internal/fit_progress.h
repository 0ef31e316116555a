#pragma once

#include <functional>
#include <vector>

#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/callbacks/fit_state.h"
#include "cornu/keras/callbacks/history.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/network.h"

namespace cornu::keras::models {

/// Where a fit is, and the state of all that takes part in it.
class FitProgress final : public FitState {
 public:
  struct Parts {
    Network& network;
    Training& training;
    data::Source& source;
    data::Source* validation;  ///< null: none
    const std::vector<Shared<callbacks::Callback>>& callbacks;
    History& history;
    int epochs;
    std::int64_t steps;  ///< of an epoch
  };
  FitProgress(Parts parts, int initial_epoch);

  // The epoch at work, and its batches that were trained with.
  int epochs_done;
  std::int64_t steps_done = 0;
  // The present pass over the data, which steps_per_epoch may spread over epochs.
  bool in_pass = false;
  std::int64_t passes = 0, passed = 0;  // passes that were begun, batches of the present one

  int epoch() const override { return epochs_done; }
  std::int64_t batch() const override { return steps_done; }
  bool finished() const override { return epochs_done >= parts_.epochs || stopped_; }
  void state(StateVisitor& v) override;
  void go_on(std::function<void()> when_built) override;

  /// The next pass over the data.
  void begin_pass();
  /// The epoch is over; the next one begins unless the model should stop.
  void end_epoch();
  /// To be called before the first training step runs.
  void before_step(const data::Columns& batch);
  /// Whether the epoch that goes on was to end with the batch that it was put down after.
  bool cut_short() const { return resumed_ && parts_.network.stop_training; }
  /// Of the epoch's training: also if all its steps were made by the run that this one goes on with.
  Logs results() const { return resumed_ ? figures_ : parts_.training.results(); }

 private:
  Parts parts_;
  bool source_has_state_, stopped_ = false;
  bool resumed_ = false;  // and no step was made since
  Logs figures_;          // of the run that this one goes on with
  std::function<void()> when_built_;
};

}  // namespace cornu::keras::models

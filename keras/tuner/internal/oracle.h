#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/keras/tuner/tuner.h"

namespace cornu::keras::tuner::internal {

/// How a trial is run: with new values, or on from another trial.
struct Slot {
  int epochs = 0, initial_epoch = 0;
  std::optional<int> from = std::nullopt;
};

/// The plan of a search. It has no state: what comes next follows from the trials that there are, so that a search goes
/// on after a kill.
class Oracle {
 public:
  virtual ~Oracle();
  /// What must be the same for a search that goes on: "random search".
  virtual std::string kind() const = 0;
  virtual int trials() const = 0;
  /// Trial n, with those before it; nothing if it is left out.
  virtual std::optional<Slot> slot(int n, const std::vector<Trial>& trials, bool maximize) const = 0;
};

/// The completed ones, from the best to the worst; those of equal scores in their order.
std::vector<const Trial*> ranked(const std::vector<Trial>& trials, bool maximize);

/// The common arguments of a search's config.
template <class Config>
TunerConfig common_of(const Config& c) {
  return {.objective = c.objective,
          .seed = c.seed,
          .hyperparameters = c.hyperparameters,
          .tune_new_entries = c.tune_new_entries,
          .allow_new_entries = c.allow_new_entries,
          .max_retries_per_trial = c.max_retries_per_trial,
          .max_consecutive_failed_trials = c.max_consecutive_failed_trials,
          .executions_per_trial = c.executions_per_trial,
          .directory = c.directory,
          .project_name = c.project_name,
          .overwrite = c.overwrite,
          .log_dir = c.log_dir};
}

}  // namespace cornu::keras::tuner::internal

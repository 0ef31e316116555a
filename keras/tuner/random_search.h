#pragma once

#include "cornu/keras/tuner/tuner.h"

namespace cornu::keras::tuner {

/// KerasTuner's arguments, in its order.
struct RandomSearchConfig {
  Objective objective = {};  ///< "val_accuracy"; `{"val_f1", "max"}`
  int max_trials = 10;
  CORNU_TUNER_ARGUMENTS;
};

/// Tries values at random, never the same ones twice; it ends early if there are no others. KerasTuner: `RandomSearch`.
///
///     tuner::RandomSearch search(build, {.objective = "val_accuracy", .max_trials = 20, .directory = "runs",
///                                        .log_dir = "logs"});
///     search.search(x, y, {.epochs = 5, .validation_split = 0.2});
///     models::Model best = search.get_best_models()[0];
///
/// Throws ValueError for max_trials, executions_per_trial and retries out of range, for a folder with a search of
/// another kind or objective, FormatError for one whose files are damaged, IoError where it cannot be made.
class CORNU_EXPORT RandomSearch : public Tuner {
 public:
  RandomSearch(Build build, const RandomSearchConfig& config);
  /// For `search` with a function of hyperparameters.
  explicit RandomSearch(const RandomSearchConfig& config);
};

}  // namespace cornu::keras::tuner

#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <vector>

#include "cornu/graph/hidden.h"
#include "cornu/io/path.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/tuner/trial.h"

namespace cornu::keras::tuner {

/// What every search may be told, as in KerasTuner, and `log_dir`.
#define CORNU_TUNER_ARGUMENTS                                                                                       \
  std::optional<std::uint64_t> seed = std::nullopt; /**< makes a search the same again, weights and all */          \
  HyperParameters hyperparameters = {};             /**< a space that is known before, and values that are fixed */ \
  bool tune_new_entries = true;                     /**< false: what is not in `hyperparameters` has its default */ \
  bool allow_new_entries = true;                    /**< false: what is not in `hyperparameters` is an error */     \
  int max_retries_per_trial = 0;                    /**< how often a trial is repeated that failed */               \
  int max_consecutive_failed_trials = 3;            /**< so many in a row end the search with an error */           \
  int executions_per_trial = 1;                     /**< trainings with the same values; the score is their mean */ \
  io::Path directory = ".";                         /**< where the search is written */                             \
  std::string project_name = "untitled_project";    /**< a folder in it */                                          \
  bool overwrite = false;                           /**< begins anew; else a search that is there goes on */        \
  io::Path log_dir = {}                             /**< for TensorBoard, a folder for each trial; empty: none */

struct TunerConfig {
  Objective objective;
  CORNU_TUNER_ARGUMENTS;
};

namespace internal {
class Oracle;
}

/// A search for good hyperparameters: `RandomSearch` or `Hyperband`. A handle: copies are the same search.
///
/// Each trial is written as it ends, with the weights of its best epoch; a search of that name which is there goes on
/// where it stopped or was killed, and a trial that was at work then begins again. `directory/project_name/` holds
/// `oracle.json` and for each trial `trial_0000/trial.json` and `checkpoint.h5`.
class CORNU_EXPORT Tuner {
 public:
  using Build = std::function<models::Model(HyperParameters&)>;

  /// Trains a model for each trial, made and compiled by the function that the search was given. Callbacks are used for
  /// all trials; TensorBoard's are made by `log_dir`. On Ctrl-C the trial at work is left, and `search` returns.
  /// Throws ValueError if an objective was not logged, or its direction cannot be told; what the last of
  /// `max_consecutive_failed_trials` threw, as Error.
  void search(const Arrays& x, const Arrays& y, const FitConfig& config = {});
  void search(const std::shared_ptr<data::Source>& source, const FitConfig& config = {});
  /// The same with a fit of one's own: what it is given has epochs, initial_epoch and callbacks of the trial.
  ///
  ///     search.search([&](models::Model& model, FitConfig config) { return model.fit(dataset, config); }, {.epochs =
  ///     5});
  void search(const std::function<History(models::Model&, FitConfig)>& fit, const FitConfig& config = {});
  /// The same for anything: a function of hyperparameters whose value is the objective. By default less is better.
  void search(const std::function<double(HyperParameters&)>& run);

  /// Those that were completed, from the best to the worst.
  std::vector<Trial> get_best_trials(int num_trials = 1) const;
  std::vector<HyperParameters> get_best_hyperparameters(int num_trials = 1) const;
  /// Built anew, with the weights of their best epoch. Throws ValueError where the search has no function that builds.
  std::vector<models::Model> get_best_models(int num_models = 1) const;
  /// All, in their order.
  const std::vector<Trial>& trials() const;
  /// What was asked for, with ranges.
  void search_space_summary() const;
  void search_space_summary(std::ostream& out) const;
  /// The best trials with their values and scores.
  void results_summary(int num_trials = 10) const;
  void results_summary(int num_trials, std::ostream& out) const;

 protected:
  Tuner(std::shared_ptr<internal::Oracle> oracle, TunerConfig config, Build build);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace cornu::keras::tuner

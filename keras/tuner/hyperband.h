#pragma once

#include "cornu/keras/tuner/tuner.h"

namespace cornu::keras::tuner {

/// KerasTuner's arguments, in its order.
struct HyperbandConfig {
  Objective objective = {};      ///< "val_accuracy"; `{"val_f1", "max"}`
  int max_epochs = 100;          ///< of one model
  int factor = 3;                ///< of so many models one goes on, for so many times the epochs
  int hyperband_iterations = 1;  ///< how often the whole is done
  CORNU_TUNER_ARGUMENTS;
};

/// Trains many models for few epochs, and the better ones on: Li et al., "Hyperband: A Novel Bandit-Based Approach to
/// Hyperparameter Optimization", 2018, with the brackets of KerasTuner's `Hyperband`. One iteration takes some
/// max_epochs * log(max_epochs, factor)^2 epochs. A model that goes on begins with the weights of its best epoch.
///
///     tuner::Hyperband search(build, {.objective = "val_loss", .max_epochs = 27, .directory = "runs"});
///     search.search(x, y, {.validation_data = {x_val, y_val}});
///
/// Throws as RandomSearch; ValueError for a factor below 2.
class CORNU_EXPORT Hyperband : public Tuner {
 public:
  Hyperband(Build build, const HyperbandConfig& config);
};

}  // namespace cornu::keras::tuner

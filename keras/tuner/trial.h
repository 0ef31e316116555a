#pragma once

#include <optional>
#include <string>

#include "cornu/keras/callbacks/logs.h"
#include "cornu/keras/tuner/hyperparameters.h"

namespace cornu::keras::tuner {

/// What a search looks at: a figure of the logs, and which direction is the better one. KerasTuner: `Objective`.
struct Objective {
  Objective() = default;
  Objective(const char* name) : name(name) {}             // NOLINT: a name
  Objective(std::string name) : name(std::move(name)) {}  // NOLINT: a name
  Objective(std::string name, std::string direction) : name(std::move(name)), direction(std::move(direction)) {}
  std::string name = "objective";
  std::string direction = "auto";  ///< "min", "max"; "auto": as the figure's name or metric says
};

/// One try of a search.
struct Trial {
  int number = 0;        ///< from 0
  std::string trial_id;  ///< the number in digits, the folder's name
  HyperParameters hyperparameters;
  std::string status = "RUNNING";  ///< then "COMPLETED", "FAILED" (it threw) or "INVALID" (its score is NaN)
  std::optional<double> score = std::nullopt;  ///< the objective at the best epoch; the mean of all executions
  int best_step = 0;                           ///< that epoch, of the last execution
  Logs metrics = {};                           ///< all figures of that epoch; means likewise
  std::string message = {};                    ///< why it failed
  int epochs = 0, initial_epoch = 0;           ///< of Hyperband; 0: as `search` was told
  std::optional<int> from = std::nullopt;      ///< of Hyperband: the trial whose weights it begins with
};

}  // namespace cornu::keras::tuner

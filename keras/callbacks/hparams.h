#pragma once

#include <memory>
#include <string>

#include "cornu/io/path.h"
#include "cornu/io/tensorboard/summaries/hparams.h"
#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct HParamsConfig {
  io::Path log_dir = "logs";                         ///< of this trial; trials are folders side by side
  io::tensorboard::summaries::HParams hparams = {};  ///< `{{"units", 512}, {"optimizer", "rmsprop"}}`
  std::string trial_id = {};                         ///< the same for repetitions of one trial; empty: by the values
  std::shared_ptr<Callback> make() const;
};

/// Enters a training in TensorBoard's HParams dashboard: its hyperparameters, when it began and ended, and the figures
/// of its epochs by their names in the logs ("accuracy", "val_loss"), of which the table shows the last. TensorBoard:
/// `hp.KerasCallback`.
///
///     for (int units : {128, 512}) {
///       const std::string folder = "logs/units_" + std::to_string(units);
///       …
///       model.fit(x, y, {.callbacks = {callbacks::TensorBoard(folder), callbacks::HParams({.log_dir = folder, .hparams
///       = {{"units", units}}})}});
///     }
///
/// A fit that did not end is a failure. Throws ValueError for a hyperparameter without a name and for numbers that are
/// not finite, IoError when training begins if the folder cannot be made.
class CORNU_EXPORT HParams : public Handle<Callback, HParamsConfig> {
 public:
  HParams(HParamsConfig config);  // NOLINT: from a config
};

}  // namespace cornu::keras::callbacks

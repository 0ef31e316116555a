#pragma once

#include <optional>
#include <string>

#include "cornu/io/path.h"
#include "cornu/io/tensorboard/summary_writer.h"
#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct HParamsConfig {
  io::Path log_dir = "logs";                         ///< of this trial; trials are folders side by side
  io::tensorboard::summaries::HParams hparams = {};  ///< `{{"units", 512}, {"optimizer", "rmsprop"}}`
  std::string trial_id = {};                         ///< the same for repetitions of one trial; empty: by the values
};

/// What the handle `HParams` makes.
class CORNU_EXPORT HParamsCallback : public Callback {
 public:
  /// Throws ValueError for a hyperparameter without a name and for numbers that are not finite.
  explicit HParamsCallback(HParamsConfig config);
  /// A fit that did not end is a failure.
  ~HParamsCallback() override;
  HParamsCallback(HParamsCallback&&) noexcept;
  HParamsCallback& operator=(HParamsCallback&&) noexcept;

  void on_train_begin(const Logs& logs) override;
  void on_epoch_end(int epoch, const Logs& logs) override;
  void on_train_end(const Logs& logs) override;

 private:
  void describe(const Logs& logs);
  void end(io::tensorboard::summaries::Status status);

  HParamsConfig config_;
  std::optional<io::tensorboard::SummaryWriter> writer_;  // while a fit runs
  bool described_ = false;
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
/// Throws IoError when training begins if the folder cannot be made.
class CORNU_EXPORT HParams : public Handle<HParamsCallback, HParamsConfig> {
 public:
  HParams(HParamsConfig config);  // NOLINT: from a config
};

}  // namespace cornu::keras::callbacks

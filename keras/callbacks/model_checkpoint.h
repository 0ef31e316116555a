#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/callbacks/frequency.h"
#include "cornu/keras/callbacks/monitor.h"

namespace cornu::keras::callbacks {

struct ModelCheckpointConfig {
  io::Path filepath = {};  ///< with fields as Python's format: "model.{epoch:02d}-{val_loss:.2f}.h5"; ends with .h5
  std::string monitor = "val_loss";
  int verbose = 0;              ///< 1: says so
  bool save_best_only = false;  ///< only when `monitor` is better than ever
  bool save_weights_only = false;
  std::string mode = "auto";                                     ///< "min", "max", or "auto": by the figure's name
  Frequency save_freq = "epoch";                                 ///< or after so many batches
  std::optional<double> initial_value_threshold = std::nullopt;  ///< what there is to beat from the start
  std::optional<int> max_to_keep = std::nullopt;  ///< of the files that it saved the last so many stay; nullopt: all
  using positional = Positions<&ModelCheckpointConfig::filepath>;
};

class CORNU_EXPORT ModelCheckpointCallback : public Callback {
 public:
  /// Throws ValueError for a path or a frequency that cannot be used.
  explicit ModelCheckpointCallback(ModelCheckpointConfig config);

  void on_epoch_begin(int epoch, const Logs& logs) override;
  void on_train_batch_end(int batch, const Logs& logs) override;
  void on_epoch_end(int epoch, const Logs& logs) override;
  void state(StateVisitor& v) override;

  /// The best value; NaN before there is any.
  double best() const { return best_.value_or(std::numeric_limits<double>::quiet_NaN()); }

 private:
  std::string path(std::optional<int> batch, const Logs& logs) const;
  bool wanted(const Logs& logs, const std::string& path);
  void save(std::optional<int> batch, const Logs& logs);
  void remove_older(const std::string& newest);

  ModelCheckpointConfig config_;
  Monitor monitor_;
  std::optional<double> best_;
  int epoch_ = 0;
  int batches_ = 0;                 // since the last saving, if it goes by batches
  std::vector<std::string> saved_;  // the files that are kept, oldest first, if only some are
};

/// Saves the model (or its weights) after each epoch or so many batches, or the best one only (Keras' ModelCheckpoint).
/// Folders are made as needed. Fields of `filepath`: `epoch` (from 1), everything that is logged, and with a number of
/// batches as `save_freq` also `batch` (from 1); an unknown one throws ValueError. If nothing was logged as `monitor`,
/// it warns and saves. `max_to_keep` (of Keras' OrbaxCheckpoint) removes the oldest file that it saved whenever there
/// is one more: with fields in `filepath`, the last so many stay.
///
///     callbacks::ModelCheckpoint("best.h5", {.monitor = "val_loss", .save_best_only = true})
class CORNU_EXPORT ModelCheckpoint : public Handle<ModelCheckpointCallback, ModelCheckpointConfig> {
 public:
  ModelCheckpoint(ModelCheckpointConfig config);  // NOLINT: from a config
  explicit ModelCheckpoint(io::Path filepath, ModelCheckpointConfig config = {});
};

}  // namespace cornu::keras::callbacks

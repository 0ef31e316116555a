#pragma once

#include <memory>

#include "cornu/io/path.h"
#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/callbacks/frequency.h"

namespace cornu::keras::callbacks {

struct BackupAndRestoreConfig {
  io::Path backup_dir = {};       ///< a folder for the checkpoints of this run alone
  Frequency save_freq = "epoch";  ///< after each epoch, or after so many batches
  bool double_checkpoint = true;  ///< keeps the last two checkpoints instead of one, should the last one be damaged
  bool delete_checkpoint = true;  ///< when the training has come to its end
  using positional = Positions<&BackupAndRestoreConfig::backup_dir>;
  std::shared_ptr<Callback> make() const;
};

/// A run that is killed goes on when the program is started again (Keras' BackupAndRestore), and ends with the same
/// bits as one that nobody killed: weights, figures of all epochs, files of other callbacks.
///
///     model.fit(x, y, {.epochs = 50, .callbacks = {callbacks::BackupAndRestore("backup", {.save_freq = 500})}});
///
/// A checkpoint holds all that FitState visits: weights, optimizer, schedule, moving averages, stateful layers, random
/// states, running metrics, order and position of the data, epoch and batch, history, and the states of the other
/// callbacks. It is copied while the training waits and written while it goes on; a file is there as a whole or not at
/// all. When `fit` begins, the newest whole one is read; one that is damaged is passed over with a warning.
///
/// If writing fails (a full disk), there is a warning, the training goes on, and the checkpoints that are there stay.
/// Throws ValueError for an empty folder, a frequency that cannot be used, a model that is not built when `fit` begins,
/// and a checkpoint of another run, which it names with the difference; then the model is as it was. Throws IoError if
/// the folder cannot be made. Unlike Keras it keeps two checkpoints by default, and removes its own files alone.
class CORNU_EXPORT BackupAndRestore : public Handle<Callback, BackupAndRestoreConfig> {
 public:
  BackupAndRestore(BackupAndRestoreConfig config);  // NOLINT: from a config
  explicit BackupAndRestore(io::Path backup_dir, BackupAndRestoreConfig config = {});
};

}  // namespace cornu::keras::callbacks

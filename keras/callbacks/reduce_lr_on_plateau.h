#pragma once

#include <limits>
#include <optional>
#include <string>

#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/callbacks/monitor.h"

namespace cornu::keras::callbacks {

struct ReduceLROnPlateauConfig {
  std::string monitor = "val_loss";
  double factor = 0.1;        ///< new rate = rate * factor; below 1
  int patience = 10;          ///< epochs without a gain after which the rate is lowered
  int verbose = 0;            ///< 1: says so
  std::string mode = "auto";  ///< "min", "max", or "auto": by the figure's name
  double min_delta = 1e-4;    ///< what must be gained to count
  int cooldown = 0;           ///< epochs after lowering in which nothing counts
  double min_lr = 0;
  using positional = Positions<&ReduceLROnPlateauConfig::monitor>;
};

class CORNU_EXPORT ReduceLROnPlateauCallback : public Callback {
 public:
  /// Throws ValueError for a factor of 1 or more.
  explicit ReduceLROnPlateauCallback(ReduceLROnPlateauConfig config = {});

  void on_train_begin(const Logs& logs) override;
  void add_to_logs(int epoch, Logs& logs) override;  ///< "learning_rate": the one of this epoch
  void on_epoch_end(int epoch, const Logs& logs) override;
  void state(StateVisitor& v) override;

  /// The best value; NaN before there is any.
  double best() const { return best_.value_or(std::numeric_limits<double>::quiet_NaN()); }
  /// Epochs since the last gain, and how many epochs of cooling down are left.
  int wait() const { return wait_; }
  int cooldown_counter() const { return cooldown_counter_; }

 private:
  void reduce(int epoch);

  ReduceLROnPlateauConfig config_;
  Monitor monitor_;
  std::optional<double> best_;
  int wait_ = 0, cooldown_counter_ = 0;
};

/// Lowers the learning rate when a figure no longer gets better (Keras' ReduceLROnPlateau). If nothing was logged as
/// `monitor`, it warns and waits. Throws TypeError in training if the rate follows a schedule.
///
///     callbacks::ReduceLROnPlateau("val_loss", {.factor = 0.2, .patience = 5, .min_lr = 1e-5})
using ReduceLROnPlateau = Handle<ReduceLROnPlateauCallback, ReduceLROnPlateauConfig>;

}  // namespace cornu::keras::callbacks

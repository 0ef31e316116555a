#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/callbacks/monitor.h"

namespace cornu::keras::callbacks {

struct EarlyStoppingConfig {
  std::string monitor = "val_loss";
  double min_delta = 0;                           ///< what must be gained to count
  int patience = 0;                               ///< epochs without a gain after which training stops
  int verbose = 0;                                ///< 1: says so
  std::string mode = "auto";                      ///< "min", "max", or "auto": by the figure's name
  std::optional<double> baseline = std::nullopt;  ///< only better values than this restart the waiting
  bool restore_best_weights = false;              ///< at the end of the training, stopped early or not
  int start_from_epoch = 0;                       ///< epochs before it do not count
  using positional = Positions<&EarlyStoppingConfig::monitor>;
};

class CORNU_EXPORT EarlyStoppingCallback : public Callback {
 public:
  explicit EarlyStoppingCallback(EarlyStoppingConfig config = {});

  void on_train_begin(const Logs& logs) override;
  void on_epoch_end(int epoch, const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  /// The waiting, the best value and the best weights.
  void state(StateVisitor& v) override;

  /// The epoch (from 0) after which it stopped; 0: it did not.
  int stopped_epoch() const { return stopped_epoch_; }
  /// The best value and its epoch (from 0); NaN and 0 before there is any.
  double best() const { return best_.value_or(std::numeric_limits<double>::quiet_NaN()); }
  int best_epoch() const { return best_epoch_; }
  /// Epochs since the last gain.
  int wait() const { return wait_; }
  /// Empty without `restore_best_weights`.
  const std::vector<graph::Array>& best_weights() const { return best_weights_; }

 private:
  EarlyStoppingConfig config_;
  Monitor monitor_;
  std::optional<double> best_;
  std::vector<graph::Array> best_weights_;
  int wait_ = 0, stopped_epoch_ = 0, best_epoch_ = 0;
};

/// Stops when a figure no longer gets better (Keras' EarlyStopping). If nothing was logged as `monitor`, it warns and
/// waits.
///
///     callbacks::EarlyStopping early("val_loss", {.patience = 3, .restore_best_weights = true});
///     model.fit(x, y, {.epochs = 100, .callbacks = {early}, .validation_split = 0.2});
///     early->best_epoch();
using EarlyStopping = Handle<EarlyStoppingCallback, EarlyStoppingConfig>;

}  // namespace cornu::keras::callbacks

#include "cornu/keras/callbacks/early_stopping.h"

#include "cornu/keras/callbacks/internal/state_fields.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::callbacks {

EarlyStoppingCallback::EarlyStoppingCallback(EarlyStoppingConfig config)
    : config_(std::move(config)), monitor_("EarlyStopping", config_.monitor, config_.mode, config_.min_delta) {}

void EarlyStoppingCallback::on_train_begin(const Logs&) {
  wait_ = stopped_epoch_ = best_epoch_ = 0;
  best_.reset();
  best_weights_.clear();
}

void EarlyStoppingCallback::on_epoch_end(int epoch, const Logs& logs) {
  monitor_.settle(model());
  const double* current = logs.find(monitor_.name());
  if (current == nullptr) {
    utils::warn(graph::message("Early stopping conditioned on metric `", monitor_.name(),
                               "` which is not available. Available metrics are: ", available(logs)));
    return;
  }
  if (epoch < config_.start_from_epoch) return;
  if (config_.restore_best_weights && best_weights_.empty()) {  // should no value ever be better than NaN
    best_weights_ = model().get_weights();
    best_epoch_ = epoch;
  }

  ++wait_;
  if (monitor_.improves(*current, best_)) {
    best_ = *current;
    best_epoch_ = epoch;
    if (config_.restore_best_weights) best_weights_ = model().get_weights();
    if (!config_.baseline || monitor_.improves(*current, config_.baseline)) wait_ = 0;
    return;
  }
  if (wait_ >= config_.patience && epoch > 0) {
    stopped_epoch_ = epoch;
    model().stop_training = true;
  }
}

void EarlyStoppingCallback::on_train_end(const Logs&) {
  if (stopped_epoch_ > 0 && config_.verbose > 0)
    utils::print_message(graph::message("Epoch ", stopped_epoch_ + 1, ": early stopping"));
  if (best_weights_.empty()) return;
  if (config_.verbose > 0)
    utils::print_message(
        graph::message("Restoring model weights from the end of the best epoch: ", best_epoch_ + 1, "."));
  model().set_weights(best_weights_);
}

void EarlyStoppingCallback::state(StateVisitor& v) {
  internal::figure_field(v, "best", best_);
  internal::count_field(v, "wait", wait_);
  internal::count_field(v, "stopped_epoch", stopped_epoch_);
  internal::count_field(v, "best_epoch", best_epoch_);
  auto kept = static_cast<std::int64_t>(best_weights_.size());
  v("best_weights", kept);
  if (kept == 0) best_weights_.clear();
  if (kept > 0 && best_weights_.empty()) best_weights_ = model().get_weights();
  for (std::size_t i = 0; i < best_weights_.size(); ++i) {
    graph::Variable weight(best_weights_[i], "best_weight", false);
    v(graph::message("best_weight_", i), weight);
    best_weights_[i] = weight.value();
  }
}

}  // namespace cornu::keras::callbacks

#include "cornu/keras/callbacks/reduce_lr_on_plateau.h"

#include <algorithm>

#include "cornu/keras/callbacks/internal/state_fields.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/utils/console.h"
#include "cornu/keras/utils/internal/python_format.h"

namespace cornu::keras::callbacks {

ReduceLROnPlateauCallback::ReduceLROnPlateauCallback(ReduceLROnPlateauConfig config)
    : config_(std::move(config)), monitor_("ReduceLROnPlateau", config_.monitor, config_.mode, config_.min_delta) {
  graph::require<ValueError>(config_.factor < 1, "ReduceLROnPlateau: factor must be below 1, got ", config_.factor);
}

void ReduceLROnPlateauCallback::on_train_begin(const Logs&) {
  best_.reset();
  wait_ = cooldown_counter_ = 0;
}

void ReduceLROnPlateauCallback::add_to_logs(int, Logs& logs) {
  logs.set("learning_rate", model().optimizer()->learning_rate());
}

void ReduceLROnPlateauCallback::on_epoch_end(int epoch, const Logs& logs) {
  monitor_.settle(model());
  const double* current = logs.find(monitor_.name());
  if (current == nullptr) {
    utils::warn(graph::message("Learning rate reduction is conditioned on metric `", monitor_.name(),
                               "` which is not available. Available metrics are: ", available(logs), "."));
    return;
  }
  if (cooldown_counter_ > 0) {
    --cooldown_counter_;
    wait_ = 0;
  }
  if (monitor_.improves(*current, best_)) {
    best_ = *current;
    wait_ = 0;
  } else if (cooldown_counter_ == 0 && ++wait_ >= config_.patience) {
    reduce(epoch);
  }
}

void ReduceLROnPlateauCallback::reduce(int epoch) {
  const auto optimizer = model().optimizer();
  const double rate = optimizer->learning_rate();
  if (rate <= static_cast<double>(static_cast<float>(config_.min_lr))) return;  // the rate is a float32 number
  const double lower = std::max(rate * config_.factor, config_.min_lr);
  optimizer->set_learning_rate(lower);
  if (config_.verbose > 0)
    utils::print_message(graph::message("\nEpoch ", epoch + 1, ": ReduceLROnPlateau reducing learning rate to ",
                                        utils::python_repr(lower), "."));
  cooldown_counter_ = config_.cooldown;
  wait_ = 0;
}

void ReduceLROnPlateauCallback::state(StateVisitor& v) {
  internal::figure_field(v, "best", best_);
  internal::count_field(v, "wait", wait_);
  internal::count_field(v, "cooldown_counter", cooldown_counter_);
}

}  // namespace cornu::keras::callbacks

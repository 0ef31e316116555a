#include "cornu/keras/callbacks/learning_rate_scheduler.h"

#include "cornu/keras/models/model.h"
#include "cornu/keras/utils/console.h"
#include "cornu/keras/utils/internal/python_format.h"

namespace cornu::keras::callbacks {

LearningRateSchedulerCallback::LearningRateSchedulerCallback(LearningRateSchedulerConfig config)
    : config_(std::move(config)) {
  graph::require<ValueError>(
      static_cast<bool>(config_.schedule),
      "LearningRateScheduler: schedule must be a function of the epoch, or of the epoch and the rate");
}

void LearningRateSchedulerCallback::on_epoch_begin(int epoch, const Logs&) {
  const auto optimizer = model().optimizer();
  const double rate = config_.schedule(epoch, optimizer->learning_rate());
  optimizer->set_learning_rate(rate);
  if (config_.verbose > 0)
    utils::print_message(graph::message("\nEpoch ", epoch + 1, ": LearningRateScheduler setting learning rate to ",
                                        utils::python_repr(rate), "."));
}

void LearningRateSchedulerCallback::add_to_logs(int, Logs& logs) {
  logs.set("learning_rate", model().optimizer()->learning_rate());
}

LearningRateScheduler::LearningRateScheduler(LearningRateSchedulerConfig config) : Handle(std::move(config)) {}
LearningRateScheduler::LearningRateScheduler(Schedule schedule, int verbose) : Handle({std::move(schedule), verbose}) {}

}  // namespace cornu::keras::callbacks

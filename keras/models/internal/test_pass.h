#pragma once

#include "cornu/keras/models/internal/interrupt.h"
#include "cornu/keras/models/internal/run.h"

namespace cornu::keras::models {

/// One pass in test mode, which Ctrl-C cuts short where somebody watches for it.
template <class Run>
Logs test_pass(Training& training, Run& run, std::int64_t steps, const Listening& listening,
               const InterruptWatch* interrupt = nullptr) {
  training.reset_metrics();
  listening.tell(&callbacks::Callback::on_test_begin, Logs{});
  const PassEnd pass_end(*run.source);
  run.source->begin_epoch();
  for (std::int64_t i = 0; i < steps && !(interrupt && interrupt->interrupted()); ++i) {
    const data::Columns* batch = run.next();
    if (batch == nullptr) {
      graph::require<graph::ValueError>(i > 0, "the data has no batches to evaluate");
      break;
    }
    listening.tell(&callbacks::Callback::on_test_batch_begin, static_cast<int>(i), Logs{});
    training.test_step(*batch);
    const Training::StepLogs logs(training);
    listening.tell(&callbacks::Callback::on_test_batch_end, static_cast<int>(i), *logs);
  }
  run.source->end_epoch();
  const Logs logs = training.results();
  listening.tell(&callbacks::Callback::on_test_end, logs);
  return logs;
}

}  // namespace cornu::keras::models

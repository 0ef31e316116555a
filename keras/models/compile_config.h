#pragma once

#include "cornu/keras/losses/loss.h"
#include "cornu/keras/metrics/metric.h"
#include "cornu/keras/models/per_output.h"
#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras {

/// `compile`'s arguments, in Keras' order. Losses, weights and metrics are for all outputs, or by the outputs' order or
/// names (see PerOutput).
struct CompileConfig {
  Arg<optimizers::Optimizer> optimizer = "rmsprop";
  PerOutput<Arg<losses::Loss>> loss = {};
  PerOutput<double> loss_weights = {};
  ListPerOutput<Arg<metrics::Metric>> metrics = {};
  ListPerOutput<Arg<metrics::Metric>> weighted_metrics = {};
  int threads = 0;       ///< limits the model's computations; 0: to what `set_threads` said, else to what OpenMP gives
  int cached_plans = 0;  ///< how many shapes of batches keep their compiled steps; 0: as before, 16 unless it was set
};

}  // namespace cornu::keras

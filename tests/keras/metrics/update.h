#pragma once

#include "cornu/keras/metrics/metric.h"
#include "tests/support/evaluate.h"

namespace cornu::tests {

/// What a metric says after one more batch.
inline graph::Array updated(const keras::Shared<keras::metrics::Metric>& metric, const graph::Array& y_true,
                            const graph::Array& y_pred, const graph::Tensor& sample_weight = {}) {
  keras::Context ctx;
  metric->update_state(y_true, y_pred, sample_weight, ctx);
  run(ctx);
  return metric->result();
}

}  // namespace cornu::tests

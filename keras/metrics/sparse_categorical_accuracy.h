#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct SparseCategoricalAccuracyConfig {
  std::string name = "sparse_categorical_accuracy";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT SparseCategoricalAccuracyMetric : public MeanMetricWrapper {
 public:
  explicit SparseCategoricalAccuracyMetric(SparseCategoricalAccuracyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kUp; }
  void fields(ConfigVisitor& v) override;

 private:
  SparseCategoricalAccuracyConfig config_;
};

/// How often the most probable class is that of the label: (…) or (…, 1), (…, n). Keras: `SparseCategoricalAccuracy`.
using SparseCategoricalAccuracy = Handle<SparseCategoricalAccuracyMetric, SparseCategoricalAccuracyConfig>;

}  // namespace cornu::keras::metrics

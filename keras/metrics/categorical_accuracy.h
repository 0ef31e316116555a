#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct CategoricalAccuracyConfig {
  std::string name = "categorical_accuracy";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT CategoricalAccuracyMetric : public MeanMetricWrapper {
 public:
  explicit CategoricalAccuracyMetric(CategoricalAccuracyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kUp; }
  void fields(ConfigVisitor& v) override;

 private:
  CategoricalAccuracyConfig config_;
};

/// How often the most probable class is that of the one-hot target: (…, n), (…, n). Keras: `CategoricalAccuracy`.
using CategoricalAccuracy = Handle<CategoricalAccuracyMetric, CategoricalAccuracyConfig>;

}  // namespace cornu::keras::metrics

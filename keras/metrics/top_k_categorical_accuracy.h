#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct TopKCategoricalAccuracyConfig {
  int k = 5;
  std::string name = "top_k_categorical_accuracy";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
    v("k", k);
  }
};

class CORNU_EXPORT TopKCategoricalAccuracyMetric : public MeanMetricWrapper {
 public:
  explicit TopKCategoricalAccuracyMetric(TopKCategoricalAccuracyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kUp; }
  void fields(ConfigVisitor& v) override;

 private:
  TopKCategoricalAccuracyConfig config_;
};

/// How often the label's class is among the k most probable ones: (…, n) one-hot, (…, n). Keras:
/// `TopKCategoricalAccuracy`. Throws ValueError for a k below 1.
using TopKCategoricalAccuracy = Handle<TopKCategoricalAccuracyMetric, TopKCategoricalAccuracyConfig>;

}  // namespace cornu::keras::metrics

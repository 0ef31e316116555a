#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct SparseTopKCategoricalAccuracyConfig {
  int k = 5;
  std::string name = "sparse_top_k_categorical_accuracy";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
    v("k", k);
  }
};

class CORNU_EXPORT SparseTopKCategoricalAccuracyMetric : public MeanMetricWrapper {
 public:
  explicit SparseTopKCategoricalAccuracyMetric(SparseTopKCategoricalAccuracyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kUp; }
  void fields(ConfigVisitor& v) override;

 private:
  SparseTopKCategoricalAccuracyConfig config_;
};

/// How often the label's class is among the k most probable ones: (…) or (…, 1), (…, n). Keras:
/// `SparseTopKCategoricalAccuracy`. Throws ValueError for a k below 1.
using SparseTopKCategoricalAccuracy = Handle<SparseTopKCategoricalAccuracyMetric, SparseTopKCategoricalAccuracyConfig>;

}  // namespace cornu::keras::metrics

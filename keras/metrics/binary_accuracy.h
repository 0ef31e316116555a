#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct BinaryAccuracyConfig {
  std::string name = "binary_accuracy";
  std::string dtype = "float32";  ///< the only one
  double threshold = 0.5;

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
    v("threshold", threshold);
  }
};

class CORNU_EXPORT BinaryAccuracyMetric : public MeanMetricWrapper {
 public:
  explicit BinaryAccuracyMetric(BinaryAccuracyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kUp; }
  void fields(ConfigVisitor& v) override;

 private:
  BinaryAccuracyConfig config_;
};

/// How often predictions above the threshold meet a target of 1, and the others one of 0: (…, n), (…, n). Keras:
/// `BinaryAccuracy`. Throws ValueError unless the threshold is finite.
using BinaryAccuracy = Handle<BinaryAccuracyMetric, BinaryAccuracyConfig>;

}  // namespace cornu::keras::metrics

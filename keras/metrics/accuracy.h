#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct AccuracyConfig {
  std::string name = "accuracy";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT AccuracyMetric : public MeanMetricWrapper {
 public:
  explicit AccuracyMetric(AccuracyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kUp; }
  void fields(ConfigVisitor& v) override;

 private:
  AccuracyConfig config_;
};

/// How often predictions equal targets, as they are (for the word "accuracy" in `compile` see Metric::from_name).
/// Keras: `Accuracy`.
using Accuracy = Handle<AccuracyMetric, AccuracyConfig>;

}  // namespace cornu::keras::metrics

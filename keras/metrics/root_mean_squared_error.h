#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct RootMeanSquaredErrorConfig {
  std::string name = "root_mean_squared_error";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT RootMeanSquaredErrorMetric : public MeanMetricWrapper {
 public:
  explicit RootMeanSquaredErrorMetric(RootMeanSquaredErrorConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  bool heeds_mask() const override { return false; }
  Array result() const override;
  Direction direction() const override { return Direction::kDown; }
  void fields(ConfigVisitor& v) override;

 private:
  RootMeanSquaredErrorConfig config_;
};

/// The square root of the mean of (y_true - y_pred)^2: (…), (…). Keras: `RootMeanSquaredError`.
using RootMeanSquaredError = Handle<RootMeanSquaredErrorMetric, RootMeanSquaredErrorConfig>;

}  // namespace cornu::keras::metrics

#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct MeanSquaredErrorConfig {
  std::string name = "mean_squared_error";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT MeanSquaredErrorMetric : public MeanMetricWrapper {
 public:
  explicit MeanSquaredErrorMetric(MeanSquaredErrorConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kDown; }
  void fields(ConfigVisitor& v) override;

 private:
  MeanSquaredErrorConfig config_;
};

/// The mean of (y_true - y_pred)^2: (…, n), (…, n). Keras: `MeanSquaredError`.
using MeanSquaredError = Handle<MeanSquaredErrorMetric, MeanSquaredErrorConfig>;

}  // namespace cornu::keras::metrics

#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct MeanAbsoluteErrorConfig {
  std::string name = "mean_absolute_error";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT MeanAbsoluteErrorMetric : public MeanMetricWrapper {
 public:
  explicit MeanAbsoluteErrorMetric(MeanAbsoluteErrorConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kDown; }
  void fields(ConfigVisitor& v) override;

 private:
  MeanAbsoluteErrorConfig config_;
};

/// The mean of |y_true - y_pred|: (…, n), (…, n). Keras: `MeanAbsoluteError`.
using MeanAbsoluteError = Handle<MeanAbsoluteErrorMetric, MeanAbsoluteErrorConfig>;

}  // namespace cornu::keras::metrics

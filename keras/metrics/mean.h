#pragma once

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

struct MeanConfig {
  std::string name = "mean";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT MeanMetric : public Metric {
 public:
  explicit MeanMetric(MeanConfig config = {});
  void update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override;
  Array result() const override;
  void fields(ConfigVisitor& v) override;

 private:
  MeanConfig config_;
  Variable total_, count_;
};

/// The (weighted) mean of values over samples: `update_state(values, {}, sample_weight, ctx)`. Keras: `Mean`. Values of
/// rank 2 and more are averaged over all axes but the first, or but those of the sample weights before they are
/// weighted. Throws ValueError if predictions are given.
using Mean = Handle<MeanMetric, MeanConfig>;

}  // namespace cornu::keras::metrics

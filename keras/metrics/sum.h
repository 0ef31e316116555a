#pragma once

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

struct SumConfig {
  std::string name = "sum";
  std::string dtype = "float32";  ///< the only one

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
  }
};

class CORNU_EXPORT SumMetric : public Metric {
 public:
  explicit SumMetric(SumConfig config = {});
  void update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override;
  Array result() const override;
  void fields(ConfigVisitor& v) override;

 private:
  SumConfig config_;
  Variable total_;
};

/// The (weighted) sum of values: `update_state(values, {}, sample_weight, ctx)`. Keras: `Sum`. Throws ValueError if
/// predictions are given.
using Sum = Handle<SumMetric, SumConfig>;

}  // namespace cornu::keras::metrics

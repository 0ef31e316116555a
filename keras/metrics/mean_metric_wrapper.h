#pragma once

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

/// The mean over samples of a function of targets and predictions. Keras: `MeanMetricWrapper`. Deriving from it and
/// giving `values` makes a metric of one's own.
class CORNU_EXPORT MeanMetricWrapper : public Metric {
 public:
  explicit MeanMetricWrapper(std::string name);

  /// Float32: one value per sample (…), or more, which are averaged over all axes but the first; a scalar counts as one
  /// sample.
  virtual Tensor values(const Tensor& y_true, const Tensor& y_pred) const = 0;
  /// Which values count where there are sample weights: bool, of the values' shape; undefined: all.
  virtual Tensor valid(const Tensor& y_true, const Tensor& y_pred) const;

  /// Whether the mask of the predictions says which values count, too. (Keras: not for a metric that is no
  /// MeanMetricWrapper there.)
  virtual bool heeds_mask() const { return true; }

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override;
  Array result() const override;

 private:
  Variable total_, count_;
};

}  // namespace cornu::keras::metrics

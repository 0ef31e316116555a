#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

/// "accuracy" and "crossentropy": the binary, sparse or categorical metric that targets and outputs tell of, chosen at
/// each update.
class CORNU_EXPORT ByShape : public MeanMetricWrapper {
 public:
  /// `kind`: "accuracy" or "crossentropy".
  explicit ByShape(std::string kind) : MeanMetricWrapper(kind), kind_(std::move(kind)) {}
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return kind_ == "accuracy" ? Direction::kUp : Direction::kDown; }
  /// The metric of that class for such targets and outputs.
  Shared<MeanMetricWrapper> chosen(const Shape& y_true, const Shape& y_pred) const;

 private:
  std::string kind_;
};
struct AccuracyByShape final : ByShape {
  AccuracyByShape() : ByShape("accuracy") {}
};
struct CrossentropyByShape final : ByShape {
  CrossentropyByShape() : ByShape("crossentropy") {}
};

}  // namespace cornu::keras::metrics

#include "cornu/keras/metrics/by_shape.h"

#include "cornu/keras/losses/by_shape.h"

namespace cornu::keras::metrics {

static const bool by_shape_registered = registry().add<AccuracyByShape>("accuracy", {"acc"}, {.by_name = true}) &&
                                        registry().add<CrossentropyByShape>("crossentropy", {"ce"}, {.by_name = true});

Shared<MeanMetricWrapper> ByShape::chosen(const Shape& y_true, const Shape& y_pred) const {
  const losses::Labels labels = losses::labels_of(y_true, y_pred);
  const char* which = labels == losses::Labels::binary   ? "binary_"
                      : labels == losses::Labels::sparse ? "sparse_categorical_"
                                                         : "categorical_";
  return std::dynamic_pointer_cast<MeanMetricWrapper>(registry().make(which + kind_));
}

Tensor ByShape::values(const Tensor& y_true, const Tensor& y_pred) const {
  return chosen(y_true.shape(), y_pred.shape())->values(y_true, y_pred);
}

Shared<Metric> resolve(const Shared<Metric>& metric, const Spec& y_true, const Spec& y_pred) {
  const auto by_shape = metric ? metric.as<ByShape>() : Shared<ByShape>();
  if (!by_shape) return metric;
  Shared<Metric> chosen = by_shape->chosen(y_true.shape, y_pred.shape);
  chosen->rename(metric->name());
  return chosen;
}

}  // namespace cornu::keras::metrics

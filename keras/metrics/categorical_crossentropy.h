#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct CategoricalCrossentropyConfig {
  std::string name = "categorical_crossentropy";
  std::string dtype = "float32";  ///< the only one
  bool from_logits = false;       ///< predictions are logits, not probabilities
  double label_smoothing = 0;
  int axis = -1;

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
    v("from_logits", from_logits);
    v("label_smoothing", label_smoothing);
    v("axis", axis);
  }
};

class CORNU_EXPORT CategoricalCrossentropyMetric : public MeanMetricWrapper {
 public:
  explicit CategoricalCrossentropyMetric(CategoricalCrossentropyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kDown; }
  void fields(ConfigVisitor& v) override;

 private:
  CategoricalCrossentropyConfig config_;
};

/// The mean of the loss of that name, losses::CategoricalCrossentropy, with its arguments. Keras:
/// `CategoricalCrossentropy`.
using CategoricalCrossentropy = Handle<CategoricalCrossentropyMetric, CategoricalCrossentropyConfig>;

}  // namespace cornu::keras::metrics

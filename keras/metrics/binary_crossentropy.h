#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct BinaryCrossentropyConfig {
  std::string name = "binary_crossentropy";
  std::string dtype = "float32";  ///< the only one
  bool from_logits = false;       ///< predictions are logits, not probabilities
  double label_smoothing = 0;

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
    v("from_logits", from_logits);
    v("label_smoothing", label_smoothing);
  }
};

class CORNU_EXPORT BinaryCrossentropyMetric : public MeanMetricWrapper {
 public:
  explicit BinaryCrossentropyMetric(BinaryCrossentropyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kDown; }
  void fields(ConfigVisitor& v) override;

 private:
  BinaryCrossentropyConfig config_;
};

/// The mean of the loss of that name, losses::BinaryCrossentropy, with its arguments. Keras: `BinaryCrossentropy`.
using BinaryCrossentropy = Handle<BinaryCrossentropyMetric, BinaryCrossentropyConfig>;

}  // namespace cornu::keras::metrics

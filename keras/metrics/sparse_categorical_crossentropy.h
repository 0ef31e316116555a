#pragma once

#include <optional>

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

struct SparseCategoricalCrossentropyConfig {
  std::string name = "sparse_categorical_crossentropy";
  std::string dtype = "float32";  ///< the only one
  bool from_logits = false;       ///< predictions are logits, not probabilities
  std::optional<int> ignore_class = std::nullopt;
  int axis = -1;

  void fields(ConfigVisitor& v) {
    v("name", name);
    v("dtype", dtype);
    v("from_logits", from_logits);
    v("ignore_class", ignore_class);
    v("axis", axis);
  }
};

class CORNU_EXPORT SparseCategoricalCrossentropyMetric : public MeanMetricWrapper {
 public:
  explicit SparseCategoricalCrossentropyMetric(SparseCategoricalCrossentropyConfig config = {});
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const override;
  Direction direction() const override { return Direction::kDown; }
  void fields(ConfigVisitor& v) override;

 private:
  SparseCategoricalCrossentropyConfig config_;
};

/// The mean of the loss of that name, losses::SparseCategoricalCrossentropy, with its arguments. Keras:
/// `SparseCategoricalCrossentropy`. As in Keras, samples of `ignore_class` count as 0 unless there are sample weights,
/// which leave them out.
using SparseCategoricalCrossentropy = Handle<SparseCategoricalCrossentropyMetric, SparseCategoricalCrossentropyConfig>;

}  // namespace cornu::keras::metrics

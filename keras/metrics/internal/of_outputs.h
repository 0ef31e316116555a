#pragma once

#include "cornu/keras/losses/squeeze.h"
#include "cornu/keras/metrics/metric.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::metrics::internal {

/// The base of metrics that keep figures of each output, a column of the predictions. The first batch says how many
/// there are, or a state that is read.
template <class ConfigStruct>
class OfOutputs : public Configured<Metric, ConfigStruct> {
 public:
  using Configured<Metric, ConfigStruct>::Configured;
  void state(StateVisitor& v) override {
    std::int64_t outputs = outputs_;
    v("outputs", outputs);
    if (outputs > 0) build(outputs);
    Metric::state(v);
  }

 protected:
  /// Adds the variables.
  virtual void keep(std::int64_t outputs) = 0;
  bool built() const { return outputs_ > 0; }

  /// Float32: targets and predictions (samples, outputs), and weights (samples, 1) or the same; undefined: none.
  struct Columns {
    Tensor y_true, y_pred, weights;
  };
  /// Throws ShapeError, naming the metric, for what does not fit.
  Columns columns(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
    const auto [t, p] =
        losses::squeeze_or_expand_to_same_rank(ops::cast(y_true, graph::float32), ops::cast(y_pred, graph::float32));
    graph::require<graph::ShapeError>(t.ndim() == 2 && t.shape() == p.shape(), "metric '", this->name(),
                                      "' takes targets and predictions of shape (samples, outputs), got shapes ",
                                      y_true.shape(), " and ", y_pred.shape());
    const std::int64_t outputs = t.shape().back();
    if (!built()) build(outputs);
    graph::require<graph::ShapeError>(outputs == outputs_, "metric '", this->name(), "': expected ", outputs_,
                                      " outputs, got predictions of shape ", y_pred.shape());
    if (!sample_weight.defined()) return {t, p, {}};
    Tensor weights = ops::cast(sample_weight, graph::float32);
    if (weights.ndim() == 1) weights = ops::expand_dims(weights, 1);
    const Shape& shape = weights.shape();
    graph::require<graph::ShapeError>(shape == t.shape() || shape == t.shape().with(-1, 1) || shape.empty(), "metric '",
                                      this->name(), "': sample weights of shape ", sample_weight.shape(),
                                      " do not fit predictions of shape ", y_pred.shape());
    return {t, p, weights};
  }

 private:
  void build(std::int64_t outputs) {
    if (!built()) keep(outputs);
    outputs_ = outputs;
  }
  std::int64_t outputs_ = 0;
};

}  // namespace cornu::keras::metrics::internal

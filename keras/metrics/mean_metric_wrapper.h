#pragma once

#include <functional>
#include <string>

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

/// The mean over samples of a function of targets and predictions. Keras: `MeanMetricWrapper`. Made of the function, or
/// deriving from it and giving `values` makes a metric of one's own; the latter can be registered, and then saved.
///
///     metrics::MeanMetricWrapper([](const Tensor& y_true, const Tensor& y_pred) { return ops::abs(y_true - y_pred); },
///                                "distance")
class CORNU_EXPORT MeanMetricWrapper : public Metric {
 public:
  using Function = std::function<Tensor(const Tensor& y_true, const Tensor& y_pred)>;
  /// Throws ValueError without a function.
  explicit MeanMetricWrapper(Function fn, std::string name = "mean_metric_wrapper");
  explicit MeanMetricWrapper(std::string name) : Metric(std::move(name)) {}
  template <class Config>
  MeanMetricWrapper(FromConfig, const Config& c) : Metric(FromConfig(), c) {}

  /// Float32: one value per sample (…), or more, which are averaged over all axes but the first; a scalar counts as one
  /// sample. By default what the function gives.
  virtual Tensor values(const Tensor& y_true, const Tensor& y_pred) const;
  /// Which values count where there are sample weights: bool, of the values' shape; undefined: all.
  virtual Tensor valid(const Tensor& y_true, const Tensor& y_pred) const;

  /// Whether the mask of the predictions says which values count, too. (Keras: not for a metric that is no
  /// MeanMetricWrapper there.)
  virtual bool heeds_mask() const { return true; }

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override;
  Array result() const override;

 private:
  Function fn_;
  Variable total_ = add_variable({}, "total"), count_ = add_variable({}, "count");
};

/// The mean over samples of a formula, `Tensor(y_true, y_pred, config)`, that gives one value per sample. A metric of
/// one's own is such a formula, its config and its registration:
///
///     using HitsConfig = MetricConfig<"hits">;
///     Tensor hits(const Tensor& y_true, const Tensor& y_pred, const HitsConfig&) { … }
///     using HitsMetric = MeanOf<HitsConfig, hits, kUp>;
///     using Hits = Handle<HitsMetric>;
///     static const bool registered = metrics::registry().add<HitsMetric>("Hits", {"hits"});
template <class ConfigStruct, auto formula, Metric::Direction kDirection = Metric::Direction::kUnknown>
class MeanOf : public Configured<MeanMetricWrapper, ConfigStruct> {
 public:
  using Configured<MeanMetricWrapper, ConfigStruct>::Configured;
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override {
    return formula(y_true, y_pred, this->config_);
  }
  Metric::Direction direction() const override { return kDirection; }
};

inline constexpr auto kUp = Metric::Direction::kUp, kDown = Metric::Direction::kDown;

/// The formula of a metric that a loss computes.
template <class L, class Config>
Tensor values_of_loss(const Tensor& y_true, const Tensor& y_pred, const Config&) {
  return L().values(y_true, y_pred);
}

/// The mean over samples of what a loss gives for them, by Keras' name of the metric and without other arguments.
template <Literal kName, class L>
using MeanOfLoss = MeanOf<MetricConfig<kName>, values_of_loss<L, MetricConfig<kName>>, kDown>;

}  // namespace cornu::keras::metrics

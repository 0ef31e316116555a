#include "cornu/keras/metrics/mean_metric_wrapper.h"

#include "cornu/keras/metrics/samplewise.h"

namespace cornu::keras::metrics {

MeanMetricWrapper::MeanMetricWrapper(Function fn, std::string name) : Metric(std::move(name)), fn_(std::move(fn)) {
  graph::require<ValueError>(static_cast<bool>(fn_), "metric '", this->name(), "' needs a function");
}

Tensor MeanMetricWrapper::values(const Tensor& y_true, const Tensor& y_pred) const { return fn_(y_true, y_pred); }

Tensor MeanMetricWrapper::valid(const Tensor&, const Tensor&) const { return {}; }

void MeanMetricWrapper::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight,
                                     Context& ctx) {
  const Tensor weight = masked_weight(name(), sample_weight, heeds_mask() ? ctx.mask(y_pred) : Tensor());
  const Tensor valid = weight.defined() ? this->valid(y_true, y_pred) : Tensor();
  const char* what = sample_weight.defined() ? "sample weights" : "a mask";
  add_mean(samplewise(name(), values(y_true, y_pred), weight, valid, Reduce::mean, what), total_, count_, ctx);
}

Array MeanMetricWrapper::result() const { return mean_of(total_, count_); }

}  // namespace cornu::keras::metrics

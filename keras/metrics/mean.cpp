#include "cornu/keras/metrics/mean.h"

#include "cornu/keras/metrics/samplewise.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<MeanMetric, MeanConfig>("Mean", {"mean"});

MeanMetric::MeanMetric(MeanConfig config)
    : Metric(config.name),
      config_(std::move(config)),
      total_(add_variable({}, "total")),
      count_(add_variable({}, "count")) {
  losses::require_float32("Mean", config_.dtype);
}

void MeanMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

void MeanMetric::update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) {
  graph::require<graph::ValueError>(!y_pred.defined(), "metric '", name(),
                                    "' (Mean) takes values, not targets and predictions");
  add_mean(samplewise(name(), values, sample_weight, {}, Reduce::mean), total_, count_, ctx);
}

Array MeanMetric::result() const { return mean_of(total_, count_); }

}  // namespace cornu::keras::metrics

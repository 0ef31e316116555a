#include "cornu/keras/metrics/sum.h"

#include "cornu/keras/metrics/samplewise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<SumMetric, SumConfig>("Sum", {"sum"});

SumMetric::SumMetric(SumConfig config)
    : Metric(config.name), config_(std::move(config)), total_(add_variable({}, "total")) {
  losses::require_float32("Sum", config_.dtype);
}

void SumMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

void SumMetric::update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) {
  graph::require<graph::ValueError>(!y_pred.defined(), "metric '", name(),
                                    "' (Sum) takes values, not targets and predictions");
  const Samplewise samples = samplewise(name(), values, sample_weight, {}, Reduce::sum);
  ctx.update(total_, ctx.value(total_) + ops::sum(samples.values));
}

Array SumMetric::result() const { return total_.value(); }

}  // namespace cornu::keras::metrics

#include "cornu/keras/metrics/reduction.h"

#include "cornu/keras/metrics/samplewise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {
namespace {

const bool reduction_registered =
    registry().add<MeanMetric>("Mean", {"mean"}) && registry().add<SumMetric>("Sum", {"sum"});

void require_values_alone(const Metric& metric, const Tensor& y_pred) {
  graph::require<graph::ValueError>(!y_pred.defined(), "metric '", metric.name(), "' (", metric.class_name(),
                                    ") takes values, not targets and predictions");
}

}  // namespace

void MeanMetric::update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) {
  require_values_alone(*this, y_pred);
  add_mean(samplewise(name(), values, sample_weight, {}, Reduce::mean), total_, count_, ctx);
}
Array MeanMetric::result() const { return mean_of(total_, count_); }

void SumMetric::update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) {
  require_values_alone(*this, y_pred);
  const Samplewise samples = samplewise(name(), values, sample_weight, {}, Reduce::sum);
  ctx.update(total_, ctx.value(total_) + ops::sum(samples.values));
}
Array SumMetric::result() const { return total_.value(); }

}  // namespace cornu::keras::metrics

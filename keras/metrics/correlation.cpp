#include "cornu/keras/metrics/correlation.h"

#include "cornu/keras/epsilon.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/statistics.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {
namespace {

const bool correlation_registered =
    registry().add<PearsonCorrelationMetric>("PearsonCorrelation", {"pearson_correlation"}, {.since_keras3 = true}) &&
    registry().add<ConcordanceCorrelationMetric>("ConcordanceCorrelation", {"concordance_correlation"},
                                                 {.since_keras3 = true});

// Numbers with their mean along the axes, and by how much they differ from it.
struct Centred {
  Tensor mean, difference;
  Centred(const Tensor& x, const Axes& axis)
      : mean(ops::mean(x, std::vector<int>(axis), ops::keepdims)), difference(x - mean) {}
};

std::pair<Centred, Centred> centred(const Tensor& y_true, const Tensor& y_pred, const Axes& axis) {
  const auto [t, p] =
      losses::squeeze_or_expand_to_same_rank(ops::cast(y_true, graph::float32), ops::cast(y_pred, graph::float32));
  return {Centred(t, axis), Centred(p, axis)};
}

}  // namespace

template <Literal kName>
void CorrelationConfig<kName>::fields(ConfigVisitor& v) {
  v("axis", axis, {.number_if_one = true});
}
template struct CorrelationConfig<"pearson_correlation">;
template struct CorrelationConfig<"concordance_correlation">;

Tensor pearson_correlation(const Tensor& y_true, const Tensor& y_pred, const PearsonCorrelationConfig& config) {
  const std::vector<int>& axis = config.axis;
  const auto standard = [&](const Tensor& x) { return x / (ops::std(x, axis, ops::keepdims) + kEpsilon); };
  const auto [t, p] = centred(y_true, y_pred, config.axis);
  return ops::mean(standard(t.difference) * standard(p.difference), axis);
}

Tensor concordance_correlation(const Tensor& y_true, const Tensor& y_pred, const ConcordanceCorrelationConfig& config) {
  const std::vector<int>& axis = config.axis;
  const auto [t, p] = centred(y_true, y_pred, config.axis);
  const Tensor spread = ops::var(t.difference, axis, ops::keepdims) + ops::var(p.difference, axis, ops::keepdims) +
                        ops::square(t.mean - p.mean);
  return ops::mean(2 * t.difference * p.difference / (spread + kEpsilon), axis);
}

}  // namespace cornu::keras::metrics

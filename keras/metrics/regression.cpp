#include "cornu/keras/metrics/regression.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::metrics {

static const bool regression_registered =
    registry().add<MeanSquaredErrorMetric>("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}) &&
    registry().add<MeanAbsoluteErrorMetric>("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"}) &&
    registry().add<MeanAbsolutePercentageErrorMetric>("MeanAbsolutePercentageError",
                                                      {"mean_absolute_percentage_error", "mape", "MAPE"}) &&
    registry().add<MeanSquaredLogarithmicErrorMetric>("MeanSquaredLogarithmicError",
                                                      {"mean_squared_logarithmic_error", "msle", "MSLE"}) &&
    registry().add<LogCoshErrorMetric>("LogCoshError", {"log_cosh_error", "log_cosh", "logcosh"}) &&
    registry().add<RootMeanSquaredErrorMetric>("RootMeanSquaredError", {"root_mean_squared_error"}) &&
    registry().add<CosineSimilarityMetric>("CosineSimilarity", {"cosine_similarity", "cosine_proximity"});

Tensor squared_error(const Tensor& y_true, const Tensor& y_pred, const RootMeanSquaredErrorConfig&) {
  const auto [t, p] =
      losses::squeeze_or_expand_to_same_rank(ops::cast(y_true, graph::float32), ops::cast(y_pred, graph::float32));
  return ops::square(p - t);
}
Array RootMeanSquaredErrorMetric::result() const { return graph::sqrt(MeanMetricWrapper::result()); }

void CosineSimilarityConfig::fields(ConfigVisitor& v) { v("axis", axis); }
Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred, const CosineSimilarityConfig& config) {
  return -losses::cosine_similarity(y_true, y_pred, {.axis = config.axis});
}

}  // namespace cornu::keras::metrics

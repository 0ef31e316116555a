#pragma once

#include "cornu/keras/losses/regression.h"
#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

using losses::huber;
using losses::log_cosh;
using losses::mean_absolute_error;
using losses::mean_absolute_percentage_error;
using losses::mean_squared_error;
using losses::mean_squared_logarithmic_error;

// Means of the losses of the same names: (…, n), (…, n).

using MeanSquaredErrorMetric = MeanOfLoss<"mean_squared_error", losses::MeanSquaredError>;
/// The mean of (y_true - y_pred)^2. Keras: `MeanSquaredError`.
using MeanSquaredError = Handle<MeanSquaredErrorMetric>;

using MeanAbsoluteErrorMetric = MeanOfLoss<"mean_absolute_error", losses::MeanAbsoluteError>;
/// The mean of |y_true - y_pred|. Keras: `MeanAbsoluteError`.
using MeanAbsoluteError = Handle<MeanAbsoluteErrorMetric>;

using MeanAbsolutePercentageErrorMetric =
    MeanOfLoss<"mean_absolute_percentage_error", losses::MeanAbsolutePercentageError>;
/// 100 times the mean of |y_true - y_pred| / |y_true|. Keras: `MeanAbsolutePercentageError`.
using MeanAbsolutePercentageError = Handle<MeanAbsolutePercentageErrorMetric>;

using MeanSquaredLogarithmicErrorMetric =
    MeanOfLoss<"mean_squared_logarithmic_error", losses::MeanSquaredLogarithmicError>;
/// The mean of (log(y_true + 1) - log(y_pred + 1))^2. Keras: `MeanSquaredLogarithmicError`.
using MeanSquaredLogarithmicError = Handle<MeanSquaredLogarithmicErrorMetric>;

using LogCoshErrorMetric = MeanOfLoss<"logcosh", losses::LogCosh>;
/// The mean of log(cosh(y_pred - y_true)). Keras: `LogCoshError`.
using LogCoshError = Handle<LogCoshErrorMetric>;

using RootMeanSquaredErrorConfig = MetricConfig<"root_mean_squared_error">;
Tensor squared_error(const Tensor& y_true, const Tensor& y_pred, const RootMeanSquaredErrorConfig& config = {});
class CORNU_EXPORT RootMeanSquaredErrorMetric : public MeanOf<RootMeanSquaredErrorConfig, squared_error, kDown> {
 public:
  using MeanOf::MeanOf;
  Array result() const override;
  bool heeds_mask() const override { return false; }
};
/// The square root of the mean of (y_true - y_pred)^2: (…), (…). Keras: `RootMeanSquaredError`.
using RootMeanSquaredError = Handle<RootMeanSquaredErrorMetric>;

struct CosineSimilarityConfig {
  std::string name = "cosine_similarity";
  std::string dtype = "float32";  ///< the only one
  int axis = -1;                  ///< the vectors'
  void fields(ConfigVisitor& v);
};
Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred, const CosineSimilarityConfig& config = {});
using CosineSimilarityMetric = MeanOf<CosineSimilarityConfig, cosine_similarity, kUp>;
/// The mean of the cosine of the angle between y_true and y_pred, as vectors along `axis`: (…, n), (…, n). The loss of
/// that name is its negative. Keras: `CosineSimilarity`; in Keras 2 also "cosine_proximity".
using CosineSimilarity = Handle<CosineSimilarityMetric>;

}  // namespace cornu::keras::metrics

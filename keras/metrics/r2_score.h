#pragma once

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

struct R2ScoreConfig {
  std::string class_aggregation = "uniform_average";  ///< or "variance_weighted_average", or none: "" gives an array
  int num_regressors = 0;                             ///< above 0: the adjusted score for so many predictors
  CORNU_METRIC_CONFIG(R2ScoreConfig, "r2_score");
  void check() const;
  using positional = Positions<&R2ScoreConfig::class_aggregation>;
};

/// The coefficient of determination, 1 - sum((y_true - y_pred)^2) / sum((y_true - mean(y_true))^2), of each output:
/// 1 for perfect predictions, 0 for what the mean alone would reach; 0 as well for targets that do not vary. Targets
/// and predictions (samples, outputs), sample weights (samples,), (samples, 1) or one for each prediction. Before any
/// batch it is 0. Keras: `R2Score`. Throws ValueError for another aggregation and negative `num_regressors`, ShapeError
/// for shapes that do not fit; warns, and gives the score that is not adjusted, where there are not more data than
/// predictors.
using R2Score = Metric::Of<R2ScoreConfig>;

}  // namespace cornu::keras::metrics

#pragma once

#include "cornu/keras/losses/hinge.h"
#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

using losses::categorical_hinge;
using losses::hinge;
using losses::squared_hinge;

// Means of the losses of the same names: (…, n), (…, n).

using HingeMetric = MeanOfLoss<"hinge", losses::Hinge>;
/// The mean of max(1 - y_true y_pred, 0). Keras: `Hinge`.
using Hinge = Handle<HingeMetric>;

using SquaredHingeMetric = MeanOfLoss<"squared_hinge", losses::SquaredHinge>;
/// The mean of max(1 - y_true y_pred, 0)^2. Keras: `SquaredHinge`.
using SquaredHinge = Handle<SquaredHingeMetric>;

using CategoricalHingeMetric = MeanOfLoss<"categorical_hinge", losses::CategoricalHinge>;
/// The mean of how little the prediction of the true class exceeds the greatest other one by 1. Keras:
/// `CategoricalHinge`.
using CategoricalHinge = Handle<CategoricalHingeMetric>;

}  // namespace cornu::keras::metrics

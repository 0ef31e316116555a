#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

/// Of the correlations.
template <Literal kName>
struct CorrelationConfig {
  std::string name = kName.text;
  std::string dtype = "float32";  ///< the only one
  Axes axis = -1;                 ///< along which targets and predictions are compared
  void fields(ConfigVisitor& v);
};

// From -1 to 1; of numbers that do not vary 0: (…, n), (…, n). Each row has its own correlation, of which the mean is
// taken. Throw ShapeError for an axis that there is not.

using PearsonCorrelationConfig = CorrelationConfig<"pearson_correlation">;
Tensor pearson_correlation(const Tensor& y_true, const Tensor& y_pred, const PearsonCorrelationConfig& config = {});
using PearsonCorrelationMetric = MeanOf<PearsonCorrelationConfig, pearson_correlation, kUp>;
/// How linearly predictions depend on targets: their covariance by the product of their deviations. Keras 3:
/// `PearsonCorrelation`.
using PearsonCorrelation = Handle<PearsonCorrelationMetric>;

using ConcordanceCorrelationConfig = CorrelationConfig<"concordance_correlation">;
Tensor concordance_correlation(const Tensor& y_true, const Tensor& y_pred,
                               const ConcordanceCorrelationConfig& config = {});
using ConcordanceCorrelationMetric = MeanOf<ConcordanceCorrelationConfig, concordance_correlation, kUp>;
/// The same, less by how far predictions are from the targets: twice their covariance by the sum of their variances and
/// of the squared difference of their means. Keras 3: `ConcordanceCorrelation`.
using ConcordanceCorrelation = Handle<ConcordanceCorrelationMetric>;

}  // namespace cornu::keras::metrics

#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

/// Of the metrics that count one kind of answers.
template <Literal kName>
struct ConditionCountConfig {
  std::vector<double> thresholds = {};  ///< what predictions are compared with, from 0 to 1; none: 0.5
  std::string name = kName.text;
  std::string dtype = "float32";  ///< the only one
  using positional = Positions<&ConditionCountConfig::thresholds>;
  void fields(ConfigVisitor& v);
  Made<Metric, ConditionCountConfig> make() const;
};

// How many predictions above a threshold have a target that is not 0, and so on: targets and predictions of one shape,
// or targets (…) and predictions (…, 1). Sample weights, of the same shape or one for each row, are added up instead.
// For several thresholds the result is an array, one figure for each. Throw ValueError for thresholds that are not from
// 0 to 1, ShapeError for targets or weights that do not fit. Keras: of the same names.

using TruePositivesConfig = ConditionCountConfig<"true_positives">;
using FalsePositivesConfig = ConditionCountConfig<"false_positives">;
using TrueNegativesConfig = ConditionCountConfig<"true_negatives">;
using FalseNegativesConfig = ConditionCountConfig<"false_negatives">;
using TruePositives = Metric::Of<TruePositivesConfig>;
using FalsePositives = Metric::Of<FalsePositivesConfig>;
using TrueNegatives = Metric::Of<TrueNegativesConfig>;
using FalseNegatives = Metric::Of<FalseNegativesConfig>;

/// Of precision and recall.
template <Literal kName>
struct PrecisionRecallConfig {
  std::vector<double> thresholds = {};         ///< from 0 to 1; none: 0.5, or with `top_k` no threshold at all
  std::optional<int> top_k = std::nullopt;     ///< only the k greatest predictions of a row can be positive
  std::optional<int> class_id = std::nullopt;  ///< look at this class alone, one of the last axis
  std::string name = kName.text;
  std::string dtype = "float32";  ///< the only one
  using positional = Positions<&PrecisionRecallConfig::thresholds>;
  void fields(ConfigVisitor& v);
  void check() const;
  Made<Metric, PrecisionRecallConfig> make() const;
};

using PrecisionConfig = PrecisionRecallConfig<"precision">;
using RecallConfig = PrecisionRecallConfig<"recall">;

/// The share of true ones among the predictions that are positive, tp / (tp + fp), 0 if there are none: shapes, weights
/// and errors as of TruePositives.
///
///     model.compile({.loss = "binary_crossentropy", .metrics = {metrics::Precision({.thresholds = {0.3, 0.7}})}});
///
/// logs `precision_0` and `precision_1`. Throws ShapeError for a `class_id` or `top_k` beyond the last axis. Keras:
/// `Precision`.
using Precision = Metric::Of<PrecisionConfig>;
/// The share of positive predictions among the targets that are true, tp / (tp + fn). Keras: `Recall`.
using Recall = Metric::Of<RecallConfig>;

// The best of one figure among the thresholds at which another is at least as asked, `SensitivityAtSpecificity(0.9)`
// or `SensitivityAtSpecificity({.specificity = 0.9, .class_id = 2})`, and 0 if there is no such threshold. Sensitivity
// is tp / (tp + fn), specificity tn / (tn + fp). Shapes, weights and errors as of Precision; throw ValueError unless
// the figure asked for is given and from 0 to 1, and `num_thresholds` above 0. Keras: of the same names.

#define CORNU_BEST_AT(Name, asked, keras_name)                                                        \
  struct Name##Config {                                                                               \
    double asked = std::numeric_limits<double>::quiet_NaN(); /**< needed */                           \
    int num_thresholds = 200;                                /**< how many, from 0 to 1, are tried */ \
    std::optional<int> class_id = std::nullopt;              /**< look at this class alone */         \
    std::string name = keras_name;                                                                    \
    std::string dtype = "float32"; /**< the only one */                                               \
    using positional = Positions<&Name##Config::asked, &Name##Config::num_thresholds>;                \
    void fields(ConfigVisitor& v);                                                                    \
    void check() const;                                                                               \
    Made<Metric, Name##Config> make() const;                                                          \
  };                                                                                                  \
  using Name = Metric::Of<Name##Config>

CORNU_BEST_AT(SensitivityAtSpecificity, specificity, "sensitivity_at_specificity");
CORNU_BEST_AT(SpecificityAtSensitivity, sensitivity, "specificity_at_sensitivity");
CORNU_BEST_AT(PrecisionAtRecall, recall, "precision_at_recall");
CORNU_BEST_AT(RecallAtPrecision, precision, "recall_at_precision");
#undef CORNU_BEST_AT

}  // namespace cornu::keras::metrics

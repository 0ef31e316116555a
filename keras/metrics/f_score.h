#pragma once

#include <optional>

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

struct FBetaScoreConfig {
  std::string average = "";                        ///< none, "micro", "macro" or "weighted"
  double beta = 1;                                 ///< how much more recall counts than precision
  std::optional<double> threshold = std::nullopt;  ///< predictions above are positive; none: the greatest of each row
  CORNU_METRIC_CONFIG(FBetaScoreConfig, "fbeta_score");
  void check() const;
  using positional = Positions<&FBetaScoreConfig::average, &FBetaScoreConfig::beta>;
};

/// (1 + beta^2) precision recall / (beta^2 precision + recall) of each class: targets of 0 and 1 and predictions
/// (samples, classes), sample weights (samples,), (samples, 1) or one for each prediction. `average`: none for an array
/// with a figure of each class, "micro" counts all classes together, "macro" takes the mean over classes, "weighted"
/// the mean weighted by how often each class is true.
///
///     model.compile({.loss = "categorical_crossentropy", .metrics = {metrics::FBetaScore("macro", 2)}});
///
/// Keras: `FBetaScore`. Throws ValueError for another average, a `beta` that is not above 0, and a threshold that is
/// not in (0, 1], ShapeError for shapes that do not fit.
using FBetaScore = Metric::Of<FBetaScoreConfig>;

struct F1ScoreConfig {
  std::string average = "";
  std::optional<double> threshold = std::nullopt;
  CORNU_METRIC_CONFIG(F1ScoreConfig, "f1_score");
  void check() const;
  using positional = Positions<&F1ScoreConfig::average>;
};

/// FBetaScore with a beta of 1: 2 precision recall / (precision + recall). Keras: `F1Score`.
using F1Score = Metric::Of<F1ScoreConfig>;

}  // namespace cornu::keras::metrics

#pragma once

#include <optional>
#include <vector>

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

struct AUCConfig {
  int num_thresholds = 200;
  std::string curve = "ROC";                       ///< "ROC", "PR" (precision over recall) or "PRGAIN"
  std::string summation_method = "interpolation";  ///< or "minoring", "majoring": bounds from below and above
  std::string name = "auc";
  std::string dtype = "float32";                 ///< the only one
  std::vector<double> thresholds = {};           ///< instead of `num_thresholds` equal steps; one below 0 and one above
                                                 ///< 1 are added
  bool multi_label = false;                      ///< an area for each column, of which the mean is taken
  std::optional<int> num_labels = std::nullopt;  ///< with `multi_label`; else the first batch says it
  std::vector<double> label_weights = {};        ///< with `multi_label` of the columns' areas, else of their samples
  bool from_logits = false;                      ///< predictions are logits, not probabilities
  using positional = Positions<&AUCConfig::num_thresholds, &AUCConfig::curve>;
  void fields(ConfigVisitor& v);
  void check();
  Made<Metric, AUCConfig> make() const;
};

/// The area under a curve of the rates at which a threshold calls targets rightly and wrongly true, over the thresholds
/// from 0 to 1: the probability that a true sample has a greater prediction than a false one. Targets and predictions
/// of one shape (flattened) or, with `multi_label`, (samples, labels); weights of the same shape or one for each row.
///
///     model.compile({.loss = "binary_crossentropy", .metrics = {metrics::AUC({.curve = "PR"}), "auc"}});
///
/// The interpolation under "PR" is that of Davis and Goadrich, The Relationship Between Precision-Recall and ROC Curves
/// (2006). Keras: `AUC`. Throws ValueError for less than two thresholds and unknown words, ShapeError for shapes that
/// do not fit.
using AUC = Metric::Of<AUCConfig>;

}  // namespace cornu::keras::metrics

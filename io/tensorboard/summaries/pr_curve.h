#pragma once

#include <optional>
#include <string_view>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::summaries {

struct PrCurveConfig {
  int num_thresholds = 201;
  std::optional<graph::Array> weights = std::nullopt;  ///< of the samples; finite, not negative
  Description about = {};
};

/// Precision over recall of a two-class prediction at equally spaced thresholds t from 0 to 1: a float32 tensor (6,
/// num_thresholds) of true positives, false positives, true negatives, false negatives, precision and recall of
/// `prediction >= t`, each sample counted with its weight. labels: 0 or 1 (or bool); predictions: floating, from 0 to 1
/// (1e-6 beyond is rounding and clipped); the same number of elements. Throws ShapeError, TypeError, ValueError (values
/// out of range, no samples, fewer than 2 thresholds).
///
///     w.pr_curve("digit 3", labels == 3, probabilities.slice(3, 4, 1, 1), step);
Summary pr_curve(std::string_view tag, const graph::Array& labels, const graph::Array& predictions,
                 const PrCurveConfig& config = {});

}  // namespace cornu::io::tensorboard::summaries

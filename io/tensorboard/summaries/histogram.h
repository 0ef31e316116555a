#pragma once

#include <optional>
#include <string_view>

#include "cornu/graph/array/histogram.h"
#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::summaries {

/// A float64 tensor (buckets, 3): rows of left edge, right edge and count. If all values are equal, 30 rows of which
/// the last one counts, which is drawn as a spike. Nothing for a histogram without finite values, which the dashboards
/// cannot show. Throws ValueError for edges that are not finite and ascending, or not one more than counts.
///
///     if (auto h = summaries::histogram("dense/kernel", graph::histogram(kernel))) w.write(*h, step);
std::optional<Summary> histogram(std::string_view tag, const graph::Histogram& histogram,
                                 const Description& about = {});

}  // namespace cornu::io::tensorboard::summaries

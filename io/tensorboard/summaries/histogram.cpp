#include "cornu/io/tensorboard/summaries/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cornu/io/tensorboard/internal/new_summary.h"

namespace cornu::io::tensorboard::summaries {

using namespace graph;

namespace {

/// So many empty rows before the one that counts draw equal values as a spike, as in Keras' own logs.
constexpr std::int64_t kRowsOfEqualValues = 30;

void require_histogram(std::string_view tag, const Histogram& h) {
  require<ValueError>(h.edges.size() == h.counts.size() + 1, "[histogram \"", tag, "\"] ", h.counts.size(),
                      " counts need ", h.counts.size() + 1, " edges, got ", h.edges.size());
  require<ValueError>(std::all_of(h.edges.begin(), h.edges.end(), [](double e) { return std::isfinite(e); }) &&
                          std::is_sorted(h.edges.begin(), h.edges.end()),
                      "[histogram \"", tag, "\"] the edges must be finite and ascending");
}

}  // namespace

std::optional<Summary> histogram(std::string_view tag, const Histogram& h, const Description& about) {
  if (h.counts.empty()) return std::nullopt;
  require_histogram(tag, h);
  const std::int64_t total = std::accumulate(h.counts.begin(), h.counts.end(), std::int64_t{0});
  if (total == 0) return std::nullopt;
  const bool equal = h.min() == h.max();
  Array rows = zeros({equal ? kRowsOfEqualValues : static_cast<std::int64_t>(h.counts.size()), 3}, float64);
  double* to = rows.data<double>();
  for (std::int64_t i = 0; i < rows.rows(); ++i, to += 3) {
    to[0] = equal ? h.min() : h.edges[i];
    to[1] = equal ? h.max() : h.edges[i + 1];
    to[2] = equal ? (i + 1 == rows.rows() ? static_cast<double>(total) : 0.) : static_cast<double>(h.counts[i]);
  }
  Summary summary = internal::new_summary(tag, "histograms", DataClass::tensor, about);
  summary.numbers = std::move(rows);
  return summary;
}

}  // namespace cornu::io::tensorboard::summaries

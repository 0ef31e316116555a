#include "cornu/keras/models/batches.h"

#include <omp.h>

#include <algorithm>
#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/graph/plan/internal/team.h"

namespace cornu::keras::models {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

namespace {
constexpr std::size_t kWorthSharing = 1 << 16;  // bytes of a batch from which several threads gather it
constexpr std::size_t kFetched = 256;           // bytes of a row
constexpr std::int64_t kAhead = 2;              // rows
}  // namespace

void check_columns(std::span<Array> columns, std::string_view what) {
  static constexpr const char* kNames[] = {"x", "y", "sample_weight"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    require<ShapeError>(columns[i].ndim() >= 1, what, kNames[i], " needs an axis of samples, got a scalar");
    require<ValueError>(columns[i].rows() == columns[0].rows(), what, "x has ", columns[0].rows(), " samples, ",
                        kNames[i], " has ", columns[i].rows());
    if (columns[i].dtype() == graph::float64) columns[i] = columns[i].astype(graph::float32);
  }
  require<ValueError>(columns[0].rows() > 0, what, "there are no samples: x has shape ", columns[0].shape());
}

Batches::Batches(std::vector<Array> columns, int batch_size, std::string_view what, int threads)
    : columns_(std::move(columns)),
      current_(columns_.size()),
      batch_size_(batch_size),
      threads_(threads > 0 ? threads : omp_get_max_threads()) {
  require<ValueError>(batch_size >= 1, what, "batch_size must be at least 1, got ", batch_size);
  check_columns(columns_, what);
  samples_ = columns_[0].rows();
}

std::span<const Array> Batches::batch(std::int64_t i) {
  const std::int64_t start = i * batch_size_, stop = std::min(start + batch_size_, samples_);
  if (order_.empty()) {
    for (std::size_t c = 0; c < columns_.size(); ++c) current_[c] = columns_[c].slice(start, stop);
    return current_;
  }
  if (full_.empty())
    for (const Array& column : columns_)
      full_.emplace_back(column.shape().with(0, std::min(batch_size_, samples_)), column.dtype());
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const std::size_t row = columns_[c].nbytes() / static_cast<std::size_t>(samples_);
    const std::byte* from = columns_[c].bytes();
    std::byte* to = full_[c].bytes();
    const std::int64_t* rows = order_.data() + start;
    const std::int64_t n = stop - start;
    const auto gather = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        // Rows lie anywhere: the beginning of one is fetched while others are copied, and the processor sees by itself
        // how it goes on.
        if (r + kAhead < n)
          for (std::size_t line = 0; line < std::min(row, kFetched); line += 64)
            __builtin_prefetch(from + static_cast<std::size_t>(rows[r + kAhead]) * row + line);
        std::memcpy(to + static_cast<std::size_t>(r) * row, from + static_cast<std::size_t>(rows[r]) * row, row);
      }
    };
    graph::internal::share(static_cast<std::size_t>(n) * row > kWorthSharing ? threads_ : 1, n, gather);
    current_[c] = full_[c].slice(0, n);
  }
  return current_;
}

}  // namespace cornu::keras::models

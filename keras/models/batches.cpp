#include "cornu/keras/models/batches.h"

#include <omp.h>

#include <algorithm>
#include <cstring>

#include "cornu/graph/check.h"

namespace cornu::keras::models {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

Batches::Batches(std::vector<Array> columns, int batch_size, const std::string& what, int threads)
    : columns_(std::move(columns)), current_(columns_.size()), batch_size_(batch_size), threads_(threads > 0 ? threads : omp_get_max_threads()) {
  require<ValueError>(batch_size >= 1, what, "batch_size must be at least 1, got ", batch_size);
  static constexpr const char* kNames[] = {"x", "y", "sample_weight"};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    require<ShapeError>(columns_[i].ndim() >= 1, what, kNames[i], " needs an axis of samples, got a scalar");
    require<ValueError>(columns_[i].rows() == columns_[0].rows(), what, "x has ", columns_[0].rows(), " samples, ", kNames[i], " has ",
                        columns_[i].rows());
    // Keras' float type: float64 data is trained with in float32.
    if (columns_[i].dtype() == graph::float64) columns_[i] = columns_[i].astype(graph::float32);
  }
  samples_ = columns_[0].rows();
  require<ValueError>(samples_ > 0, what, "there are no samples: x has shape ", columns_[0].shape());
}

std::span<const Array> Batches::batch(std::int64_t i) {
  const std::int64_t start = i * batch_size_, stop = std::min(start + batch_size_, samples_);
  if (order_.empty()) {
    for (std::size_t c = 0; c < columns_.size(); ++c) current_[c] = columns_[c].slice(start, stop);
    return current_;
  }
  if (full_.empty())
    for (const Array& column : columns_) full_.emplace_back(column.shape().with(0, std::min(batch_size_, samples_)), column.dtype());
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const std::size_t row = columns_[c].nbytes() / static_cast<std::size_t>(samples_);
    const std::byte* from = columns_[c].bytes();
    std::byte* to = full_[c].bytes();
    const std::int64_t* rows = order_.data() + start;
    const std::int64_t n = stop - start;
#pragma omp parallel for num_threads(threads_) if (static_cast<std::size_t>(n) * row > (1u << 18))
    for (std::int64_t r = 0; r < n; ++r) std::memcpy(to + static_cast<std::size_t>(r) * row, from + static_cast<std::size_t>(rows[r]) * row, row);
    current_[c] = full_[c].slice(0, n);
  }
  return current_;
}

}  // namespace cornu::keras::models

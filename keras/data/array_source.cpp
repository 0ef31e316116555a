#include "cornu/keras/data/internal/array_source.h"

#include <omp.h>

#include <algorithm>
#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/graph/plan/internal/team.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;
using graph::ShapeError;
using graph::ValueError;

namespace {

constexpr std::size_t kWorthSharing = 1 << 16;  // bytes of a batch from which several threads gather it
constexpr std::size_t kFetched = 256;           // bytes of a row
constexpr std::int64_t kAhead = 2;              // rows

const std::pair<std::vector<Array> Columns::*, const char*> kParts[] = {
    {&Columns::x, "x"}, {&Columns::y, "y"}, {&Columns::weight, "sample_weight"}};

}  // namespace

void check_columns(Columns& columns, std::string_view what) {
  require<ValueError>(!columns.x.empty(), what, "x is needed");
  for (const auto& [part, name] : kParts)
    for (Array& column : columns.*part) {
      require<ShapeError>(column.ndim() >= 1, what, name, " needs an axis of samples, got a scalar");
      require<ValueError>(column.rows() == columns.x[0].rows(), what, "x has ", columns.x[0].rows(), " samples, ", name,
                          " has ", column.rows());
      if (column.dtype() == graph::float64) column = column.astype(graph::float32);
    }
  require<ValueError>(columns.x[0].rows() > 0, what, "there are no samples: x has shape ", columns.x[0].shape());
}

ArraySource::ArraySource(Columns columns, int batch_size, std::string_view what, int threads)
    : columns_(std::move(columns)), batch_size_(batch_size), threads_(threads > 0 ? threads : omp_get_max_threads()) {
  require<ValueError>(batch_size >= 1, what, "batch_size must be at least 1, got ", batch_size);
  check_columns(columns_, what);
  samples_ = columns_.x[0].rows();
}

void ArraySource::begin_epoch() {
  position_ = 0;
  if (shuffle_) order_ = shuffle_->permutation(samples_);
}

void ArraySource::state(StateVisitor& v) {
  v("position", position_);
  if (shuffle_) v("shuffle", *shuffle_);
}

void ArraySource::gather(Part part, std::int64_t start, std::int64_t stop) {
  const std::vector<Array>& from_columns = columns_.*part;
  std::vector<Array>&to_columns = full_.*part, &batch = current_.*part;
  batch.resize(from_columns.size());
  if (order_.empty()) {
    for (std::size_t c = 0; c < batch.size(); ++c) batch[c] = from_columns[c].slice(start, stop);
    return;
  }
  if (to_columns.empty())
    for (const Array& column : from_columns)
      to_columns.emplace_back(column.shape().with(0, std::min(batch_size_, samples_)), column.dtype());
  for (std::size_t c = 0; c < batch.size(); ++c) {
    const std::size_t row = from_columns[c].nbytes() / static_cast<std::size_t>(samples_);
    const std::byte* from = from_columns[c].bytes();
    std::byte* to = to_columns[c].bytes();
    const std::int64_t* rows = order_.data() + start;
    const std::int64_t n = stop - start;
    const auto copy = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        // Rows lie anywhere: the beginning of one is fetched while others are copied, and the processor sees by itself
        // how it goes on.
        if (r + kAhead < n)
          for (std::size_t line = 0; line < std::min(row, kFetched); line += 64)
            __builtin_prefetch(from + static_cast<std::size_t>(rows[r + kAhead]) * row + line);
        std::memcpy(to + static_cast<std::size_t>(r) * row, from + static_cast<std::size_t>(rows[r]) * row, row);
      }
    };
    graph::internal::share(static_cast<std::size_t>(n) * row > kWorthSharing ? threads_ : 1, n, copy);
    batch[c] = to_columns[c].slice(0, n);
  }
}

const Columns& ArraySource::batch(std::int64_t i) {
  const std::int64_t start = i * batch_size_, stop = std::min(start + batch_size_, samples_);
  for (const auto& [part, name] : kParts) gather(part, start, stop);
  return current_;
}

}  // namespace cornu::keras::data

#include "cornu/keras/data/internal/array_source.h"

#include <omp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/keras/data/internal/gather.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;
using graph::ShapeError;
using graph::ValueError;

namespace {

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
  if (!shuffle_) return;
  drawn_from_ = shuffle_;
  order_ = shuffle_->permutation(samples_);
}

// The order of a pass is many numbers, and is drawn again from where the generator stood before it.
void ArraySource::state(StateVisitor& v) {
  std::int64_t samples = samples_, batch_size = batch_size_;
  v("samples", samples);
  v("batch_size", batch_size);
  require<ValueError>(samples == samples_ && batch_size == batch_size_, "the data has ", samples,
                      " samples in batches of ", batch_size, " there, and ", samples_, " in batches of ", batch_size_,
                      " here");
  v("position", position_);
  if (!shuffle_) return;
  std::int64_t drawn = order_.empty() ? 0 : 1;
  const auto words = [](const graph::random::Generator& g) { return std::bit_cast<std::array<std::uint64_t, 2>>(g); };
  const auto before = words(*drawn_from_);
  v("order_is_drawn", drawn);
  v("shuffle", *drawn_from_);
  if (words(*drawn_from_) == before && (drawn != 0) == !order_.empty()) return;
  shuffle_ = drawn_from_;
  order_ = drawn != 0 ? shuffle_->permutation(samples_) : std::vector<std::int64_t>();
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
  const std::span<const std::int64_t> rows(order_.data() + start, static_cast<std::size_t>(stop - start));
  for (std::size_t c = 0; c < batch.size(); ++c) {
    internal::gather_rows(from_columns[c], rows, to_columns[c], threads_);
    batch[c] = to_columns[c].slice(0, stop - start);
  }
}

const Columns& ArraySource::batch(std::int64_t i) {
  const std::int64_t start = i * batch_size_, stop = std::min(start + batch_size_, samples_);
  for (const auto& [part, name] : kParts) gather(part, start, stop);
  return current_;
}

}  // namespace cornu::keras::data

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::keras::models {

using graph::Array;

/// What the data of every run must be: an axis of samples each, equally many, at least one. Float64 columns become
/// float32, Keras' float type. Throws ShapeError and ValueError; `what` starts the message.
void check_columns(std::span<Array> columns, std::string_view what = "");

/// The samples of a run in batches: rows of x, y and perhaps sample weights, in order or in an order that is drawn for
/// each pass. Batches that follow the arrays' order are views; others are gathered into buffers that are kept.
class Batches {
 public:
  /// `columns` are x, y and perhaps sample weights, checked by `check_columns`. Throws ValueError for a batch size
  /// below 1. Rows are gathered by so many threads (0: as many as OpenMP gives).
  Batches(std::vector<Array> columns, int batch_size, std::string_view what = "", int threads = 0);

  /// The data, float64 as float32.
  const std::vector<Array>& columns() const { return columns_; }
  std::int64_t samples() const { return samples_; }
  std::int64_t count() const { return (samples_ + batch_size_ - 1) / batch_size_; }
  /// The order of the next pass, one row number per sample; empty for the arrays' own.
  void set_order(std::vector<std::int64_t> order) { order_ = std::move(order); }
  /// Batch `i`; valid until the next call.
  std::span<const Array> batch(std::int64_t i);

 private:
  std::vector<Array> columns_, full_, current_;  // `full_` are buffers of batch_size rows
  std::vector<std::int64_t> order_;
  std::int64_t samples_, batch_size_;
  int threads_;
};

}  // namespace cornu::keras::models

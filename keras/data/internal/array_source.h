#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "cornu/graph/array/random.h"
#include "cornu/keras/data/source.h"

namespace cornu::keras::data {

/// What the arrays of every run must be: an axis of samples each, equally many, at least one. Float64 ones become
/// float32, Keras' float type. Throws ShapeError and ValueError; `what` starts the message.
void check_columns(Columns& columns, std::string_view what = "");

/// The rows of arrays in batches, in their order or in one that is drawn for each pass. Batches that follow the arrays'
/// order are views; others are gathered into buffers that are kept.
class ArraySource final : public Source {
 public:
  /// Checks as `check_columns`. Throws ValueError for a batch size below 1. Rows are gathered by so many threads (0: as
  /// many as OpenMP gives).
  ArraySource(Columns columns, int batch_size, std::string_view what = "", int threads = 0);

  void shuffle(const graph::random::Generator& generator) override { shuffle_ = drawn_from_ = generator; }

  std::optional<std::int64_t> size() const override { return count(); }
  void begin_epoch() override;
  const Columns* next() override { return position_ < count() ? &batch(position_++) : nullptr; }
  void state(StateVisitor& v) override;

  /// The data, float64 as float32.
  const Columns& columns() const { return columns_; }
  std::int64_t samples() const { return samples_; }
  std::int64_t count() const { return (samples_ + batch_size_ - 1) / batch_size_; }
  /// The order of this pass, one row number per sample; empty for the arrays' own.
  void set_order(std::vector<std::int64_t> order) { order_ = std::move(order); }
  /// Batch `i` of the pass; valid until the next call.
  const Columns& batch(std::int64_t i);

 private:
  using Part = std::vector<graph::Array> Columns::*;
  void gather(Part part, std::int64_t start, std::int64_t stop);

  Columns columns_, full_, current_;  // `full_` are buffers of batch_size rows
  std::vector<std::int64_t> order_;
  std::optional<graph::random::Generator> shuffle_, drawn_from_;  // now, and when the order of this pass was drawn
  std::int64_t samples_, batch_size_, position_ = 0;
  int threads_;
};

}  // namespace cornu::keras::data

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/keras/state.h"

namespace cornu::keras::data {

/// Rows of data for a model: an array for each input, for each target, and for each target's sample weights. Targets
/// and weights may be left out.
struct Columns {
  std::vector<graph::Array> x = {}, y = {}, weight = {};
};

/// Where the batches of `fit`, `evaluate` and `predict` come from. Derive from it for data that does not lie in arrays.
///
///     struct Halves : data::Source {
///       std::optional<std::int64_t> size() const override { return 2; }
///       void begin_epoch() override { i = 0; }
///       const data::Columns* next() override { … return i++ < 2 ? &batch : nullptr; }
///     };
class CORNU_EXPORT Source {
 public:
  virtual ~Source();
  /// The number of batches of a pass; nothing if it is not known.
  virtual std::optional<std::int64_t> size() const = 0;
  /// A new pass begins: shuffles, if it does so.
  virtual void begin_epoch() = 0;
  /// The next batch, valid until the next call; null where the pass ends.
  virtual const Columns* next() = 0;
  /// The position in the pass and in its random numbers, for runs that are resumed.
  virtual void state(StateVisitor&) {}
};

}  // namespace cornu::keras::data

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/keras/state.h"

namespace cornu::keras::data {

/// Rows of data for a model: an array for each input, for each target, and for each target's sample weights. Targets
/// and weights may be left out. The arrays stand in the order of the model's inputs and outputs, or are named.
struct Columns {
  std::vector<graph::Array> x = {}, y = {}, weight = {};
  std::vector<std::string> x_names = {}, y_names = {}, weight_names = {};  ///< as many as arrays, or none
};

/// Where the batches of `fit`, `evaluate` and `predict` come from. Derive from it for data that does not lie in arrays
/// (a Dataset, or a Sequence, is often less work).
///
///     struct Halves : data::Source {
///       std::optional<std::int64_t> size() const override { return 2; }
///       void begin_epoch() override { i = 0; }
///       const data::Columns* next() override { … return i++ < 2 ? &batch : nullptr; }
///     };
///
/// Calls come from one thread: begin_epoch, next until it gives null or the run has enough, end_epoch, and so on. What
/// `next` throws is what the run throws; the next begin_epoch begins anew.
class CORNU_EXPORT Source {
 public:
  virtual ~Source();
  /// The number of batches of a pass; nothing if it is not known, or there is no end.
  virtual std::optional<std::int64_t> size() const = 0;
  /// Whether passes have no end: a run needs to be told how many steps to take.
  virtual bool endless() const { return false; }
  /// A new pass begins: shuffles, if it does so.
  virtual void begin_epoch() = 0;
  /// The next batch, valid until the next call; null where the pass ends.
  virtual const Columns* next() = 0;
  /// The pass is over, whether its end was reached or not.
  virtual void end_epoch() {}
  /// `fit` says with `shuffle = true` that each pass has an order of its own, drawn from this generator. What has an
  /// order of its own pays no attention.
  virtual void shuffle(const graph::random::Generator& generator) { (void)generator; }
  /// The position, for runs that are resumed: which pass, how many of its batches were given, and what its random
  /// numbers began with, so that a source of the same description which reads this state gives, by `next`, the batches
  /// that would have followed (it may go through the pass to get there), and from the next `begin_epoch` on the passes
  /// that would have followed. It may be visited at any time between two calls, before the first begin_epoch, too. When
  /// a state is read, the source may be new, and `next` may be called without a begin_epoch.
  virtual void state(StateVisitor& v) { (void)v; }
};

}  // namespace cornu::keras::data

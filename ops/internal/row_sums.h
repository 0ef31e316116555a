#pragma once

#include <vector>

#include "cornu/graph/plan/kernel.h"

namespace cornu::ops::internal {

/// Sums over rows which a loop (GridLoop) takes on its way: of each chunk of rows for itself, in scratch memory, then
/// of the chunks in their order, so that the bits do not depend on who was first.
class RowSums {
 public:
  /// Sums of so many columns, times these factors, behind `plain` other outputs.
  RowSums(std::vector<double> factors, std::int64_t columns, std::size_t plain)
      : factors_(std::move(factors)), columns_(columns), plain_(plain) {}

  bool empty() const { return factors_.empty(); }
  int count() const { return static_cast<int>(factors_.size()); }
  /// Of scratch memory for so many chunks.
  std::size_t bytes(std::int64_t chunks) const;
  /// Where the loop stores when it goes over these columns of a chunk: the call's outputs, and sums that begin with 0.
  void begin(const graph::Call& c, void* memory, std::int64_t chunk, std::int64_t left, std::int64_t right,
             void** to) const;
  /// The call's share of the last phase.
  void add_up(const graph::Call& c, const void* memory, std::int64_t chunks) const;

 private:
  std::vector<double> factors_;
  std::int64_t columns_;
  std::size_t plain_;
};

}  // namespace cornu::ops::internal

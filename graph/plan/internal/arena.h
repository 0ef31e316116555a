#pragma once

#include <cstddef>
#include <vector>

namespace cornu::graph {

/// A block of memory that is needed from step `first` to step `last`.
struct Lifetime {
  std::size_t bytes = 0;
  int first = 0, last = 0;
};

/// Offsets at which blocks share one arena, blocks that live at the same time apart; every offset is a multiple of 64.
/// Greedy by size (Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020). Sets the
/// arena's size.
std::vector<std::size_t> place_in_arena(const std::vector<Lifetime>& blocks, std::size_t& arena_bytes);

}  // namespace cornu::graph

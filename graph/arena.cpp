#include "cornu/graph/arena.h"

#include <algorithm>
#include <numeric>

namespace cornu::graph {

std::vector<std::size_t> place_in_arena(const std::vector<Lifetime>& blocks, std::size_t& arena_bytes) {
  constexpr std::size_t kAlignment = 64;
  const auto padded = [](std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; };

  std::vector<std::size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return blocks[a].bytes > blocks[b].bytes; });

  std::vector<std::size_t> offsets(blocks.size(), 0), placed;  // `placed` is kept sorted by offset
  arena_bytes = 0;
  for (const std::size_t i : order) {
    const Lifetime& block = blocks[i];
    std::size_t offset = 0;
    for (const std::size_t j : placed) {
      const Lifetime& other = blocks[j];
      if (other.last < block.first || block.last < other.first) continue;
      if (offset + padded(block.bytes) <= offsets[j]) break;
      offset = std::max(offset, offsets[j] + padded(other.bytes));
    }
    offsets[i] = offset;
    placed.insert(std::upper_bound(placed.begin(), placed.end(), offset, [&](std::size_t at, std::size_t j) { return at < offsets[j]; }), i);
    arena_bytes = std::max(arena_bytes, offset + padded(block.bytes));
  }
  return offsets;
}

}  // namespace cornu::graph

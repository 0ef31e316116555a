#include "cornu/graph/plan/internal/arena.h"

#include <algorithm>
#include <numeric>

namespace cornu::graph {

std::vector<std::size_t> place_in_arena(const std::vector<Lifetime>& blocks, std::size_t& arena_bytes) {
  constexpr std::size_t kAlignment = 64;
  const auto padded = [](std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; };

  std::vector<std::size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return blocks[a].bytes > blocks[b].bytes; });

  struct Placed {
    std::size_t begin, end;
    int first, last;
  };
  std::vector<std::size_t> offsets(blocks.size(), 0);
  std::vector<Placed> placed;  // sorted by `begin`, in one piece: nearly all the time goes into looking through it
  placed.reserve(blocks.size());
  arena_bytes = 0;
  for (const std::size_t i : order) {
    const Lifetime& block = blocks[i];
    const std::size_t bytes = padded(block.bytes);
    std::size_t offset = 0;
    for (const Placed& other : placed) {
      if (other.last < block.first || block.last < other.first) continue;
      if (offset + bytes <= other.begin) break;
      offset = std::max(offset, other.end);
    }
    offsets[i] = offset;
    const auto behind = std::upper_bound(placed.begin(), placed.end(), offset,
                                         [](std::size_t at, const Placed& other) { return at < other.begin; });
    placed.insert(behind, {offset, offset + bytes, block.first, block.last});
    arena_bytes = std::max(arena_bytes, offset + bytes);
  }
  return offsets;
}

}  // namespace cornu::graph

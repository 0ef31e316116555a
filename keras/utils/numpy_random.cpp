#include "cornu/keras/utils/internal/numpy_random.h"

#include <limits>
#include <numeric>
#include <utility>

#include "cornu/graph/check.h"

namespace cornu::keras::utils::internal {

NumpyRandom::NumpyRandom(std::uint64_t seed) : bits_(static_cast<std::uint32_t>(seed)) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();
  graph::require<graph::ValueError>(seed <= kLargest, "expected a seed from 0 to ", kLargest,
                                    ", as NumPy takes it, got ", seed);
}

std::vector<std::int64_t> NumpyRandom::shuffled(std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  // Numbers up to a bound are those bits that are needed, drawn again where they are above it.
  for (std::int64_t i = n - 1; i > 0; --i) {
    const auto bound = static_cast<std::uint32_t>(i);
    const std::uint32_t mask = std::numeric_limits<std::uint32_t>::max() >> __builtin_clz(bound);
    auto j = static_cast<std::uint32_t>(bits_()) & mask;
    while (j > bound) j = static_cast<std::uint32_t>(bits_()) & mask;
    std::swap(order[static_cast<std::size_t>(i)], order[j]);
  }
  return order;
}

}  // namespace cornu::keras::utils::internal

#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "cornu/graph/array.h"

namespace cornu::graph::random {

/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): four random words that depend on
/// the key and the counter alone, so any element of a random tensor can be computed on any thread.
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_high, std::uint64_t counter_low);

/// A stream of random numbers: the same seed gives the same numbers on every machine and for every number of threads.
///
///     random::Generator rng(7);
///     Array x = rng.uniform({256, 4}, -1, 1);
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : key_(seed) {}

  std::uint64_t next();                                                       ///< 64 random bits
  double next_double();                                                       ///< in [0, 1)
  Array uniform(const Shape&, double low = 0, double high = 1);               ///< float32, in [low, high)
  Array normal(const Shape&, double mean = 0, double stddev = 1);             ///< float32
  Array truncated_normal(const Shape&, double mean = 0, double stddev = 1);   ///< float32, redrawn beyond 2 stddev
  Array integers(const Shape&, std::int64_t low, std::int64_t high);          ///< int64, in [low, high)
  std::vector<std::int64_t> permutation(std::int64_t n);                      ///< 0 … n-1 shuffled (Fisher-Yates)

 private:
  std::uint64_t key_, counter_ = 0;
};

}  // namespace cornu::graph::random

namespace cornu::random {
using graph::random::Generator;
}  // namespace cornu::random

#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::graph::random {

/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): four random words that depend
/// on the key and the counter alone, so any element of a random tensor can be computed on any thread.
inline std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_high, std::uint64_t counter_low) {
  std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  std::uint32_t c0 = static_cast<std::uint32_t>(counter_low), c1 = static_cast<std::uint32_t>(counter_low >> 32);
  std::uint32_t c2 = static_cast<std::uint32_t>(counter_high), c3 = static_cast<std::uint32_t>(counter_high >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p = std::uint64_t{0xD2511F53u} * c0, q = std::uint64_t{0xCD9E8D57u} * c2;
    c0 = static_cast<std::uint32_t>(q >> 32) ^ c1 ^ k0;
    c1 = static_cast<std::uint32_t>(q);
    c2 = static_cast<std::uint32_t>(p >> 32) ^ c3 ^ k1;
    c3 = static_cast<std::uint32_t>(p);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {c0, c1, c2, c3};
}

/// A random word as a number in [0, 1).
inline double unit(std::uint32_t word) { return static_cast<double>(word) * 0x1p-32; }

/// Two independent normal numbers (mean 0, deviation 1) from two random words, by Box and Muller.
std::array<double, 2> normal_pair(std::uint32_t a, std::uint32_t b);

/// A stream of random numbers: the same seed and the same calls give the same numbers on every machine (normal ones as
/// far as the C library's log, sin and cos agree). Copying a generator copies its position. Use one per thread.
///
///     random::Generator rng(7);
///     Array x = rng.uniform({256, 4}, -1, 1);
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : key_(seed) {}

  /// 64 random bits.
  std::uint64_t next();
  /// A number in [0, 1), a multiple of 2^-53.
  double next_double();
  /// An integer in [0, n), each equally likely. Throws ValueError if n is 0.
  std::uint64_t below(std::uint64_t n);
  /// float32 in [low, high). Throws ValueError unless low <= high, both finite; if they are equal, every element is
  /// low.
  Array uniform(const Shape&, double low = 0, double high = 1);
  /// float32. Throws ValueError unless stddev >= 0.
  Array normal(const Shape&, double mean = 0, double stddev = 1);
  /// float32; numbers farther than 2 stddev from the mean are drawn again, as Keras' TruncatedNormal. Throws ValueError
  /// unless stddev >= 0.
  Array truncated_normal(const Shape&, double mean = 0, double stddev = 1);
  /// int64 in [low, high). Throws ValueError unless low < high.
  Array integers(const Shape&, std::int64_t low, std::int64_t high);
  /// 0 … n-1 shuffled (Fisher-Yates). Throws ValueError if n is negative.
  std::vector<std::int64_t> permutation(std::int64_t n);

 private:
  std::array<std::uint32_t, 4> block() { return philox(key_, 0, counter_++); }

  std::uint64_t key_, counter_ = 0;
};

}  // namespace cornu::graph::random

namespace cornu::random {
using graph::random::Generator;
}  // namespace cornu::random

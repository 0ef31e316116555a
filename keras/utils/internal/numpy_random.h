#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace cornu::keras::utils::internal {

/// NumPy's `np.random.RandomState(seed)`, by which Keras shuffles files and data sets, and splits them.
class NumpyRandom {
 public:
  /// Throws ValueError for a seed of 2^32 or more, as NumPy.
  explicit NumpyRandom(std::uint64_t seed);
  /// The numbers 0 to n - 1 as `shuffle` leaves them: `a[order[i]]` is what comes to place i of any `a` of n elements.
  std::vector<std::int64_t> shuffled(std::int64_t n);

 private:
  std::mt19937 bits_;  // NumPy's generator is the standard's
};

}  // namespace cornu::keras::utils::internal

#pragma once

#include <cstdint>

#include "cornu/io/path.h"
#include "cornu/keras/datasets/split.h"

/// Boston housing (Harrison and Rubinfeld 1978): the median price of houses, in thousands of dollars, in 506 places.
/// Its feature "B" takes racial segregation for an advantage: the set is there for comparisons with older work;
/// `california_housing` with the version "small" takes its place.
namespace cornu::keras::datasets::boston_housing {

/// Keras' arguments, in its order.
struct LoadDataConfig {
  io::Path path = {};        ///< a file of Keras' form; empty: `boston_housing.npz` in its cache
  double test_split = 0.2;   ///< the share of the test data, 0 to below 1
  std::uint64_t seed = 113;  ///< of the order
};

/// `x` (n, 13) and `y` (n,), as `california_housing::load_data`, and with its errors. Keras:
/// `datasets.boston_housing.load_data`.
///
///     auto [train, test] = datasets::boston_housing::load_data();
Splits load_data(const LoadDataConfig& config = {});

}  // namespace cornu::keras::datasets::boston_housing

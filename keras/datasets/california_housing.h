#pragma once

#include <cstdint>
#include <string>

#include "cornu/io/path.h"
#include "cornu/keras/datasets/split.h"

/// California housing (Pace and Barry 1997): the median price of houses, in dollars, in 20,640 districts. The features
/// are MedInc, HouseAge, AveRooms, AveBedrms, Population, AveOccup, Latitude, Longitude.
namespace cornu::keras::datasets::california_housing {

/// Keras' arguments, in its order.
struct LoadDataConfig {
  std::string version = "large";  ///< or "small": the first 600 rows
  io::Path path = {};             ///< a file of Keras' form; empty: `california_housing.npz` in its cache
  double test_split = 0.2;        ///< the share of the test data, 0 to below 1
  std::uint64_t seed = 113;       ///< of the order
};

/// `x` (n, 8) and `y` (n,) of training and test data, in the order and with the split of Keras.
///
///     auto [train, test] = datasets::california_housing::load_data({.version = "small"});
///
/// Without a path `~/.keras/datasets/california_housing.npz`, downloaded from Keras' address if it is missing, with its
/// SHA-256 checked. Throws IoError for a missing file or a failed download, saying what to do; FormatError for a file
/// that is truncated, damaged or foreign; ValueError for another version and a test_split out of range. Keras:
/// `datasets.california_housing.load_data`.
Splits load_data(const LoadDataConfig& config = {});

}  // namespace cornu::keras::datasets::california_housing

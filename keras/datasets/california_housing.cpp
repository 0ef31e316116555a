#include "cornu/keras/datasets/california_housing.h"

#include <filesystem>
#include <limits>

#include "cornu/graph/check.h"
#include "cornu/keras/datasets/internal/files.h"
#include "cornu/keras/datasets/internal/housing.h"

namespace cornu::keras::datasets::california_housing {

Splits load_data(const LoadDataConfig& config) {
  constexpr std::int64_t kFeatures = 8, kSmall = 600;
  internal::require_test_split("california_housing", config.test_split);
  graph::require<ValueError>(config.version == "small" || config.version == "large",
                             "california_housing::load_data: expected the version 'small' or 'large', got '",
                             config.version, "'");
  const std::filesystem::path path =
      internal::file_of(config.path, "california_housing", "takes an .npz file", "california_housing.npz",
                        "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f");
  const std::int64_t most = config.version == "small" ? kSmall : std::numeric_limits<std::int64_t>::max();
  return internal::read_housing(path, kFeatures, most, config.test_split, config.seed);
}

}  // namespace cornu::keras::datasets::california_housing

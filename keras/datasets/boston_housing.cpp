#include "cornu/keras/datasets/boston_housing.h"

#include <filesystem>
#include <limits>

#include "cornu/keras/datasets/internal/files.h"
#include "cornu/keras/datasets/internal/housing.h"

namespace cornu::keras::datasets::boston_housing {

Splits load_data(const LoadDataConfig& config) {
  constexpr std::int64_t kFeatures = 13;
  internal::require_test_split("boston_housing", config.test_split);
  const std::filesystem::path path =
      internal::file_of(config.path, "boston_housing", "takes an .npz file", "boston_housing.npz",
                        "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5");
  return internal::read_housing(path, kFeatures, std::numeric_limits<std::int64_t>::max(), config.test_split,
                                config.seed);
}

}  // namespace cornu::keras::datasets::boston_housing

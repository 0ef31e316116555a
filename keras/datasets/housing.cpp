#include "cornu/keras/datasets/internal/housing.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/io/npy/npz.h"
#include "cornu/keras/utils/internal/numpy_random.h"

namespace cornu::keras::datasets::internal {

using graph::require;

void require_test_split(const char* who, double test_split) {
  require<ValueError>(test_split >= 0 && test_split < 1, who,
                      "::load_data: expected a test_split from 0 to 1, without 1, got ", test_split);
}

Splits read_housing(const std::filesystem::path& path, std::int64_t features, std::int64_t most, double test_split,
                    std::uint64_t seed) {
  const io::npy::Archive archive(path);
  for (const char* name : {"x", "y"})
    require<FormatError>(archive.contains(name), "[", path.string(), "] has no array '", name, "'; expected are x, y");
  Array x = archive["x"], y = archive["y"];
  require<FormatError>(graph::is_floating(x.dtype()) && x.ndim() == 2 && x.shape()[1] == features, "[", path.string(),
                       ": x] expected floating numbers of shape (n, ", features, "), got ", x.dtype(), " ", x.shape());
  require<FormatError>(y.ndim() == 1 && y.rows() == x.rows(), "[", path.string(), ": y] expected shape (", x.rows(),
                       ",), got ", y.shape());
  const std::int64_t n = std::min(most, x.rows());
  const Array order = Array(utils::internal::NumpyRandom(seed).shuffled(n));
  x = x.slice(0, n)[order], y = y.slice(0, n)[order];
  const auto first = static_cast<std::int64_t>(static_cast<double>(n) * (1 - test_split));
  return {{x.slice(0, first), y.slice(0, first)}, {x.slice(first, n), y.slice(first, n)}};
}

}  // namespace cornu::keras::datasets::internal

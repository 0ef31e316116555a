#pragma once

#include <cstdint>
#include <filesystem>

#include "cornu/keras/datasets/split.h"

namespace cornu::keras::datasets::internal {

/// Throws ValueError unless 0 <= test_split < 1. `who` calls.
void require_test_split(const char* who, double test_split);
/// `x` (n, features) and `y` (n,) of a file, the first `most` rows of it, shuffled and split as Keras does.
Splits read_housing(const std::filesystem::path& path, std::int64_t features, std::int64_t most, double test_split,
                    std::uint64_t seed);

}  // namespace cornu::keras::datasets::internal

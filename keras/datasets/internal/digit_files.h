#pragma once

#include <filesystem>

#include "cornu/keras/datasets/split.h"

namespace cornu::keras::datasets::internal {

/// Reads MNIST's files and those of its relatives: an .npz file or a folder of IDX files. Checks shapes, types and
/// labels.
Splits read_digits(const std::filesystem::path& path);
/// True if the folder has the four IDX files under any of their usual names.
bool has_idx_files(const std::filesystem::path& folder);

}  // namespace cornu::keras::datasets::internal

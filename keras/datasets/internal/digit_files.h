#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "cornu/keras/datasets/split.h"

namespace cornu::keras::datasets::internal {

/// Where Keras keeps the files.
inline constexpr const char* kOrigin = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/";

/// Reads MNIST's files and those of its relatives: an .npz file or a folder of IDX files. Checks shapes, types and
/// labels.
Splits read_digits(const std::filesystem::path& path);
/// True if the folder has the four IDX files under any of their usual names.
bool has_idx_files(const std::filesystem::path& folder);
/// The user's path: as it is, or in Keras' cache if it is relative and not here. Throws IoError, saying what to do, if
/// it is nowhere.
std::filesystem::path find_digits(const std::filesystem::path& path, const char* data_set);
/// Calls `fetch`; an IoError gets a hint for those who have no network.
std::filesystem::path with_hint(const char* data_set, const std::filesystem::path& place,
                                const std::function<std::filesystem::path()>& fetch);

}  // namespace cornu::keras::datasets::internal

#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace cornu::keras::datasets::internal {

/// Where Keras keeps most of the files.
inline constexpr const char* kOrigin = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/";

/// The user's path: as it is, or in Keras' cache if it is relative and not here. Throws IoError, saying what to do
/// (`takes`: "takes an .npz file"), if it is nowhere.
std::filesystem::path find_file(const std::filesystem::path& path, const char* data_set, const char* takes);
/// Calls `fetch`; an IoError gets a hint for those who have no network.
std::filesystem::path with_hint(const char* data_set, const std::filesystem::path& place,
                                const std::function<std::filesystem::path()>& fetch);
/// The user's path as above, or without one the file of that name in Keras' cache, downloaded if need be from
/// `kOrigin`. `data_set` is the caller, "imdb".
std::filesystem::path file_of(const std::filesystem::path& path, const char* data_set, const char* takes,
                              const std::string& name, const char* file_hash);

}  // namespace cornu::keras::datasets::internal

#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "tests/support/source_dir.h"

namespace cornu::tests {

/// The folder of data that stands beside the project: ../shared, or where CORNU_SHARED says. It need not be there.
inline std::filesystem::path shared_folder() {
  const char* given = std::getenv("CORNU_SHARED");
  return given != nullptr ? std::filesystem::path(given) : source_dir() / ".." / "shared";
}

/// A file or folder of these data, if it is there.
inline std::optional<std::filesystem::path> shared_data(const std::filesystem::path& name) {
  const std::filesystem::path path = shared_folder() / name;
  return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

}  // namespace cornu::tests

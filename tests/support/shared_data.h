#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace cornu::tests {

/// A file or folder of the data that stand beside the project (../shared, or where CORNU_SHARED says), if it is there.
inline std::optional<std::filesystem::path> shared_data(const std::filesystem::path& name) {
  const char* given = std::getenv("CORNU_SHARED");
  const std::filesystem::path root = given != nullptr ? std::filesystem::path(given) : std::filesystem::path(CORNU_SOURCE_DIR) / "../shared";
  return std::filesystem::exists(root / name) ? std::optional(root / name) : std::nullopt;
}

}  // namespace cornu::tests

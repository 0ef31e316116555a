#pragma once

#include <cstdlib>
#include <filesystem>

namespace cornu::tests {

/// The folder of golden model files, which not every machine has: ../shared/golden/models beside the source, or in $CORNU_SHARED.
inline std::filesystem::path golden_models() {
  const char* given = std::getenv("CORNU_SHARED");
  const std::filesystem::path shared = given ? std::filesystem::path(given) : std::filesystem::path(CORNU_SOURCE_DIR) / ".." / "shared";
  return shared / "golden" / "models";
}

}  // namespace cornu::tests

#define CORNU_NEEDS_GOLDEN_MODELS() \
  if (!std::filesystem::exists(cornu::tests::golden_models())) GTEST_SKIP() << "no golden models in " << cornu::tests::golden_models()

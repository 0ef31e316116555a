#pragma once

#include "tests/support/shared_data.h"

namespace cornu::tests {

/// The folder of golden model files, which not every machine has.
inline std::filesystem::path golden_models() { return shared_folder() / "golden" / "models"; }

}  // namespace cornu::tests

#define CORNU_NEEDS_GOLDEN_MODELS()                            \
  if (!std::filesystem::exists(cornu::tests::golden_models())) \
  GTEST_SKIP() << "no golden models in " << cornu::tests::golden_models()

#include "tests/support/source_dir.h"

namespace cornu::tests {

std::filesystem::path source_dir() { return CORNU_SOURCE_DIR; }

}  // namespace cornu::tests

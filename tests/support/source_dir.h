#pragma once

#include <filesystem>

namespace cornu::tests {

/// The project's source folder. One file alone is compiled with its path, so that a compiler cache serves every
/// checkout.
std::filesystem::path source_dir();

}  // namespace cornu::tests

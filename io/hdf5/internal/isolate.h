#pragma once

#include <filesystem>

#include "cornu/io/hdf5/isolated.h"

namespace cornu::io::hdf5::internal {

using Reader = void (*)(const std::filesystem::path&);

/// Calls `read(path)` in a child process of limited means, which holds no Session yet; throws what check_isolated
/// throws.
void isolate(const std::filesystem::path& path, const IsolationLimits& limits, Reader read);

}  // namespace cornu::io::hdf5::internal

#pragma once

#include <filesystem>
#include <functional>

#include "cornu/io/hdf5/internal/bytes.h"
#include "cornu/io/hdf5/reader.h"

namespace cornu::io::hdf5::internal {

/// Runs `work` in a forked child process of limited memory and time; the child holds no Session yet. Returns if it came
/// to its end. What it throws is thrown here, as FormatError or IoError; a crash, or a limit that was passed, is a
/// FormatError. Messages begin with `path`.
///
/// Safe while other threads run, as far as fork is: the child has only the calling thread, and may use nothing but the
/// memory allocator (which the C library keeps consistent over a fork) and the HDF5 library, whose lock is held across
/// the fork.
void isolate(const std::filesystem::path& path, const IsolationLimits& limits, const std::function<void()>& work);

/// A copy of the file, made by the library in a child process, that holds what the library can read of it in a form
/// that check_structure knows. Only a part of memory has it, and messages about it name the original. With `checked`
/// the structure is known to be sound as far as check_structure knows it; without, the child checks it first.
Bytes isolated_copy(const Bytes& original, const IsolationLimits& limits, bool checked);

}  // namespace cornu::io::hdf5::internal

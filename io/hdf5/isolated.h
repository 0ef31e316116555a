#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

namespace cornu::io::hdf5 {

/// What a child process may use to read a file.
struct IsolationLimits {
  std::size_t memory = std::size_t{4} << 30;  ///< bytes of address space beyond what the program has already
  std::chrono::seconds cpu_time{60};
};

/// Reads everything in the file, all attributes and datasets, in a forked child process of limited memory and time: a
/// file from an untrusted source that would crash the HDF5 library crashes the child. Returns if the child came
/// through.
///
/// Throws IoError or FormatError as reading the file here would, and FormatError naming the signal or the limit if the
/// child ended by it.
///
/// Safe while other threads run, as far as fork is: the child has only the calling thread, and uses nothing but the
/// memory allocator (which the C library keeps consistent over a fork) and the HDF5 library, whose lock is held across
/// the fork. A program that replaces the allocator by one without fork handlers must call this before it starts
/// threads.
void check_isolated(const std::filesystem::path& path, const IsolationLimits& limits = {});

}  // namespace cornu::io::hdf5

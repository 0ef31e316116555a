#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "cornu/graph/check.h"
#include "tests/fuzz/live_memory.h"

namespace cornu::fuzz {

/// Hands the bytes to a reader as a file. What it throws for a damaged file is what it should; everything else, a
/// crash, another exception, more memory than such a file may ask for or time without measure, is what the fuzzer looks
/// for.
template <class F>
int with_file(const std::uint8_t* data, std::size_t size, F&& read) {
  static const std::string path =
      (std::filesystem::temp_directory_path() / ("cornu-fuzz-" + std::to_string(::getpid()))).string();
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    const MemoryOfAFile limit(size);
    read(path);
  } catch (const graph::Error&) {
  }
  std::filesystem::remove(path);
  return 0;
}

}  // namespace cornu::fuzz

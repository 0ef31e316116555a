#pragma once

#include <cstdint>

namespace cornu::fuzz {

/// The bytes that the process holds of what malloc and operator new gave.
std::int64_t live_memory();
/// Aborts when it holds more. INT64_MAX: any number.
void limit_live_memory(std::int64_t bytes);

/// While it lives a reader may hold what a file of so many bytes can ask for, and no more. Compressed bytes become
/// 1,032 times as many at most, and a few copies of them are alive at once; besides, a model's layers have their size.
class MemoryOfAFile {
 public:
  explicit MemoryOfAFile(std::size_t size) {
    constexpr std::int64_t kForEachByte = 3 * 1032, kForAnyFile = std::int64_t{64} << 20;
    limit_live_memory(live_memory() + kForAnyFile + kForEachByte * static_cast<std::int64_t>(size));
  }
  ~MemoryOfAFile() { limit_live_memory(INT64_MAX); }
  MemoryOfAFile(const MemoryOfAFile&) = delete;
  MemoryOfAFile& operator=(const MemoryOfAFile&) = delete;
};

}  // namespace cornu::fuzz

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"

namespace cornu::io::hdf5::internal {

/// What is wrong in the bytes of a file; check_structure turns it into a FormatError that names the file.
class Damage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Sound perhaps, but a part of HDF5 that check_structure does not know.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// HDF5's "no address".
inline constexpr std::uint64_t kUndefined = ~std::uint64_t{0};

/// A file opened for reading at any place.
class Bytes {
 public:
  /// Throws IoError if it cannot be opened or is not a regular file.
  explicit Bytes(const std::filesystem::path& path);
  /// Takes an open descriptor; messages name `path`.
  Bytes(const std::filesystem::path& path, int descriptor);
  /// A part of memory with this content; messages name `path`. Throws IoError if there is no memory for it.
  Bytes(const std::filesystem::path& path, std::span<const std::byte> content);
  ~Bytes();
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  const std::filesystem::path& path() const { return path_; }
  int descriptor() const { return descriptor_; }
  /// Gives the descriptor away.
  int release() { return std::exchange(descriptor_, -1); }
  std::uint64_t size() const { return size_; }
  /// Throws Damage if they are not all inside of the file.
  std::vector<std::uint8_t> read(std::uint64_t address, std::uint64_t size, std::string_view what) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// Reads little-endian numbers from a run of bytes and throws Damage instead of passing its end.
class Cursor {
 public:
  Cursor(std::span<const std::uint8_t> bytes, std::string_view what) : bytes_(bytes), what_(what) {}

  std::size_t position() const { return at_; }
  std::size_t remaining() const { return bytes_.size() - at_; }
  std::span<const std::uint8_t> take(std::uint64_t n);
  void skip(std::uint64_t n) { take(n); }
  /// On to the next multiple of 8, counted from the start.
  void align() { skip((8 - at_ % 8) % 8); }
  /// An unsigned number of `n` bytes.
  std::uint64_t number(int n);
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  /// The text up to a NUL within the run; stands behind the NUL afterwards.
  std::string_view c_string();
  void expect(std::string_view signature);

 private:
  std::span<const std::uint8_t> bytes_;
  std::string_view what_;
  std::size_t at_ = 0;
};

/// a * b, or kUndefined if that does not fit.
constexpr std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  return a != 0 && b > (kUndefined - 1) / a ? kUndefined : a * b;
}

}  // namespace cornu::io::hdf5::internal

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>
#include <vector>

#include "cornu/io/hdf5/internal/bytes.h"

namespace cornu::io::hdf5::internal {

/// Where a file starts: its first object, and the numbers that say how large some structures are.
struct Superblock {
  int version = 0;
  std::uint64_t end = 0;                                          ///< the end of the file, by its own account
  std::uint64_t root = 0;                                         ///< address of the root group's object header
  std::uint64_t root_btree = kUndefined, root_heap = kUndefined;  ///< as cached in version 0
  std::uint16_t leaf_k = 4, internal_k = 16;  ///< half the entries of a symbol node, of a group's B-tree node
};

/// The bytes of a file and who owns which: no two structures may share a byte, so no chain of references has a loop and
/// the library's cache never meets two kinds of thing at one address.
class FileMap {
 public:
  /// Reads the superblock (versions 0, 2 and 3), which may follow a user block. `bytes` must outlive the map.
  explicit FileMap(const Bytes& bytes);

  const Superblock& superblock() const { return superblock_; }
  /// Takes a structure's bytes and reads them.
  std::vector<std::uint8_t> claim(std::uint64_t address, std::uint64_t size, std::string_view what);
  /// Takes bytes whose values do not matter.
  void claim_data(std::uint64_t address, std::uint64_t size, std::string_view what);
  /// Reads without taking, to learn a structure's size.
  std::vector<std::uint8_t> peek(std::uint64_t address, std::uint64_t size, std::string_view what) const;

 private:
  void require_inside(std::uint64_t address, std::uint64_t size, std::string_view what) const;
  std::uint64_t find_signature() const;
  void read_superblock();
  void read_version_0(Cursor& in);
  void read_version_2(Cursor& in);

  const Bytes& bytes_;
  std::uint64_t base_ = 0;  // where the superblock is; all addresses count from there
  Superblock superblock_;
  std::map<std::uint64_t, std::uint64_t> taken_;  // start -> end
};

}  // namespace cornu::io::hdf5::internal

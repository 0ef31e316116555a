#pragma once

#include <cstdint>
#include <map>

#include "cornu/io/hdf5/internal/file_map.h"

namespace cornu::io::hdf5::internal {

/// The collections of bytes of variable length that attributes refer to.
class GlobalHeap {
 public:
  explicit GlobalHeap(FileMap& map) : map_(map) {}

  /// Checks one reference to a text (length, collection, index), 16 bytes: the library copies as many bytes as the heap
  /// says into room for as many as the reference says.
  void check_reference(Cursor& in);

 private:
  using Collection = std::map<unsigned, std::uint64_t>;  // index -> size
  const Collection& collection(std::uint64_t address);

  FileMap& map_;
  std::map<std::uint64_t, Collection> collections_;
};

}  // namespace cornu::io::hdf5::internal

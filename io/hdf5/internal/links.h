#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/io/hdf5/internal/object_header.h"

namespace cornu::io::hdf5::internal {

/// An entry of a group.
struct Link {
  std::string name;
  bool soft = false;                   ///< a path that the library looks up; everything below is unset then
  std::uint64_t address = kUndefined;  ///< of the object's header
  std::uint64_t cached_btree = kUndefined,
                cached_heap = kUndefined;  ///< where a group's own table is, if the entry repeats that
};

/// A group kept as a B-tree of symbol nodes with the names in a local heap (what HDF5 writes by default).
std::vector<Link> read_symbol_table(FileMap& map, std::uint64_t btree, std::uint64_t heap);

/// A link kept in the group's header. Throws Unsupported for external ones.
Link read_link(Cursor& in);

/// Checks that a newer group keeps its links, or an object its attributes, in its header and not in a fractal heap.
void require_compact_links(Cursor& in);
void require_compact_attributes(Cursor& in);

}  // namespace cornu::io::hdf5::internal

#pragma once

#include <cstdint>

#include "cornu/io/hdf5/internal/file_map.h"
#include "cornu/io/hdf5/internal/messages.h"

namespace cornu::io::hdf5::internal {

/// Checks the B-tree that says where a dataset's chunks are, and that each unpacks to its full size. Gives the bytes
/// stored in all of them.
std::uint64_t check_chunk_index(FileMap& map, const Layout& layout, const Dataspace& space,
                                const std::vector<Filter>& filters);

}  // namespace cornu::io::hdf5::internal

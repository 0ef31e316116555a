#pragma once

#include <filesystem>

namespace cornu::io::hdf5::internal {

/// Follows every reference in an HDF5 file as the library would, from the superblock to the last text, and returns if
/// all of them are sound: in the file, of the promised kind, without overlap or loop, and no dataset much larger than
/// what is stored of it. Throws FormatError with the path of the object and the reason, IoError if the file cannot be
/// read.
void check_structure(const std::filesystem::path& path);

}  // namespace cornu::io::hdf5::internal

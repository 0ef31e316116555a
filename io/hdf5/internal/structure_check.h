#pragma once

#include <optional>
#include <string>

#include "cornu/io/hdf5/internal/bytes.h"

namespace cornu::io::hdf5::internal {

/// Follows every reference in an HDF5 file as the library would, from the superblock to the last text. Gives nothing if
/// all of them are sound: in the file, of the promised kind, without overlap or loop, and no dataset much larger than
/// what is stored of it. Gives the place and the reason if there is a part of HDF5 in it that this check does not know:
/// then the library must not read the file in this process. Throws FormatError with the path of the object and the
/// reason if something is wrong, IoError if the file cannot be read.
std::optional<std::string> check_structure(const Bytes& bytes);

}  // namespace cornu::io::hdf5::internal

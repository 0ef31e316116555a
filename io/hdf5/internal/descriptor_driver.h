#pragma once

#include "cornu/io/hdf5/internal/library.h"

namespace cornu::io::hdf5::internal {

/// How the library opens a file that is open already: H5Fopen and H5Fcreate then read and write that very file,
/// whatever name they are given. The library has a duplicate of the descriptor as long as it has the file. Within a
/// Session.
Id access_by_descriptor(int descriptor);

}  // namespace cornu::io::hdf5::internal

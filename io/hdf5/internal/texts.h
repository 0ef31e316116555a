#pragma once

#include <string>
#include <vector>

#include "cornu/io/hdf5/internal/library.h"

namespace cornu::io::hdf5::internal {

/// All texts of an attribute, of fixed or variable length. Throws FormatError starting with `where`. Within a Session.
std::vector<std::string> read_texts(hid_t attribute, const std::string& where);

}  // namespace cornu::io::hdf5::internal

#pragma once

#include <string>
#include <string_view>

#include "cornu/graph/array/array.h"
#include "cornu/io/npy/internal/elements.h"

namespace cornu::io::npy::internal {

/// What stands before the elements of a .npy file.
struct Header {
  Encoding encoding;
  bool fortran_order = false;
  graph::Shape shape;
};

/// Reads magic, version and the dictionary. Throws FormatError; TypeError for structured and text arrays, and for
/// arrays of objects unless they are asked for: their encoding has the kind 'O'.
Header read_header(Source&, bool objects = false);
/// Parses `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. Throws as read_header, naming `source`.
Header parse_header(std::string_view text, const Source& source, bool objects = false);
/// Magic, version 1.0, and the dictionary, padded to a multiple of 64 bytes.
std::string header_of(const graph::Spec&);

/// A whole .npy stream: header and elements.
graph::Array read_array(Source&);
/// The elements behind a header.
graph::Array read_elements(Source&, const Header&);

}  // namespace cornu::io::npy::internal

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/io/hdf5/internal/bytes.h"

// The parts of an object header that describe data, read by the rules of the HDF5 File Format Specification 3.0,
// section IV.A.2. Every function throws Damage or Unsupported unless the library can be trusted with the bytes.
namespace cornu::io::hdf5::internal {

/// An extent in every axis.
struct Dataspace {
  bool null = false;  ///< no element at all, whatever the axes
  std::vector<std::uint64_t> dims;
  /// kUndefined if they do not fit.
  std::uint64_t elements() const;
};
Dataspace read_dataspace(Cursor& in);

struct Datatype {
  std::uint64_t size = 0;      ///< bytes of one element in the file
  bool variable_text = false;  ///< an element is a reference into a global heap
};
/// Integers, IEEE floats, texts of fixed and variable length, booleans as h5py writes them, opaque bytes.
Datatype read_datatype(Cursor& in);

/// Where the elements of a dataset are.
struct Layout {
  enum Kind { compact, contiguous, chunked } kind = contiguous;
  std::uint64_t address = kUndefined;
  std::uint64_t size = 0;            ///< stored bytes (not of chunks)
  std::vector<std::uint32_t> chunk;  ///< lengths of a chunk's axes; the last is the size of an element
};
Layout read_layout(Cursor& in);

/// What is done to chunks before they are stored, in this order.
enum class Filter : std::uint16_t { gzip = 1, shuffle = 2, fletcher32 = 3 };
std::vector<Filter> read_filters(Cursor& in, std::uint64_t element_size);

/// Checks the value of elements that were never written.
void read_fill_value(Cursor& in, std::uint64_t element_size);
void read_old_fill_value(Cursor& in, std::uint64_t element_size);

}  // namespace cornu::io::hdf5::internal

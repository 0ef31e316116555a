#pragma once

#include <bit>

#include "cornu/graph/array/array.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::npy::internal {

using io::internal::Source;

/// How numbers lie in a file: NumPy's kind (`b` bool, `i` signed, `u` unsigned, `f` floating, `V` two bytes of
/// bfloat16), the bytes of one number, and their order.
struct Encoding {
  char kind;
  int size;
  std::endian order = std::endian::native;
};

/// Throws TypeError if no dtype of ours can hold such numbers.
graph::DType nearest_dtype(const Encoding&, const std::string& name);

/// Reads an array of that shape (row-major), whose size is checked against `source.left()` before memory is taken.
/// int8, int16 and uint16 become int32, uint32 and uint64 int64, float16 float32. Throws FormatError, TypeError.
graph::Array read_elements(Source&, const Encoding&, const graph::Shape&);

}  // namespace cornu::io::npy::internal

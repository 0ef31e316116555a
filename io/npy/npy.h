#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::io::npy {

/// Reads a file of NumPy's `np.save`: versions 1 to 3, either byte order, C or Fortran order. int8, int16 and uint16
/// become int32, uint32 and uint64 int64, float16 float32; two-byte void elements, as which NumPy stores ml_dtypes'
/// bfloat16, bfloat16.
///
///     Array x = io::npy::load("x.npy");
///
/// Throws IoError if the file cannot be opened, FormatError if it is truncated, damaged or no .npy file, TypeError for
/// elements without a dtype here (text, objects, complex numbers, uint64 values from 2^63 on).
graph::Array load(const Path& path);

/// Writes a file that `np.load` reads (version 1, little-endian, C order), under exactly this name; the file appears
/// whole or not at all. bfloat16 is stored as two-byte void elements: `np.load(path).view(ml_dtypes.bfloat16)`. Throws
/// IoError.
void save(const Path& path, const graph::Array& array);

}  // namespace cornu::io::npy

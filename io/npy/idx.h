#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::io::npy {

/// Reads an IDX file, the format in which MNIST was published, gzipped or not (told by its content, not its name).
/// Bytes give uint8; signed bytes, shorts and ints int32; floats float32; doubles float64.
///
///     Array images = io::npy::load_idx("train-images-idx3-ubyte.gz");   // (60000, 28, 28)
///
/// Throws IoError if the file cannot be opened, FormatError if it is truncated, damaged, longer than it says, or no IDX
/// file.
graph::Array load_idx(const Path& path);

}  // namespace cornu::io::npy

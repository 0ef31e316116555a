#include "cornu/io/npy/npy.h"

#include <bit>

#include "cornu/io/atomic_file.h"
#include "cornu/io/npy/internal/header.h"

namespace cornu::io::npy {

static_assert(std::endian::native == std::endian::little,
              "arrays are written as they lie in memory, and said to be little-endian");

graph::Array load(const Path& path) {
  io::internal::InputFile file(path);
  return internal::read_array(file);
}

void save(const Path& path, const graph::Array& array) {
  AtomicFile file(path);
  const std::string header = internal::header_of(array.spec());
  file.write(header.data(), header.size());
  file.write(array.bytes(), array.nbytes());
  file.commit();
}

}  // namespace cornu::io::npy

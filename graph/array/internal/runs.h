#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "cornu/graph/array/shape.h"

namespace cornu::graph::internal {

/// A shape around one axis: as many elements before it, along it and behind it.
struct Runs {
  std::int64_t outer = 1, length = 1, inner = 1;
  Runs(const Shape& shape, int axis) : length(shape[axis]) {
    for (int i = 0; i < axis; ++i) outer *= shape[i];
    for (int i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  }
};

inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t n) {
  if (n) std::memcpy(to, from, n);
}

}  // namespace cornu::graph::internal

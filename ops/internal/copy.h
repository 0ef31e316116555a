#pragma once

#include <cstddef>
#include <cstring>

#include "cornu/graph/plan/kernel.h"

namespace cornu::ops::internal {

inline void copy_bytes(void* to, const void* from, std::size_t n) {
  if (n != 0 && to != from) std::memcpy(to, from, n);
}

/// The kernel of an op whose output has the bytes of its input, for where the two cannot share memory.
inline graph::Kernel copy_kernel(std::size_t bytes) {
  return graph::Kernel::native([bytes](const graph::Call& c) { copy_bytes(c.dst[0], c.src[0], bytes); });
}

}  // namespace cornu::ops::internal

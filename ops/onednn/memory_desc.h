#pragma once

#include <dnnl.h>

#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/ops/onednn/handle.h"

namespace cornu::ops::onednn {

/// Lengths, strides and dtype of a memory, in elements. A value in oneDNN 2, an object of the library's in 3.
class MemoryDesc {
 public:
#if DNNL_VERSION_MAJOR >= 3
  using Pointer = const_dnnl_memory_desc_t;
#else
  using Pointer = const dnnl_memory_desc_t*;
#endif
  /// None: what stands for an absent bias.
  MemoryDesc() = default;
  /// Row-major. A scalar becomes one dimension of length 1.
  explicit MemoryDesc(const graph::Shape& dims, graph::DType dtype = graph::float32);
  MemoryDesc(const graph::Shape& dims, const std::vector<std::int64_t>& strides, graph::DType dtype = graph::float32);

  /// In whichever layout the primitive likes best: only for describing one, which then says what it chose.
  static MemoryDesc any(const graph::Shape& dims, graph::DType dtype = graph::float32);
  /// A copy of what oneDNN holds: a layout that a primitive chose.
  MemoryDesc(Pointer desc, graph::DType dtype);

  Pointer get() const;
  /// Bytes of an element, and of all, padding included.
  std::size_t element_size() const { return element_size_; }
  std::size_t bytes() const;

 private:
  std::size_t element_size_ = 0;
#if DNNL_VERSION_MAJOR >= 3
  std::shared_ptr<std::remove_pointer_t<dnnl_memory_desc_t>> desc_;
#else
  dnnl_memory_desc_t desc_{};
#endif
};

}  // namespace cornu::ops::onednn

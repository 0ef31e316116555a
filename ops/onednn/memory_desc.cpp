#include "cornu/ops/onednn/memory_desc.h"

#include "cornu/ops/onednn/status.h"

namespace cornu::ops::onednn {
namespace {

dnnl_data_type_t data_type(graph::DType dtype) {
  switch (dtype) {
    case graph::DType::float32:
      return dnnl_f32;
    case graph::DType::bfloat16:
      return dnnl_bf16;
    case graph::DType::uint8:
      return dnnl_u8;
    case graph::DType::int32:
      return dnnl_s32;
    default:
      throw graph::TypeError(graph::message("oneDNN: no memory of dtype ", dtype));
  }
}

std::vector<std::int64_t> row_major(const graph::Shape& dims) {
  std::vector<std::int64_t> strides(dims.size(), 1);
  for (int i = dims.rank() - 2; i >= 0; --i) strides[i] = strides[i + 1] * dims[i + 1];
  return strides;
}

}  // namespace

MemoryDesc::MemoryDesc(const graph::Shape& dims, graph::DType dtype)
    : MemoryDesc(dims.empty() ? graph::Shape{1} : dims, dims.empty() ? std::vector<std::int64_t>{1} : row_major(dims),
                 dtype) {}

MemoryDesc::MemoryDesc(const graph::Shape& dims, const std::vector<std::int64_t>& strides, graph::DType dtype)
    : element_size_(graph::size_of(dtype)) {
  constexpr auto kAction = "describe a memory";
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t desc = nullptr;
  check(dnnl_memory_desc_create_with_strides(&desc, dims.rank(), dims.data(), data_type(dtype), strides.data()),
        "oneDNN", kAction);
  desc_ = {desc, dnnl_memory_desc_destroy};
#else
  check(dnnl_memory_desc_init_by_strides(&desc_, dims.rank(), dims.data(), data_type(dtype), strides.data()), "oneDNN",
        kAction);
#endif
}

MemoryDesc MemoryDesc::any(const graph::Shape& dims, graph::DType dtype) {
  MemoryDesc result;
  result.element_size_ = graph::size_of(dtype);
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t desc = nullptr;
  check(dnnl_memory_desc_create_with_tag(&desc, dims.rank(), dims.data(), data_type(dtype), dnnl_format_tag_any),
        "oneDNN", "describe a memory");
  result.desc_ = {desc, dnnl_memory_desc_destroy};
#else
  check(dnnl_memory_desc_init_by_tag(&result.desc_, dims.rank(), dims.data(), data_type(dtype), dnnl_format_tag_any),
        "oneDNN", "describe a memory");
#endif
  return result;
}

MemoryDesc::MemoryDesc(Pointer desc, graph::DType dtype) : element_size_(graph::size_of(dtype)) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t copy = nullptr;
  check(dnnl_memory_desc_clone(&copy, desc), "oneDNN", "copy a memory's description");
  desc_ = {copy, dnnl_memory_desc_destroy};
#else
  desc_ = *desc;
#endif
}

std::size_t MemoryDesc::bytes() const { return dnnl_memory_desc_get_size(get()); }

MemoryDesc::Pointer MemoryDesc::get() const {
#if DNNL_VERSION_MAJOR >= 3
  return desc_.get();
#else
  return &desc_;
#endif
}

}  // namespace cornu::ops::onednn

#pragma once

#include <dnnl.h>

#include <memory>
#include <type_traits>

namespace cornu::ops::onednn {

/// Owns one object of oneDNN's C API.
template <class T, auto Destroy>
struct Deleter {
  void operator()(T object) const { Destroy(object); }
};
template <class T, auto Destroy>
using Handle = std::unique_ptr<std::remove_pointer_t<T>, Deleter<T, Destroy>>;

using Engine = Handle<dnnl_engine_t, dnnl_engine_destroy>;
using Stream = Handle<dnnl_stream_t, dnnl_stream_destroy>;
using Memory = Handle<dnnl_memory_t, dnnl_memory_destroy>;
using Attributes = Handle<dnnl_primitive_attr_t, dnnl_primitive_attr_destroy>;
using PostOps = Handle<dnnl_post_ops_t, dnnl_post_ops_destroy>;
using PrimitiveDesc = Handle<dnnl_primitive_desc_t, dnnl_primitive_desc_destroy>;

}  // namespace cornu::ops::onednn

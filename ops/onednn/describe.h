#pragma once

#include <dnnl.h>

#include <optional>
#include <string_view>
#include <type_traits>

#include "cornu/graph/plan/internal/thread_limit.h"
#include "cornu/ops/onednn/engine.h"
#include "cornu/ops/onednn/handle.h"
#include "cornu/ops/onednn/memory_desc.h"
#include "cornu/ops/onednn/status.h"

// How an op describes its primitive: `describe(name(), CORNU_ONEDNN(dnnl_binary_desc_init,
// dnnl_binary_primitive_desc_create), attributes(name()), algorithm, a.get(), b.get(), y.get())`. No primitive is named
// here: each stands in the file of its op.

/// The first in oneDNN 2, which fills an operation's descriptor; the second in 3, which makes the primitive's at once.
#if DNNL_VERSION_MAJOR >= 3
#define CORNU_ONEDNN(two, three) three
#else
#define CORNU_ONEDNN(two, three) two
#endif

namespace cornu::ops::onednn {

/// An activation as oneDNN knows it.
struct Eltwise {
  dnnl_alg_kind_t algorithm = dnnl_eltwise_linear;
  float alpha = 0, beta = 0;
};

/// Scratch memory that the caller gives, and what is computed behind the primitive. `op` names it in errors.
Attributes attributes(std::string_view op, const std::optional<Eltwise>& post_op = std::nullopt);

/// The descriptor that oneDNN's function makes of these arguments. It is made as for one thread: kernels are cut into
/// parts above oneDNN.
#if DNNL_VERSION_MAJOR >= 3
template <class Create, class... Parts>
PrimitiveDesc describe(std::string_view op, Create* create, const Attributes& attributes, Parts... parts) {
  const graph::internal::ThreadLimit alone(1);
  dnnl_primitive_desc_t made = nullptr;
  check(create(&made, engine(), parts..., attributes.get()), op, "describe the primitive");
  return PrimitiveDesc(made);
}
#else
namespace detail {

template <class Desc, class... Parts>
PrimitiveDesc describe(std::string_view op, dnnl_status_t (*init)(Desc*, Parts...), const Attributes& attributes,
                       const_dnnl_primitive_desc_t forward, std::type_identity_t<Parts>... parts) {
  const graph::internal::ThreadLimit alone(1);
  Desc desc;
  check(init(&desc, parts...), op, "describe the operation");
  dnnl_primitive_desc_t made = nullptr;
  check(dnnl_primitive_desc_create(&made, &desc, attributes.get(), engine(), forward), op, "describe the primitive");
  return PrimitiveDesc(made);
}

}  // namespace detail

template <class Desc, class... Parts>
PrimitiveDesc describe(std::string_view op, dnnl_status_t (*init)(Desc*, Parts...), const Attributes& attributes,
                       std::type_identity_t<Parts>... parts) {
  return detail::describe(op, init, attributes, nullptr, parts...);
}
#endif

/// The same for a primitive of a backward pass, which is told what the forward one chose.
#if DNNL_VERSION_MAJOR >= 3
template <class Create, class... Parts>
PrimitiveDesc describe_backward(std::string_view op, Create* create, const Attributes& attributes,
                                const PrimitiveDesc& forward, Parts... parts) {
  return describe(op, create, attributes, parts..., forward.get());
}
#else
template <class Desc, class... Parts>
PrimitiveDesc describe_backward(std::string_view op, dnnl_status_t (*init)(Desc*, Parts...),
                                const Attributes& attributes, const PrimitiveDesc& forward,
                                std::type_identity_t<Parts>... parts) {
  return detail::describe(op, init, attributes, forward.get(), parts...);
}
#endif

/// The layout that a primitive chose for one of its memories: `chosen(desc, dnnl_query_weights_md)`.
MemoryDesc chosen(const PrimitiveDesc& desc, dnnl_query_t which, graph::DType dtype = graph::float32);

/// The library's name of the implementation that it chose: "jit:avx512_core".
std::string_view implementation(const_dnnl_primitive_desc_t);

}  // namespace cornu::ops::onednn

#include "cornu/ops/onednn/descriptors.h"

#include "cornu/graph/plan/internal/thread_limit.h"
#include "cornu/ops/onednn/engine.h"
#include "cornu/ops/onednn/status.h"

namespace cornu::ops::onednn {
namespace {

// Descriptors are made as for one thread: kernels are cut into parts above oneDNN.
Attributes attributes(std::string_view op, const std::optional<Eltwise>& post_op = std::nullopt) {
  dnnl_primitive_attr_t made = nullptr;
  check(dnnl_primitive_attr_create(&made), op, "make attributes");
  Attributes attributes(made);
  check(dnnl_primitive_attr_set_scratchpad_mode(made, dnnl_scratchpad_mode_user), op,
        "choose where scratch memory comes from");
  if (!post_op) return attributes;
  dnnl_post_ops_t list = nullptr;
  check(dnnl_post_ops_create(&list), op, "make post-ops");
  const PostOps post_ops(list);
#if DNNL_VERSION_MAJOR >= 3
  check(dnnl_post_ops_append_eltwise(list, post_op->algorithm, post_op->alpha, post_op->beta), op,
        "append an activation");
#else
  check(dnnl_post_ops_append_eltwise(list, 1.f, post_op->algorithm, post_op->alpha, post_op->beta), op,
        "append an activation");
#endif
  check(dnnl_primitive_attr_set_post_ops(made, list), op, "set post-ops");
  return attributes;
}

#if DNNL_VERSION_MAJOR >= 3
template <class Create, class... Parts>
PrimitiveDesc describe(std::string_view op, Create* create, const Attributes& attributes, Parts... parts) {
  const graph::internal::ThreadLimit alone(1);
  dnnl_primitive_desc_t made = nullptr;
  check(create(&made, engine(), parts..., attributes.get()), op, "describe the primitive");
  return PrimitiveDesc(made);
}
#else
template <class Desc, class... Parts>
PrimitiveDesc describe(std::string_view op, dnnl_status_t (*init)(Desc*, Parts...), const Attributes& attributes,
                       std::type_identity_t<Parts>... parts) {
  const graph::internal::ThreadLimit alone(1);
  Desc desc;
  check(init(&desc, parts...), op, "describe the operation");
  dnnl_primitive_desc_t made = nullptr;
  check(dnnl_primitive_desc_create(&made, &desc, attributes.get(), engine(), nullptr), op, "describe the primitive");
  return PrimitiveDesc(made);
}
#endif

}  // namespace

PrimitiveDesc eltwise(std::string_view op, const Eltwise& f, const MemoryDesc& data) {
#if DNNL_VERSION_MAJOR >= 3
  return describe(op, dnnl_eltwise_forward_primitive_desc_create, attributes(op), dnnl_forward_inference, f.algorithm,
                  data.get(), data.get(), f.alpha, f.beta);
#else
  return describe(op, dnnl_eltwise_forward_desc_init, attributes(op), dnnl_forward_inference, f.algorithm, data.get(),
                  f.alpha, f.beta);
#endif
}

PrimitiveDesc binary(std::string_view op, dnnl_alg_kind_t algorithm, const MemoryDesc& src0, const MemoryDesc& src1,
                     const MemoryDesc& dst) {
#if DNNL_VERSION_MAJOR >= 3
  return describe(op, dnnl_binary_primitive_desc_create, attributes(op), algorithm, src0.get(), src1.get(), dst.get());
#else
  return describe(op, dnnl_binary_desc_init, attributes(op), algorithm, src0.get(), src1.get(), dst.get());
#endif
}

PrimitiveDesc reduction(std::string_view op, dnnl_alg_kind_t algorithm, const MemoryDesc& src, const MemoryDesc& dst) {
#if DNNL_VERSION_MAJOR >= 3
  return describe(op, dnnl_reduction_primitive_desc_create, attributes(op), algorithm, src.get(), dst.get(), 0.f, 0.f);
#else
  return describe(op, dnnl_reduction_desc_init, attributes(op), algorithm, src.get(), dst.get(), 0.f, 0.f);
#endif
}

PrimitiveDesc softmax(std::string_view op, const MemoryDesc& data, int axis) {
#if DNNL_VERSION_MAJOR >= 3
  return describe(op, dnnl_softmax_forward_primitive_desc_create, attributes(op), dnnl_forward_inference,
                  dnnl_softmax_accurate, data.get(), data.get(), axis);
#else
  return describe(op, dnnl_softmax_v2_forward_desc_init, attributes(op), dnnl_forward_inference, dnnl_softmax_accurate,
                  data.get(), data.get(), axis);
#endif
}

PrimitiveDesc matmul(std::string_view op, const MemoryDesc& src, const MemoryDesc& weights, const MemoryDesc* bias,
                     const MemoryDesc& dst, const std::optional<Eltwise>& post_op) {
  const MemoryDesc::Pointer with = bias ? bias->get() : nullptr;
#if DNNL_VERSION_MAJOR >= 3
  return describe(op, dnnl_matmul_primitive_desc_create, attributes(op, post_op), src.get(), weights.get(), with,
                  dst.get());
#else
  return describe(op, dnnl_matmul_desc_init, attributes(op, post_op), src.get(), weights.get(), with, dst.get());
#endif
}

bool multiplies_bfloat16() {
  static const bool there = [] {
    // With AVX-512 alone oneDNN would imitate it, more slowly than it multiplies float32.
    constexpr unsigned kNeeded = dnnl_cpu_isa_avx512_core_bf16;
    if ((static_cast<unsigned>(dnnl_get_effective_cpu_isa()) & kNeeded) != kNeeded) return false;
    const MemoryDesc square(graph::Shape{64, 64}, graph::bfloat16);
    try {
      return !implementation(matmul("matmul", square, square, nullptr, square, std::nullopt).get()).starts_with("ref");
    } catch (const graph::Error&) {
      return false;  // unimplemented
    }
  }();
  return there;
}

bool packs_operands() {
  static const bool packs = [] {
    const auto isa = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
    const auto has = [&](unsigned needed) { return (isa & needed) == needed; };
    const MemoryDesc square(graph::Shape{512, 512});
    return has(dnnl_cpu_isa_avx2) && !has(dnnl_cpu_isa_avx512_core) &&
           implementation(matmul("matmul", square, square, nullptr, square, std::nullopt).get()).starts_with("gemm");
  }();
  return packs;
}

std::string_view implementation(const_dnnl_primitive_desc_t desc) {
  const char* text = nullptr;
  check(dnnl_primitive_desc_query(desc, dnnl_query_impl_info_str, 0, &text), "oneDNN", "name an implementation");
  return text;
}

}  // namespace cornu::ops::onednn

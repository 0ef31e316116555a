#include "cornu/ops/internal/matmul_primitive.h"

namespace cornu::ops::internal {

using onednn::MemoryDesc;

onednn::PrimitiveDesc describe_matmul(std::string_view op, const MemoryDesc& src, const MemoryDesc& weights,
                                      const MemoryDesc* bias, const MemoryDesc& dst,
                                      const std::optional<onednn::Eltwise>& post_op) {
  return onednn::describe(op, CORNU_ONEDNN(dnnl_matmul_desc_init, dnnl_matmul_primitive_desc_create),
                          onednn::attributes(op, post_op), src.get(), weights.get(), bias ? bias->get() : nullptr,
                          dst.get());
}

bool multiplies_bfloat16() {
  static const bool there = [] {
    const auto isa = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
    const auto has = [&](unsigned needed) { return (isa & needed) == needed; };
    // With AVX-512 alone oneDNN would imitate it, more slowly than it multiplies float32.
    if (!has(dnnl_cpu_isa_avx512_core_bf16)) return false;
    // Intel's instruction for it is no faster than two for float32, and its operands must be arranged: a training step
    // takes up to twice as long. AMD's is faster; so is AMX.
    if (__builtin_cpu_is("intel") && !has(dnnl_cpu_isa_avx512_core_amx)) return false;
    const MemoryDesc square(graph::Shape{64, 64}, graph::bfloat16);
    try {
      return !onednn::implementation(describe_matmul("matmul", square, square, nullptr, square).get())
                  .starts_with("ref");
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
           onednn::implementation(describe_matmul("matmul", square, square, nullptr, square).get()).starts_with("gemm");
  }();
  return packs;
}

}  // namespace cornu::ops::internal

#pragma once

#include <dnnl.h>

#include <optional>
#include <string_view>

#include "cornu/ops/onednn/handle.h"
#include "cornu/ops/onednn/memory_desc.h"

namespace cornu::ops::onednn {

/// An activation as oneDNN knows it.
struct Eltwise {
  dnnl_alg_kind_t algorithm = dnnl_eltwise_linear;
  float alpha = 0, beta = 0;
};

// Primitive descriptors; all with scratch memory that the caller gives. The first argument names the op in errors.
PrimitiveDesc eltwise(std::string_view op, const Eltwise& function, const MemoryDesc& data);
PrimitiveDesc binary(std::string_view op, dnnl_alg_kind_t algorithm, const MemoryDesc& src0, const MemoryDesc& src1,
                     const MemoryDesc& dst);
PrimitiveDesc reduction(std::string_view op, dnnl_alg_kind_t algorithm, const MemoryDesc& src, const MemoryDesc& dst);
PrimitiveDesc softmax(std::string_view op, const MemoryDesc& data, int axis);
/// dst = post_op(src weights + bias); `bias` may be null.
PrimitiveDesc matmul(std::string_view op, const MemoryDesc& src, const MemoryDesc& weights, const MemoryDesc* bias,
                     const MemoryDesc& dst, const std::optional<Eltwise>& post_op);

/// Whether this CPU, as far as oneDNN may use it, has a fast product of bfloat16 matrices.
bool multiplies_bfloat16();

/// Whether a product of float32 matrices packs its operands into memory of its own: oneDNN's does where this CPU, as
/// far as it may use it, has AVX2 and not AVX-512.
bool packs_operands();

/// The library's name of the implementation that it chose: "jit:avx512_core".
std::string_view implementation(const_dnnl_primitive_desc_t);

}  // namespace cornu::ops::onednn

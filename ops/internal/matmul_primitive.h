#pragma once

#include <optional>
#include <string_view>

#include "cornu/ops/onednn/describe.h"

namespace cornu::ops::internal {

/// dst = post_op(src weights + bias); `bias` may be null.
onednn::PrimitiveDesc describe_matmul(std::string_view op, const onednn::MemoryDesc& src,
                                      const onednn::MemoryDesc& weights, const onednn::MemoryDesc* bias,
                                      const onednn::MemoryDesc& dst,
                                      const std::optional<onednn::Eltwise>& post_op = std::nullopt);

/// Whether this CPU, as far as oneDNN may use it, has a fast product of bfloat16 matrices.
bool multiplies_bfloat16();

/// Whether a product of float32 matrices packs its operands into memory of its own: oneDNN's does where this CPU, as
/// far as it may use it, has AVX2 and not AVX-512.
bool packs_operands();

}  // namespace cornu::ops::internal

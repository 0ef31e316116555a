#pragma once

#include "cornu/ops/internal/elementwise_loop.h"

namespace cornu::ops::jit {

/// Machine code for AVX2 or AVX-512, whichever oneDNN would use (so ONEDNN_MAX_CPU_ISA limits it too); null where the
/// processor or the operating system does not allow that, or the expression needs more registers than there are.
std::shared_ptr<const internal::ElementwiseLoop> compile(const internal::Expression& expression,
                                                         const std::vector<internal::LoopOperand>& in,
                                                         const std::vector<internal::LoopResult>& out);

}  // namespace cornu::ops::jit

#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "cornu/graph/array/dtype.h"
#include "cornu/ops/internal/expression.h"

namespace cornu::ops::internal {

/// Inputs that a loop has at most, and outputs.
inline constexpr std::size_t kLoopOperands = 16;

/// How an operand of a loop lies in memory.
struct LoopOperand {
  graph::DType dtype = graph::float32;  ///< float32 or bfloat16; numbers are computed in float32
  bool moves = true;                    ///< false: one number for the whole loop
  friend bool operator==(const LoopOperand&, const LoopOperand&) = default;
};

/// How an output of a loop is stored.
struct LoopResult {
  graph::DType dtype = graph::float32;
  bool adds = false;                                                 ///< float32: to what lies there
  LoopResult(graph::DType d, bool a = false) : dtype(d), adds(a) {}  // NOLINT: converts
  friend bool operator==(const LoopResult&, const LoopResult&) = default;
};

/// An expression compiled to a loop over n places: machine code where the processor has AVX2 (jit/elementwise_jit.h),
/// else steps over tiles that stay in the first cache. Both give the bits of doing one step after the other over whole
/// tensors. Immutable, shared by threads.
class ElementwiseLoop {
 public:
  virtual ~ElementwiseLoop() = default;
  /// Outputs may lie where inputs do, if they move alike.
  virtual void run(const void* const* in, void* const* out, std::int64_t n) const = 0;
  virtual std::string_view implementation() const = 0;
};

/// Equal expressions share one loop while it is in use.
std::shared_ptr<const ElementwiseLoop> compile(const Expression& expression, const std::vector<LoopOperand>& in,
                                               const std::vector<LoopResult>& out);
/// The portable one, whatever the processor: what the other is tested against.
std::shared_ptr<const ElementwiseLoop> interpreted(const Expression& expression, const std::vector<LoopOperand>& in,
                                                   const std::vector<LoopResult>& out);

}  // namespace cornu::ops::internal

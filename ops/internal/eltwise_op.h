#pragma once

#include <functional>
#include <optional>

#include "cornu/graph/op.h"
#include "cornu/ops/onednn/describe.h"

namespace cornu::ops::internal {

/// An op that is a function of each element of one floating tensor, computed by oneDNN where that is exact enough, else
/// by a loop.
class EltwiseOp : public graph::Op {
 public:
  graph::Specs infer(const graph::Specs& in) const final;
  graph::Kernel plan(const graph::PlanRequest& request) const final;
  graph::Traits traits() const final { return {.elementwise = true}; }

  /// oneDNN's version of this function behind a matmul; nothing if its numbers are not good enough.
  virtual std::optional<onednn::Eltwise> as_post_op() const { return std::nullopt; }
  /// The same for this function alone, where it must give the bits of its formula in a fused loop.
  virtual std::optional<onednn::Eltwise> as_primitive() const { return as_post_op(); }
  /// y[i] = f(x[i]) for i < n, where y may be x. Needed where there is no oneDNN version.
  using Loop = std::function<void(const float* x, float* y, std::int64_t n)>;
  virtual Loop loop() const { return {}; }
};

}  // namespace cornu::ops::internal

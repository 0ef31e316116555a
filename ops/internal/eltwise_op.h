#pragma once

#include <functional>
#include <optional>

#include "cornu/graph/op.h"
#include "cornu/ops/onednn/descriptors.h"

namespace cornu::ops::internal {

/// An op that is a function of each element of one floating tensor, computed by oneDNN where that is exact enough, else
/// by a loop.
class EltwiseOp : public graph::Op {
 public:
  graph::Specs infer(const graph::Specs& in) const final;
  graph::Kernel plan(const graph::PlanRequest& request) const final;
  graph::Traits traits() const final { return {.elementwise = true}; }

  /// oneDNN's version of this function, alone or behind a matmul; nothing if its numbers are not good enough.
  virtual std::optional<onednn::Eltwise> as_post_op() const { return std::nullopt; }
  /// y[i] = f(x[i]) for i < n, where y may be x. Needed where there is no oneDNN version.
  using Loop = std::function<void(const float* x, float* y, std::int64_t n)>;
  virtual Loop loop() const { return {}; }
};

}  // namespace cornu::ops::internal

#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/internal/expression.h"

namespace cornu::ops::internal {

/// A chain of elementwise ops in one pass over memory. Made by a pass (passes/fuse_elementwise.cpp), after
/// differentiation.
struct Fused final : graph::Op {
  Expression expression;
  graph::Specs results;  ///< of one shape

  std::string_view name() const override { return "fused"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs&) const override { return results; }
  graph::Tensors gradient(const graph::Backward& b) const override { return no_gradient(b); }
  graph::Kernel plan(const graph::PlanRequest& request) const override;
  graph::Traits traits() const override { return {.elementwise = true}; }
};

}  // namespace cornu::ops::internal

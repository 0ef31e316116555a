#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/internal/eltwise_op.h"

namespace cornu::ops::internal {

/// activation(a b + bias). Only the plain product is made by `ops::matmul`; the rest is put in by a pass.
struct Matmul final : graph::Op {
  bool transpose_a = false, transpose_b = false;
  bool bias = false;                             ///< a third input of shape (n)
  std::shared_ptr<const EltwiseOp> activation;

  std::string_view name() const override { return "matmul"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

}  // namespace cornu::ops::internal

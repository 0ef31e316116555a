#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/eltwise_op.h"

namespace cornu::ops::internal {

/// activation(a b + bias). Only the plain product is made by `ops::matmul`; the rest is put in by a pass.
struct Matmul final : graph::Op, TakesBFloat16 {
  bool transpose_a = false, transpose_b = false;
  bool bias = false;                             ///< a third input of shape (n)
  std::shared_ptr<const EltwiseOp> activation;

  std::string_view name() const override { return "matmul"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// Where the CPU multiplies bfloat16 and nothing but oneDNN has to run.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

}  // namespace cornu::ops::internal

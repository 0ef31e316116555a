#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/eltwise_op.h"
#include "cornu/ops/internal/expression.h"

namespace cornu::ops::internal {

/// epilogue(activation(a b + bias), …). Only the plain product is made by `ops::matmul`; the rest is put in by a pass,
/// where a's rows may be seen as those of one matrix and b is one.
struct Matmul final : graph::Op, TakesBFloat16 {
  bool transpose_a = false, transpose_b = false;
  bool bias = false;                            ///< a third input of shape (n)
  std::shared_ptr<const EltwiseOp> activation;  ///< one that oneDNN computes behind a product
  /// Of the product (its input 0) and of what the node's further inputs hold at the same place; gives the node's
  /// outputs.
  std::shared_ptr<const Expression> epilogue;
  graph::Specs results;  ///< the outputs', if there is an epilogue

  int operands() const { return bias ? 3 : 2; }  ///< inputs behind these are the epilogue's

  std::string_view name() const override { return "matmul"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// Where the CPU multiplies bfloat16.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
  graph::Traits traits() const override {
    return epilogue ? graph::Traits{.in_place_from = operands()} : graph::Traits{};
  }
};

}  // namespace cornu::ops::internal

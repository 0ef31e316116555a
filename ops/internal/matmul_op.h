#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/contraction.h"

namespace cornu::ops::internal {

/// The product of matrices in the last two axes. What a contraction has more is put in by passes, an epilogue only
/// where a's rows may be seen as those of one matrix and b is one.
struct Matmul final : Contraction, TakesBFloat16, AddsUp {
  bool transpose_a = false, transpose_b = false;

  std::string_view name() const override { return "matmul"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// Where the CPU multiplies bfloat16.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;

  bool takes_bias() const override { return true; }
  bool sums(const graph::Tensors& in) const override { return in[1].shape().elements() > 0; }
  std::shared_ptr<Contraction> copy() const override { return std::make_shared<Matmul>(*this); }
  std::optional<std::pair<std::int64_t, std::int64_t>> rows_and_columns(const graph::Tensors& in,
                                                                        const graph::Shape& out) const override;
  /// Of two matrices: the inner axes of all steps become one.
  graph::Tensor sum_over_steps(const graph::Node& node, const OverSteps& steps) const override;
};

}  // namespace cornu::ops::internal

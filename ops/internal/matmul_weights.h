#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/internal/product.h"
#include "cornu/ops/onednn/memory_desc.h"

namespace cornu::ops::internal {

/// The second matrix of a float32 product in the layout that its primitive likes best, as bytes of no further meaning.
/// Put in by a pass (passes/pack_in_loops.cpp), so that a matrix by which every step of a loop multiplies is laid out
/// once.
struct MatmulWeights final : graph::Op {
  ProductSize size{};         ///< of the product
  bool transposed = false;    ///< the matrix is given as (n, k)
  onednn::MemoryDesc layout;  ///< what the others decide on, see `choose_layout`

  /// Asks the primitive; false if it has none of its own.
  bool choose_layout();

  std::string_view name() const override { return "matmul_weights"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs&) const override {
    return {{graph::uint8, {static_cast<std::int64_t>(layout.bytes())}}};
  }
  graph::Tensors gradient(const graph::Backward& b) const override { return no_gradient(b); }
  graph::Kernel plan(const graph::PlanRequest& request) const override;

 private:
  onednn::MemoryDesc plain() const;
};

}  // namespace cornu::ops::internal

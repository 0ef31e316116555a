#pragma once

#include "cornu/ops/internal/eltwise_op.h"
#include "cornu/ops/internal/epilogue.h"
#include "cornu/ops/onednn/memory_desc.h"

namespace cornu::ops::internal {

/// A second operand which another op has laid out as the primitive likes it best: its shape before, and how the bytes
/// lie.
struct PackedKernel {
  graph::Shape shape;
  onednn::MemoryDesc layout;
};

/// What sums of products have in common, matmul and the convolutions: epilogue(activation(product + bias), …). Only the
/// plain product is described; the rest is put in by passes (ops/passes/).
struct Contraction : graph::Op, TakesEpilogue {
  bool bias = false;                            ///< a third input: a number for each column of the result
  std::shared_ptr<const EltwiseOp> activation;  ///< one that oneDNN computes behind a product
  std::optional<PackedKernel> packed;           ///< of input 1

  int operands() const final { return bias ? 3 : 2; }
  /// Whether bias and activation can be put in.
  virtual bool takes_bias() const = 0;
  /// False where nothing is summed, which no primitive computes.
  virtual bool sums(const graph::Tensors& in) const = 0;
  virtual std::shared_ptr<Contraction> copy() const = 0;
  std::shared_ptr<graph::Op> with(std::shared_ptr<const Epilogue> e) const final {
    auto made = copy();
    made->epilogue = std::move(e);
    return made;
  }
  graph::Traits traits() const override { return epilogue_traits(); }

 protected:
  const graph::Shape& kernel_shape(const graph::Specs& in) const { return packed ? packed->shape : in[1].shape; }
  void contraction_fields(graph::FieldVisitor& f) const {
    if (packed) f("packed", packed->shape);  // what else decides on the layout says the node that packs
    if (bias) f("bias", bias);
    if (activation) f("activation", graph::to_string(*activation));
    epilogue_fields(f);
  }
};

}  // namespace cornu::ops::internal

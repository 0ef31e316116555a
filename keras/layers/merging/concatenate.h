#pragma once

#include "cornu/keras/layers/merging/merge.h"

namespace cornu::keras::layers {

struct ConcatenateConfig {
  int axis = -1;
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v);
};

/// The inputs one behind the other along an axis: `Concatenate()({x, y})`. Any dtype. A step is masked where all inputs
/// are. Throws ShapeError for inputs that differ elsewhere. Keras: `layers.Concatenate`.
class CORNU_EXPORT ConcatenateLayer final : public Configured<MergeLayer, ConcatenateConfig> {
 public:
  explicit ConcatenateLayer(ConcatenateConfig config = {});
  void build_all(const Shapes& inputs) override;
  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override;

 protected:
  Tensor merge(const Tensors& x, const Tensors&) const override;
  bool aligns_ranks() const override { return false; }
};

/// `Concatenate()`, `Concatenate({.axis = 1})`.
using Concatenate = Handle<ConcatenateLayer>;

/// `concatenate({x, y})`.
CORNU_EXPORT KerasTensor concatenate(const std::vector<KerasTensor>& x, ConcatenateConfig config = {});

}  // namespace cornu::keras::layers

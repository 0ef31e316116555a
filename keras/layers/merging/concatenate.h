#pragma once

#include "cornu/keras/layers/merging/merge.h"

namespace cornu::keras::layers {

struct ConcatenateConfig {
  int axis = -1;
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// The inputs one behind the other along an axis: `Concatenate()({x, y})`. Any dtype. A step is masked where all inputs
/// are. Throws ShapeError for inputs that differ elsewhere. Keras: `layers.Concatenate`.
class CORNU_EXPORT ConcatenateLayer final : public MergeLayer {
 public:
  using Config = ConcatenateConfig;
  explicit ConcatenateLayer(ConcatenateConfig config = {});
  void build_all(const Shapes& inputs) override;
  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 protected:
  Tensor merge(const Tensors& x, const Tensors&) const override;
  bool aligns_ranks() const override { return false; }

 private:
  ConcatenateConfig config_;
};

/// `Concatenate()`, `Concatenate({.axis = 1})`.
using Concatenate = Handle<ConcatenateLayer, ConcatenateConfig>;

/// `concatenate({x, y})`.
inline KerasTensor concatenate(const std::vector<KerasTensor>& x, ConcatenateConfig config = {}) {
  return Concatenate(std::move(config))(x);
}

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/merging/merge.h"

namespace cornu::keras::layers {

struct DotConfig {
  std::vector<int> axes = {-1};  ///< one for both inputs, or one for each; not the batch axis. Required in Keras
  bool normalize = false;        ///< each input is divided by its length along its axis: cosines
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v);
};

/// Sums of products along an axis of each input, sample by sample: (batch, n) and (batch, n) -> (batch, 1); (batch, a,
/// n) and (batch, n, b) with axes (2, 1) -> (batch, a, b). Throws ValueError unless there are two inputs of two axes or
/// more and one or two axes, ShapeError for other lengths. Keras: `layers.Dot`.
class CORNU_EXPORT DotLayer final : public Configured<MergeLayer, DotConfig> {
 public:
  explicit DotLayer(DotConfig config = {});
  void build_all(const Shapes& inputs) override;
  Tensor compute_mask_all(const Inputs&, const Tensors&) const override { return {}; }

 protected:
  Tensor merge(const Tensors& x, const Tensors&) const override;
  bool aligns_ranks() const override { return false; }

 private:
  std::pair<int, int> axes_for(const Shape& a, const Shape& b) const;
};

/// `Dot({.axes = {1}})`, `Dot(1)({x, y})`.
class CORNU_EXPORT Dot : public Handle<DotLayer> {
 public:
  using Handle::Handle;
  explicit Dot(int axis, DotConfig config = {});
};

/// `dot({x, y}, -1)`.
CORNU_EXPORT KerasTensor dot(const std::vector<KerasTensor>& x, int axis = -1, DotConfig config = {});

}  // namespace cornu::keras::layers

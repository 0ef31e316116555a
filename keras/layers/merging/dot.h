#pragma once

#include "cornu/keras/layers/merging/merge.h"

namespace cornu::keras::layers {

struct DotConfig {
  std::vector<int> axes = {-1};  ///< one for both inputs, or one for each; not the batch axis. Required in Keras
  bool normalize = false;        ///< each input is divided by its length along its axis: cosines
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// Sums of products along an axis of each input, sample by sample: (batch, n) and (batch, n) -> (batch, 1); (batch, a,
/// n) and (batch, n, b) with axes (2, 1) -> (batch, a, b). Throws ValueError unless there are two inputs of two axes or
/// more and one or two axes, ShapeError for other lengths. Keras: `layers.Dot`.
class CORNU_EXPORT DotLayer final : public MergeLayer {
 public:
  using Config = DotConfig;
  explicit DotLayer(DotConfig config = {});
  void build_all(const Shapes& inputs) override;
  Tensor compute_mask_all(const Inputs&, const Tensors&) const override { return {}; }
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 protected:
  Tensor merge(const Tensors& x, const Tensors&) const override;
  bool aligns_ranks() const override { return false; }

 private:
  std::pair<int, int> axes_for(const Shape& a, const Shape& b) const;
  DotConfig config_;
};

/// `Dot({.axes = {1}})`, `Dot(1)({x, y})`.
class CORNU_EXPORT Dot : public Handle<DotLayer, DotConfig> {
 public:
  using Handle::Handle;
  explicit Dot(int axis, DotConfig config = {});
};

/// `dot({x, y}, -1)`.
inline KerasTensor dot(const std::vector<KerasTensor>& x, int axis = -1, DotConfig config = {}) {
  return Dot(axis, std::move(config))(x);
}

}  // namespace cornu::keras::layers

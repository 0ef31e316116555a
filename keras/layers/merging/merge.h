#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

/// The base of layers that make one tensor of several: `merge` is their formula. Inputs of lower rank get axes of
/// length 1 behind the batch axis, as in Keras. The output is masked where all inputs are; where one has no mask, it
/// has none. Throws ShapeError for shapes that do not broadcast.
class CORNU_EXPORT MergeLayer : public Layer {
 public:
  using Config = LayerConfig;
  explicit MergeLayer(LayerConfig config = {});
  template <class Config>
  MergeLayer(FromConfig, const Config& config) : MergeLayer(LayerConfig::of(config)) {}
  void build_all(const Shapes& inputs) override;
  Tensors call_all(const Inputs& inputs, Context& ctx) override;
  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override;

 protected:
  /// The inputs in one dtype, and for each its mask, bool and of its rank, or undefined.
  virtual Tensor merge(const Tensors& x, const Tensors& masks) const = 0;
  /// False: inputs come as they are.
  virtual bool aligns_ranks() const { return true; }
};

class CORNU_EXPORT AddLayer final : public MergeLayer {
  using MergeLayer::MergeLayer;
  Tensor merge(const Tensors& x, const Tensors& masks) const override;
};
class CORNU_EXPORT SubtractLayer final : public MergeLayer {
 public:
  using MergeLayer::MergeLayer;
  void build_all(const Shapes& inputs) override;

 private:
  Tensor merge(const Tensors& x, const Tensors& masks) const override;
};
class CORNU_EXPORT MultiplyLayer final : public MergeLayer {
  using MergeLayer::MergeLayer;
  Tensor merge(const Tensors& x, const Tensors& masks) const override;
};
class CORNU_EXPORT AverageLayer final : public MergeLayer {
  using MergeLayer::MergeLayer;
  Tensor merge(const Tensors& x, const Tensors& masks) const override;
};
class CORNU_EXPORT MaximumLayer final : public MergeLayer {
  using MergeLayer::MergeLayer;
  Tensor merge(const Tensors& x, const Tensors& masks) const override;
};
class CORNU_EXPORT MinimumLayer final : public MergeLayer {
  using MergeLayer::MergeLayer;
  Tensor merge(const Tensors& x, const Tensors& masks) const override;
};

/// The sum of the inputs: `Add()({x, y})`. Keras: `layers.Add`.
using Add = Handle<AddLayer, LayerConfig>;
/// The first input minus the second. Throws ValueError unless there are two. Keras: `layers.Subtract`.
using Subtract = Handle<SubtractLayer, LayerConfig>;
/// The product of the inputs. A masked step of an input counts as 1; where all are masked the product is 0. Keras:
/// `layers.Multiply`.
using Multiply = Handle<MultiplyLayer, LayerConfig>;
/// The mean of the inputs, of whole numbers in float32. Keras: `layers.Average`.
using Average = Handle<AverageLayer, LayerConfig>;
/// The largest of the inputs, element by element. Masked steps of an input do not count beside others that do. Keras:
/// `layers.Maximum`.
using Maximum = Handle<MaximumLayer, LayerConfig>;
/// The smallest of the inputs, element by element, with masks as Maximum. Keras: `layers.Minimum`.
using Minimum = Handle<MinimumLayer, LayerConfig>;

/// The same as functions: `add({x, y})`.
CORNU_EXPORT KerasTensor add(const std::vector<KerasTensor>& x, LayerConfig config = {});
CORNU_EXPORT KerasTensor subtract(const std::vector<KerasTensor>& x, LayerConfig config = {});
CORNU_EXPORT KerasTensor multiply(const std::vector<KerasTensor>& x, LayerConfig config = {});
CORNU_EXPORT KerasTensor average(const std::vector<KerasTensor>& x, LayerConfig config = {});
CORNU_EXPORT KerasTensor maximum(const std::vector<KerasTensor>& x, LayerConfig config = {});
CORNU_EXPORT KerasTensor minimum(const std::vector<KerasTensor>& x, LayerConfig config = {});

}  // namespace cornu::keras::layers

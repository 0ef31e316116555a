#pragma once

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/literal.h"

namespace cornu::keras::layers {

/// The base of layers that make one tensor of several: `merge` is their formula. Inputs of lower rank get axes of
/// length 1 behind the batch axis, as in Keras. The output is masked where all inputs are; where one has no mask, it
/// has none. Throws ShapeError for shapes that do not broadcast.
class CORNU_EXPORT MergeLayer : public Layer {
 public:
  using Config = LayerConfig;
  template <class Config>
  using Of = Handle<Configured<MergeLayer, Config>, Config>;
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

/// The config of a merging layer without arguments of its own.
template <Literal kName>
struct MergeConfig {
  CORNU_LAYER_ARGUMENTS;
  Made<MergeLayer, MergeConfig> make() const;
};

using AddConfig = MergeConfig<"Add">;
using SubtractConfig = MergeConfig<"Subtract">;
using MultiplyConfig = MergeConfig<"Multiply">;
using AverageConfig = MergeConfig<"Average">;
using MaximumConfig = MergeConfig<"Maximum">;
using MinimumConfig = MergeConfig<"Minimum">;

/// The sum of the inputs: `Add()({x, y})`. Keras: `layers.Add`.
using Add = MergeLayer::Of<AddConfig>;
/// The first input minus the second. Throws ValueError unless there are two. Keras: `layers.Subtract`.
using Subtract = MergeLayer::Of<SubtractConfig>;
/// The product of the inputs. A masked step of an input counts as 1; where all are masked the product is 0. Keras:
/// `layers.Multiply`.
using Multiply = MergeLayer::Of<MultiplyConfig>;
/// The mean of the inputs, of whole numbers in float32. Keras: `layers.Average`.
using Average = MergeLayer::Of<AverageConfig>;
/// The largest of the inputs, element by element. Masked steps of an input do not count beside others that do. Keras:
/// `layers.Maximum`.
using Maximum = MergeLayer::Of<MaximumConfig>;
/// The smallest of the inputs, element by element, with masks as Maximum. Keras: `layers.Minimum`.
using Minimum = MergeLayer::Of<MinimumConfig>;

/// The same as functions: `add({x, y})`.
CORNU_EXPORT KerasTensor add(const std::vector<KerasTensor>& x, AddConfig config = {});
CORNU_EXPORT KerasTensor subtract(const std::vector<KerasTensor>& x, SubtractConfig config = {});
CORNU_EXPORT KerasTensor multiply(const std::vector<KerasTensor>& x, MultiplyConfig config = {});
CORNU_EXPORT KerasTensor average(const std::vector<KerasTensor>& x, AverageConfig config = {});
CORNU_EXPORT KerasTensor maximum(const std::vector<KerasTensor>& x, MaximumConfig config = {});
CORNU_EXPORT KerasTensor minimum(const std::vector<KerasTensor>& x, MinimumConfig config = {});

}  // namespace cornu::keras::layers

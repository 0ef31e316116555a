#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct TimeDistributedConfig {
  Arg<Layer> layer = nullptr;  ///< required
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// A layer applied to each step of a sequence: (batch, steps, …) -> (batch, steps, …). Its weights are the layer's.
/// Throws ValueError without a layer, ShapeError for inputs of fewer than three axes. Keras: `layers.TimeDistributed`.
class CORNU_EXPORT TimeDistributedLayer final : public Layer {
 public:
  using Config = TimeDistributedConfig;
  explicit TimeDistributedLayer(TimeDistributedConfig config = {});
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, Context& ctx) override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 private:
  TimeDistributedConfig config_;
};

/// `TimeDistributed(layers::Dense(8))`.
class CORNU_EXPORT TimeDistributed : public Handle<TimeDistributedLayer, TimeDistributedConfig> {
 public:
  using Handle::Handle;
  explicit TimeDistributed(Shared<Layer> layer, TimeDistributedConfig config = {});
};

}  // namespace cornu::keras::layers

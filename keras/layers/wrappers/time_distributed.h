#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct TimeDistributedConfig {
  Arg<Layer> layer = nullptr;  ///< required
  CORNU_LAYER_ARGUMENTS;
  using positional = Positions<&TimeDistributedConfig::layer>;
  void fields(ConfigVisitor& v);
};

/// A layer applied to each step of a sequence: (batch, steps, …) -> (batch, steps, …). Its weights are the layer's.
/// Throws ValueError without a layer, ShapeError for inputs of fewer than three axes. Keras: `layers.TimeDistributed`.
class CORNU_EXPORT TimeDistributedLayer final : public Configured<Layer, TimeDistributedConfig> {
 public:
  explicit TimeDistributedLayer(TimeDistributedConfig config = {});
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, Context& ctx) override;
};

/// `TimeDistributed(layers::Dense(8))`.
using TimeDistributed = Handle<TimeDistributedLayer>;

}  // namespace cornu::keras::layers

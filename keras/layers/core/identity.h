#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

/// The input itself, whatever its dtype, with its mask. Keras: `layers.Identity`.
class CORNU_EXPORT IdentityLayer final : public Layer {
 public:
  using Config = LayerConfig;
  explicit IdentityLayer(LayerConfig config = {});
  Tensor call(const Tensor& x, Context&) override { return x; }
};

using Identity = Handle<IdentityLayer, LayerConfig>;

}  // namespace cornu::keras::layers

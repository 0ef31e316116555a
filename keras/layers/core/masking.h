#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct MaskingConfig {
  double mask_value = 0;
  CORNU_LAYER_CONFIG(MaskingConfig);
  using positional = Positions<&MaskingConfig::mask_value>;
};

/// Masks the steps whose features are all `mask_value`, and sets them to 0: (batch, steps, features). What is masked in
/// a model's output counts neither in the loss nor in metrics. Keras: `layers.Masking`.
///
/// `Masking()`, `Masking(-1.0)`, `Masking({.mask_value = -1})`.
using Masking = Layer::Of<MaskingConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct MixUpConfig {
  double alpha = 0.2;  ///< of the beta distribution of the shares: small ones hardly mix, 1 mixes by any share
  CORNU_IMAGE_ARGUMENTS_AND_SEED(MixUpConfig);
  using positional = Positions<&MixUpConfig::alpha>;
};

/// In training, mixes each picture of a batch with another one by a random share (Zhang et al., 2017, "mixup"); else
/// pictures stay as they are. It is called with pictures, (batch, height, width, channels) or a single one without the
/// batch, or with pictures and their labels (batch, classes), which are mixed alike, and gives as many tensors; floats
/// come out in training. Keras takes a dictionary in their place. Throws ValueError unless alpha is positive and for
/// another number of inputs, ShapeError for other ranks. Keras: `layers.MixUp`.
///
/// `const auto mixed = MixUp(0.4)({images, labels}).outputs();`
using MixUp = Layer::Of<MixUpConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct CutMixConfig {
  /// Of the beta distribution of the shares that stay: drawn for each batch, from 0 to this or between two numbers.
  Range factor = 1.0;
  CORNU_RANDOM_IMAGE_ARGUMENTS(CutMixConfig);
  using positional = Positions<&CutMixConfig::factor>;
};

/// In training, puts a random rectangle of another picture of the batch into each (Yun et al., 2019, "CutMix"); else
/// pictures stay as they are. It is called with pictures, (batch, height, width, channels) or a single one without the
/// batch, or with pictures and their labels (batch, classes), which are mixed by the area, and gives as many tensors.
/// Floats come out. Keras takes a dictionary in their place. Throws ValueError for factors beyond [0, 1] and another
/// number of inputs, ShapeError for other ranks. Keras: `layers.CutMix`.
///
/// `const auto mixed = CutMix()({images, labels}).outputs();`
using CutMix = Layer::Of<CutMixConfig>;

}  // namespace cornu::keras::layers

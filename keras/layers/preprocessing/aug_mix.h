#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct AugMixConfig {
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  int num_chains = 3;                          ///< how many changed pictures are mixed
  int chain_depth = 3;                         ///< how many changes are made to each, one after the other
  Range factor = 0.3;                          ///< how strong each is, from 0 to this or between two numbers
  double alpha = 1.0;                          ///< of the distributions by which is mixed: small ones mix less evenly
  bool all_ops = true;                         ///< whether brightness, colors, contrast and sharpness change, too
  std::string interpolation = "bilinear";      ///< or "nearest": where pixels are moved
  CORNU_RANDOM_IMAGE_ARGUMENTS(AugMixConfig);
};

/// In training, mixes the pictures of a batch with several chains of changes of theirs, by random shares (Hendrycks et
/// al., 2019, "AugMix"). The changes are chosen at random for each batch from those of RandAugment and none. Floats
/// come out. Pictures are (batch, height, width, channels) of 1 or 3 channels, or a single one without the batch.
/// Throws ValueError for factors beyond [0, 1], an alpha that is not positive, num_chains below 1, a negative
/// chain_depth and value ranges that are not two numbers, ShapeError for another rank. Keras: `layers.AugMix`.
///
/// `AugMix({.value_range = {0, 1}, .num_chains = 2})`.
using AugMix = Layer::Of<AugMixConfig>;

}  // namespace cornu::keras::layers

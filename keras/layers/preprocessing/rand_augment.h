#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct RandAugmentConfig {
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  int num_ops = 2;                             ///< how many changes are made, one after the other
  Range factor = 0.5;                          ///< how strong each is, from 0 to this or between two numbers
  std::string interpolation = "bilinear";      ///< or "nearest": where pixels are moved
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandAugmentConfig);
};

/// In training, changes the pictures of a batch in ways that are chosen at random: RandomShear, RandomTranslation,
/// RandomRotation, RandomBrightness, RandomColorDegeneration, RandomContrast, RandomSharpness, RandomPosterization,
/// Solarization, AutoContrast, Equalization (Cubuk et al., 2019, "RandAugment"). A batch is changed in one way, each
/// picture by another amount. Floats come out. Pictures are (batch, height, width, channels) of 1 or 3 channels, or a
/// single one without the batch. Throws ValueError for factors beyond [0, 1], negative num_ops and value ranges that
/// are not two numbers, ShapeError for another rank. Keras: `layers.RandAugment`.
///
/// `RandAugment({.value_range = {0, 1}, .num_ops = 3})`.
using RandAugment = Layer::Of<RandAugmentConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/literal.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

/// Arguments of the layers that change colors or sharpness; kName is "RandomHue", "RandomSaturation",
/// "RandomColorDegeneration" or "RandomSharpness".
template <Literal kName>
struct RandomAdjustmentConfig {
  Range factor = {};                           ///< how much, see the layers; required
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  CORNU_IMAGE_ARGUMENTS_AND_SEED(RandomAdjustmentConfig);
  using positional = Positions<&RandomAdjustmentConfig::factor>;
};

/// In training, turns the hue of each picture of three channels by a random share of half a circle, from 0 to the
/// factor or between two numbers, either way round. Else it stays as it is. Pictures are (batch, height, width,
/// channels), or a single one without the batch; floats come out in training, through which no gradient flows, as in
/// Keras on TensorFlow. Throws ValueError for factors beyond
/// [0, 1] and value ranges that are not two numbers, ShapeError for another rank or number of channels. Keras:
/// `layers.RandomHue`.
///
/// `RandomHue(0.2)`, `RandomHue({.factor = {0.1, 0.2}, .value_range = {0, 1}})`.
using RandomHue = Layer::Of<RandomAdjustmentConfig<"RandomHue">>;
/// The same, multiplying the saturation by f / (1 - f) for a random f: 0.5 leaves it, 0 makes the picture grey, near 1
/// it is as colored as can be. A number f stands for -f to f, and saturation that would be negative is 0: give two
/// numbers. Throws ValueError for factors beyond [-1, 1]. Keras: `layers.RandomSaturation`.
///
/// `RandomSaturation({.factor = {0.4, 0.6}})`.
using RandomSaturation = Layer::Of<RandomAdjustmentConfig<"RandomSaturation">>;
/// The same, moving each pixel by a random share of the way to its grey: 1 makes the picture grey, negative shares make
/// it more colored. A number f stands for -f to f. Throws ValueError for factors beyond [-1, 1]. Keras:
/// `layers.RandomColorDegeneration`.
///
/// `RandomColorDegeneration({.factor = {0, 0.5}})`.
using RandomColorDegeneration = Layer::Of<RandomAdjustmentConfig<"RandomColorDegeneration">>;
/// The same for any number of channels, moving each pixel to or from the weighted mean of those around it: for a random
/// share of 0.5 it stays, 0 gives that mean, 1 as much in the other direction. Floats come out. Throws ValueError for
/// factors beyond [0, 1]. Keras: `layers.RandomSharpness`.
///
/// `RandomSharpness({.factor = {0.4, 0.9}})`.
using RandomSharpness = Layer::Of<RandomAdjustmentConfig<"RandomSharpness">>;

}  // namespace cornu::keras::layers

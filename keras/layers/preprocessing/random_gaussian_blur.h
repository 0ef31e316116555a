#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

struct RandomGaussianBlurConfig {
  Range factor = 1.0;                          ///< how probable it is, from 0 to this or between two numbers
  ops::PerAxis kernel_size = 3;                ///< how many pixels count, down and across: odd
  Range sigma = 1.0;                           ///< how wide the bell is, from 0 to this or between two numbers up to 1
  std::vector<double> value_range = {0, 255};  ///< within which pixels stay
  CORNU_IMAGE_ARGUMENTS_AND_SEED(RandomGaussianBlurConfig);
  using positional = Positions<&RandomGaussianBlurConfig::factor>;
};

/// In training, blurs some pictures with a bell whose width down and across is drawn for the batch; beyond the edges
/// lies 0. Else they stay as they are. Floats come out. Pictures are (batch, height, width, channels), or a single one
/// without the batch. Throws ValueError for factors and sigmas beyond [0, 1], kernel sizes that are not odd and value
/// ranges that are not two numbers, ShapeError for another rank. Keras: `layers.RandomGaussianBlur`.
///
/// `RandomGaussianBlur(0.5, {.kernel_size = 5, .value_range = {0, 1}})`.
using RandomGaussianBlur = Layer::Of<RandomGaussianBlurConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct RandomElasticTransformConfig {
  Range factor = 1.0;  ///< how probable it is, from 0 to this or between two numbers
  Range scale = 1.0;   ///< how strong it is, from 0 to this or between two numbers up to 1; drawn for each batch
  std::string interpolation = "bilinear";      ///< or "nearest"
  std::string fill_mode = "reflect";           ///< or "constant", "nearest", "wrap", "mirror"
  double fill_value = 0;                       ///< of the mode "constant"
  std::vector<double> value_range = {0, 255};  ///< within which pixels stay
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomElasticTransformConfig);
  using positional = Positions<&RandomElasticTransformConfig::factor, &RandomElasticTransformConfig::scale>;
};

/// In training, distorts some pictures as if they were of rubber: each pixel comes from a place nearby, and what is
/// near moves alike (`ops::image::elastic_transform`, with a tenth of the longer side times the strength as alpha, and
/// a twentieth of the shorter one as sigma). Else they stay as they are. Floats come out. Pictures are (batch, height,
/// width, channels), or a single one without the batch. Throws ValueError for factors and scales beyond [0, 1], value
/// ranges that are not two numbers and unknown words, ShapeError for another rank. Keras:
/// `layers.RandomElasticTransform`.
///
/// `RandomElasticTransform(0.5, 0.3)`.
using RandomElasticTransform = Layer::Of<RandomElasticTransformConfig>;

}  // namespace cornu::keras::layers

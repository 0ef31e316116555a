#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

/// What ends the configs of this header's layers: how pixels are found between those of the input, and beyond them.
#define CORNU_RANDOM_AFFINE_ARGUMENTS(Config)                                    \
  std::string fill_mode = "reflect";      /* or "constant", "nearest", "wrap" */ \
  std::string interpolation = "bilinear"; /* or "nearest" */                     \
  std::optional<std::int64_t> seed = std::nullopt;                               \
  double fill_value = 0; /* of the mode "constant" */                            \
  CORNU_IMAGE_ARGUMENTS(Config)

struct RandomRotationConfig {
  Range factor = {};  ///< shares of a whole turn, counterclockwise: 0.2 is from -72 to 72 degrees. Required
  CORNU_RANDOM_AFFINE_ARGUMENTS(RandomRotationConfig);
  using positional = Positions<&RandomRotationConfig::factor>;
};

struct RandomZoomConfig {
  Range height_factor =
      {};  ///< by which share of itself what is seen grows, {0.2, 0.3}, or shrinks, {-0.3, -0.2}. Required
  Range width_factor = {};  ///< none: as the height, so that the proportions stay
  CORNU_RANDOM_AFFINE_ARGUMENTS(RandomZoomConfig);
  using positional = Positions<&RandomZoomConfig::height_factor, &RandomZoomConfig::width_factor>;
};

struct RandomTranslationConfig {
  Range height_factor = {};  ///< shares of the height, downwards: 0.2 is from -0.2 to 0.2. Required
  Range width_factor = {};   ///< shares of the width, to the right. Required
  CORNU_RANDOM_AFFINE_ARGUMENTS(RandomTranslationConfig);
  using positional = Positions<&RandomTranslationConfig::height_factor, &RandomTranslationConfig::width_factor>;
};

struct RandomShearConfig {
  Range x_factor = 0.0;  ///< how far rows are moved for each row below the first, to either side; two numbers: between
  Range y_factor = 0.0;  ///< how far columns are moved, likewise
  std::string interpolation = "bilinear";  ///< or "nearest"
  std::string fill_mode = "reflect";       ///< or "constant", "nearest", "wrap"
  double fill_value = 0;                   ///< of the mode "constant"
  CORNU_IMAGE_ARGUMENTS_AND_SEED(RandomShearConfig);
  using positional = Positions<&RandomShearConfig::x_factor, &RandomShearConfig::y_factor>;
};

/// In training, turns each picture by a random angle around its middle; else it stays as it is. Floats come out.
/// Pictures are (batch, height, width, channels), or a single one without the batch. Throws ValueError for factors
/// beyond [-1, 1] and unknown words, ShapeError for another rank. Keras: `layers.RandomRotation`.
///
/// `RandomRotation(0.1)`, `RandomRotation({.factor = {-0.1, 0.2}, .fill_mode = "constant"})`.
using RandomRotation = Layer::Of<RandomRotationConfig>;
/// The same, seen from nearer by or farther away. Throws ValueError for factors beyond (-1, 1]. Keras:
/// `layers.RandomZoom`.
///
/// `RandomZoom(0.2)`, `RandomZoom(0.2, 0.1)`.
using RandomZoom = Layer::Of<RandomZoomConfig>;
/// The same, moved. Keras: `layers.RandomTranslation`.
///
/// `RandomTranslation(0.1, 0.1)`.
using RandomTranslation = Layer::Of<RandomTranslationConfig>;

/// The same, slanted: each row moved by a share of its distance from the first, each column likewise. Throws ValueError
/// for factors beyond [0, 1]. Keras: `layers.RandomShear`.
///
/// `RandomShear(0.2)`, `RandomShear(0.1, 0.3, {.fill_mode = "constant"})`.
using RandomShear = Layer::Of<RandomShearConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

struct ContrastLimitedAdaptiveHistogramEqualizationConfig {
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  double clip_limit = 4.0;  ///< how often the mean count of an intensity may occur in a tile; 0 and less: any number
  ops::PerAxis tile_grid_size = {8, 8};  ///< into how many tiles the height and the width are divided
  CORNU_IMAGE_ARGUMENTS(ContrastLimitedAdaptiveHistogramEqualizationConfig);
  using positional = Positions<&ContrastLimitedAdaptiveHistogramEqualizationConfig::value_range>;
};

/// Spreads the intensities of each channel evenly, by the histograms of the tiles around each pixel, in which what goes
/// beyond the limit is shared out, so that noise in even areas stays small (Zuiderveld, 1994, "CLAHE"); in training and
/// else. The dtype stays. Pictures are (batch, height, width, channels), or a single one without the batch; where the
/// grid does not divide them they are reflected at the edges. No gradient flows through it. Throws ValueError for a
/// grid that is not two positive numbers and value ranges that are not two numbers, ShapeError for another rank and for
/// empty pictures. Keras: `layers.ContrastLimitedAdaptiveHistogramEqualization`.
///
/// `ContrastLimitedAdaptiveHistogramEqualization({.value_range = {0, 1}, .tile_grid_size = {4, 4}})`.
using ContrastLimitedAdaptiveHistogramEqualization = Layer::Of<ContrastLimitedAdaptiveHistogramEqualizationConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::summaries {

struct ImageConfig {
  int max_outputs = 3;  ///< of several images, so many are written
  bool rescale =
      false;  ///< each image's least value becomes black, its greatest one white; for weights and activations
  Description about = {};
};

/// Images: (height, width), (height, width, channels) or (images, height, width, channels), with 1, 3 or 4 channels.
/// uint8 as it is; floating dtypes from 0 to 1, clipped and rounded as tf.summary.image does; with `rescale` any range
/// (all black if its values are equal). NaN becomes black. Throws ShapeError, TypeError; ValueError if max_outputs is
/// not positive.
///
///     w.write(summaries::image("digits", train.x.slice(0, 3).reshape({-1, 28, 28, 1})), 0);
Summary image(std::string_view tag, const graph::Array& images, const ImageConfig& config = {});

}  // namespace cornu::io::tensorboard::summaries

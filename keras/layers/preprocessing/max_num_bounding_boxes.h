#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct MaxNumBoundingBoxesConfig {
  int max_number = 0;   ///< how many boxes there are for each picture afterwards; required
  int fill_value = -1;  ///< in boxes and labels that are added
  CORNU_IMAGE_ARGUMENTS(MaxNumBoundingBoxesConfig);
  using positional = Positions<&MaxNumBoundingBoxesConfig::max_number>;
};

/// Gives every picture the same number of bounding boxes: it is called with the pictures alone, which it leaves as they
/// are, or with pictures, boxes (batch, n, 4) and the boxes' labels (batch, n), and gives as many tensors. Boxes beyond
/// the number are left out, missing ones filled in at the end. Keras takes a dictionary in their place. Throws
/// ValueError for a max_number below 1 and for another number of inputs, ShapeError for other shapes. Keras:
/// `layers.MaxNumBoundingBoxes`.
///
/// `const auto y = MaxNumBoundingBoxes(40)({images, boxes, labels}).outputs();`
using MaxNumBoundingBoxes = Layer::Of<MaxNumBoundingBoxesConfig>;

}  // namespace cornu::keras::layers

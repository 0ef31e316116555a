#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct SoftmaxConfig {
  Axes axis = -1;  ///< one, `.axis = 1`, or several, `.axis = {1, 2}`, over which together the sum is 1
  CORNU_LAYER_CONFIG(SoftmaxConfig);
  using positional = Positions<&SoftmaxConfig::axis>;
};

/// `exp(x) / sum(exp(x))` along one axis or several: probabilities, of the input's shape. What a mask excludes gets 0,
/// also where it excludes all. A mask is of the input's first axes (where it excludes a step, it excludes all features
/// of the step) or of all. The input's own goes on to the output, one that is given for the call ends here. Throws
/// ValueError for no axes or an axis given twice, ShapeError for an axis that the input does not have. Keras:
/// `layers.Softmax`.
///
/// `Softmax()`, `Softmax(1)`, `Softmax({.axis = {1, 2}})`, `Softmax()(scores, {.mask = allowed})`.
using Softmax = Layer::Of<SoftmaxConfig>;

}  // namespace cornu::keras::layers

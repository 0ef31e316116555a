#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ActivityRegularizationConfig {
  double l1 = 0;
  double l2 = 0;
  CORNU_LAYER_CONFIG(ActivityRegularizationConfig);
};

/// The input itself, whose L1L2 penalty divided by the batch size is added to the loss. Keras:
/// `layers.ActivityRegularization`.
/// `ActivityRegularization({.l1 = 0.01})`.
using ActivityRegularization = Layer::Of<ActivityRegularizationConfig>;

}  // namespace cornu::keras::layers

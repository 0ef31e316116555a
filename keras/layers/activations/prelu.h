#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct PReLUConfig {
  Arg<initializers::Initializer> alpha_initializer = "zeros";
  Arg<regularizers::Regularizer> alpha_regularizer = nullptr;
  Arg<constraints::Constraint> alpha_constraint = nullptr;
  std::optional<std::vector<int>> shared_axes = std::nullopt;  ///< axes, from 1 on, along which all share one slope
  CORNU_LAYER_CONFIG(PReLUConfig);
};

/// x where positive, `alpha * x` elsewhere, with slopes that are learnt. Weight: alpha, of a sample's shape, with
/// length 1 along shared axes. Throws ValueError for shared axes that the input does not have (the batch is none);
/// ShapeError for an axis of unknown length that is not shared, and, once built, for an input of another shape. Keras:
/// `layers.PReLU`.
///
/// `PReLU()`, behind a convolution `PReLU({.shared_axes = {{1, 2}}})`: one slope for each channel.
using PReLU = Layer::Of<PReLUConfig>;

}  // namespace cornu::keras::layers

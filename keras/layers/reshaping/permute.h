#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct PermuteConfig {
  std::vector<int> dims = {};  ///< axes from 1 on, in their new order: {2, 1}. Required
  CORNU_LAYER_CONFIG(PermuteConfig);
};

/// The axes of a sample in another order: (batch, a, b) -> (batch, b, a) with dims {2, 1}. Any dtype. Throws ValueError
/// unless dims has each number from 1 on once, ShapeError for inputs of another rank. Keras: `layers.Permute`.
///
/// `Permute({.dims = {2, 1}})`.
using Permute = Layer::Of<PermuteConfig>;

}  // namespace cornu::keras::layers

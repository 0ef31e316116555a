#pragma once

#include <concepts>
#include <initializer_list>
#include <utility>
#include <vector>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ReshapeConfig {
  std::vector<int> target_shape = {};  ///< of one sample; one length may be -1
  CORNU_LAYER_CONFIG(ReshapeConfig);
};

/// (batch, …) -> (batch, target shape). Any dtype. Throws ValueError for lengths below -1 or more than one -1,
/// ShapeError if the number of elements differs. Keras: `layers.Reshape`.
///
/// `Reshape({28, 28, 1})`, `Reshape({-1, 3}, {.name = "r"})`, `Reshape({.target_shape = {28, 28}})`. Functions: among
/// constructors, g++ 12 takes the last form for a list as well.
CORNU_EXPORT Layer::Of<ReshapeConfig> Reshape(ReshapeConfig config = {});
template <std::same_as<std::vector<int>> Lengths>
Layer::Of<ReshapeConfig> Reshape(Lengths target_shape, ReshapeConfig config = {}) {
  config.target_shape = std::move(target_shape);
  return Reshape(std::move(config));
}
template <std::same_as<int> Length>
Layer::Of<ReshapeConfig> Reshape(std::initializer_list<Length> target_shape, ReshapeConfig config = {}) {
  return Reshape(std::vector<int>(target_shape), std::move(config));
}

}  // namespace cornu::keras::layers

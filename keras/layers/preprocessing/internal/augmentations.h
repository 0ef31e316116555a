#pragma once

#include <string>
#include <vector>

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/range.h"

// Layers on pictures of which other ones are made.

namespace cornu::keras::layers::internal {

/// What a layer makes of pictures in training as a part of another one, on pictures in the dtype in which both compute.
/// It draws its random numbers from a stream of that one's, so that one seed is enough and no two parts draw the same:
/// `state` is what the other one's `random_state` gave in this call, `stream` another number for each use of a part.
Tensor call_part(const Shared<Layer>& part, const Tensor& images, const Tensor& state, std::int64_t stream);

struct AugmentationConfig {
  Range factor = {};  ///< two numbers
  std::vector<double> value_range = {};
  std::string interpolation = {}, data_format = {}, dtype = {};
};

/// Shear, translation, rotation, posterization, solarization, contrast and equalization, as strong as the factor says;
/// with `all` also brightness, colors, random contrast and sharpness. In Keras: what AugMix and RandAugment choose
/// from.
std::vector<Shared<Layer>> augmentations(const AugmentationConfig& config, bool all);

/// What one of the parts makes of pictures, all of the batch the same one: chosen by the random number. With
/// `or_nothing` it may be none of them. Uses of parts are told apart by `stream`, of which one call takes as many as
/// there are parts.
Tensor call_any(const std::vector<Shared<Layer>>& parts, bool or_nothing, const Tensor& images, const Tensor& state,
                std::int64_t& stream);

}  // namespace cornu::keras::layers::internal

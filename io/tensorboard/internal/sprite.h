#pragma once

#include <string>

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard::internal {

/// Images of points in one picture: a square grid, row by row, black where none are left.
struct Sprite {
  graph::Array picture;                ///< uint8 (height, width, channels)
  std::int64_t height = 0, width = 0;  ///< of one image in it
};

/// What the Projector dashboard takes at most, a side.
inline constexpr std::int64_t kMaxSpriteSide = 8192;

/// From (images, height, width) or (images, height, width, channels), uint8 or floating from 0 to 1. If the grid would
/// be too large, each image is made smaller with its proportions kept. `who` begins the message of a ShapeError or
/// TypeError.
Sprite sprite(const std::string& who, const graph::Array& images);

}  // namespace cornu::io::tensorboard::internal

#pragma once

#include <array>
#include <string_view>

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard::internal {

using Color = std::array<std::uint8_t, 3>;

/// A white picture to draw in. What lies outside of it is not drawn.
class Canvas {
 public:
  Canvas(std::int64_t height, std::int64_t width) : picture_(graph::full({height, width, 3}, 255, graph::uint8)) {}

  void rectangle(std::int64_t top, std::int64_t left, std::int64_t height, std::int64_t width, Color);
  /// A line of text, each point of a glyph `scale` pixels wide. `top` and `left` are those of what is drawn.
  void text(std::int64_t top, std::int64_t left, std::string_view, int scale, Color);
  /// The same, turned to be read from bottom to top.
  void text_upwards(std::int64_t top, std::int64_t left, std::string_view, int scale, Color);

  const graph::Array& picture() const { return picture_; }

 private:
  graph::Array picture_;
};

/// How long and how high a line of text is, without tails below it (2 * scale).
std::int64_t text_width(std::string_view, int scale);
std::int64_t text_height(int scale);

}  // namespace cornu::io::tensorboard::internal

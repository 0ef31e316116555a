#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::io::image::internal {

/// An image as its file describes it.
struct Decoded {
  /// uint8 (height, width, channels): grey, grey and alpha, RGB or RGBA; int32 with one channel for grey of 16 bits;
  /// with a palette, one channel of indices.
  graph::Array pixels;
  /// Of all 256 indices: red, green, blue, alpha. Empty if the image has no palette.
  std::vector<std::array<std::uint8_t, 4>> palette = {};
  /// The colour that is transparent, as Pillow compares it: the lower bytes of what the file says, with 8-bit pixels.
  std::optional<std::array<std::uint8_t, 3>> transparent = {};
};

/// Decodes a whole file's bytes. `name` begins the messages of FormatError.
Decoded decode_png(std::span<const std::byte> bytes, const std::string& name);
graph::Array decode_jpeg(std::span<const std::byte> bytes, const std::string& name);
/// `image`: contiguous uint8 (height, width, channels).
std::string encode_png(const graph::Array& image, const std::string& name);

/// Refuses what no file of `file_bytes` can hold, before memory is taken. `per_byte`: pixels that one byte can encode
/// at most.
void require_plausible(std::int64_t height, std::int64_t width, std::size_t file_bytes, std::int64_t per_byte,
                       const std::string& name);

}  // namespace cornu::io::image::internal

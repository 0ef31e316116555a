#pragma once

#include <string>

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::io::image {

/// Which channels an image is read with. The conversions are Pillow's, and so Keras'.
enum class Channels {
  as_stored,  ///< grey; red, green, blue; with an alpha channel if the file has one or names a transparent colour
  grey,       ///< 1: 0.299 red + 0.587 green + 0.114 blue
  rgb,        ///< 3: grey is repeated, an alpha channel is dropped
  rgba,       ///< 4: alpha is 255 where nothing is transparent
};

/// Reads a PNG or JPEG file (told by its first bytes, not its name) into (height, width, channels): 1 channel for grey,
/// 3 for red, green, blue, 4 with an alpha channel. The numbers are those of Pillow's `Image.open(path).convert(...)`.
///
/// The dtype is uint8, but for grey PNG files of 16 bits: their values 0 to 65535 are int32 (`as_stored` and `grey`);
/// as `rgb` and `rgba` they are cut at 255, as by Pillow. Palettes and depths of 1, 2 and 4 bits are expanded to 8
/// bits, of colours of 16 bits the upper 8 are taken. JPEG files of four colours (CMYK, YCCK) become red, green, blue.
/// Gamma, colour profiles and the camera's orientation are left alone.
///
///     Array image = io::image::read("7.png");   // (28, 28, 1)
///
/// Throws IoError if the file cannot be opened, FormatError if it is neither, truncated, damaged, or larger than
/// `kMaxPixels`.
graph::Array read(const Path& path, Channels channels = Channels::as_stored);

/// What an image may have at most; Pillow refuses the same as a decompression bomb.
inline constexpr std::int64_t kMaxPixels = 178'956'970;

/// Writes uint8 of shape (height, width) or (height, width, 1, 3 or 4) as a PNG file, which appears whole or not at
/// all. Throws TypeError, ShapeError, IoError.
void write_png(const Path& path, const graph::Array& image);
/// The bytes of that file.
std::string encode_png(const graph::Array& image);

}  // namespace cornu::io::image

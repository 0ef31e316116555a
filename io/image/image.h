#pragma once

#include <filesystem>
#include <string>

#include "cornu/graph/array/array.h"

namespace cornu::io::image {

/// Reads a PNG or JPEG file (told by its first bytes, not its name) into uint8 of shape (height, width, channels): 1
/// channel for grey, 3 for red, green, blue, 4 with an alpha channel.
///
/// PNG: palettes and depths of 1, 2 and 4 bits are expanded to 8 bits, of 16 bits the upper 8 are taken, a transparent
/// colour becomes an alpha channel, and so does grey with alpha. JPEG: CMYK is converted to RGB as Pillow does. Gamma,
/// colour profiles and the camera's orientation are left alone, as Pillow leaves them.
///
///     Array image = io::image::read("7.png");   // (28, 28, 1)
///
/// Throws IoError if the file cannot be opened, FormatError if it is neither, truncated, damaged, or larger than
/// `kMaxPixels`.
graph::Array read(const std::filesystem::path& path);

/// What an image may have at most; Pillow refuses the same as a decompression bomb.
inline constexpr std::int64_t kMaxPixels = 178'956'970;

/// Writes uint8 of shape (height, width) or (height, width, 1, 3 or 4) as a PNG file, which appears whole or not at
/// all. Throws TypeError, ShapeError, IoError.
void write_png(const std::filesystem::path& path, const graph::Array& image);
/// The bytes of that file.
std::string encode_png(const graph::Array& image);

}  // namespace cornu::io::image

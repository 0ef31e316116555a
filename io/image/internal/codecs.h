#pragma once

#include <span>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::io::image::internal {

/// Decodes a whole file's bytes to uint8 (height, width, channels). `name` begins the messages of FormatError.
graph::Array decode_png(std::span<const std::byte> bytes, const std::string& name);
graph::Array decode_jpeg(std::span<const std::byte> bytes, const std::string& name);
/// `image`: contiguous uint8 (height, width, channels).
std::string encode_png(const graph::Array& image, const std::string& name);

/// Refuses what no file of `file_bytes` can hold, before memory is taken. `per_byte`: pixels that one byte can encode
/// at most.
void require_plausible(std::int64_t height, std::int64_t width, std::size_t file_bytes, std::int64_t per_byte,
                       const std::string& name);

}  // namespace cornu::io::image::internal

#include "cornu/io/zip/internal/inflated_size.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace cornu::io::zip {

std::optional<std::uint64_t> inflated_size(std::span<const std::uint8_t> packed, std::uint64_t limit) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  std::array<std::uint8_t, 16384> window;
  std::uint64_t size = 0;
  int status = Z_OK;
  while (status == Z_OK && size <= limit) {
    if (stream.avail_in == 0) {
      const auto n = std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max());
      stream.next_in = const_cast<Bytef*>(packed.data());  // zlib reads only
      stream.avail_in = static_cast<uInt>(n);
      packed = packed.subspan(n);
    }
    stream.next_out = window.data();
    stream.avail_out = static_cast<uInt>(window.size());
    status = inflate(&stream, Z_NO_FLUSH);  // Z_BUF_ERROR once it wants input that is not there
    size += window.size() - stream.avail_out;
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || size > limit) return std::nullopt;
  return size;
}

}  // namespace cornu::io::zip

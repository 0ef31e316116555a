#include "cornu/io/npy/internal/elements.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace cornu::io::npy::internal {

using namespace graph;

namespace {

struct Float16 {
  std::uint16_t bits;
  operator float() const {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const float sign = bits >> 15 ? -1.f : 1.f;
    if (exponent == 31)
      return fraction ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
    return exponent ? sign * std::ldexp(static_cast<float>(fraction | 1024), exponent - 25)
                    : sign * std::ldexp(static_cast<float>(fraction), -24);
  }
};

/// A bool in a file is one byte: 0 is false, and everything else is true.
struct Bool8 {
  std::uint8_t bits;
  operator bool() const { return bits != 0; }
};

void swap_bytes(std::span<std::byte> bytes, int size) {
  for (std::size_t i = 0; i < bytes.size(); i += size) std::reverse(bytes.begin() + i, bytes.begin() + i + size);
}

template <class From, class To>
void convert(Source& source, const Encoding& encoding, const Array& array) {
  constexpr std::size_t kChunk = 1 << 16;
  std::vector<From> chunk(std::min<std::size_t>(kChunk, array.size()));
  To* out = array.data<To>();
  for (std::size_t left = array.size(); left > 0;) {
    const std::span<From> part(chunk.data(), std::min(left, chunk.size()));
    source.read(std::as_writable_bytes(part));
    if (encoding.order != std::endian::native) swap_bytes(std::as_writable_bytes(part), sizeof(From));
    if constexpr (std::is_same_v<From, std::uint64_t>)
      for (std::uint64_t value : part)
        require<TypeError>(value <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}, "[", source.name(),
                           "] the uint64 value ", value, " does not fit into int64, the largest integer dtype");
    for (From value : part) *out++ = static_cast<To>(value);
    left -= part.size();
  }
}

std::uint64_t byte_count(const Source& source, const Shape& shape, int size) {
  std::uint64_t bytes = size;
  bool overflow = false, empty = false;
  for (std::int64_t dim : shape) {
    if (dim < 0) source.malformed("an axis of negative length in shape ", shape);
    empty = empty || dim == 0;
    overflow = overflow || (dim > 0 && __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(dim), &bytes));
  }
  if (overflow || bytes > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
    source.malformed("an impossible shape ", shape);
  return empty ? 0 : bytes;
}

}  // namespace

DType nearest_dtype(const Encoding& encoding, const std::string& name) {
  const auto is = [&](char kind, int size) { return encoding.kind == kind && encoding.size == size; };
  if (is('b', 1)) return bool_;
  if (is('u', 1)) return uint8;
  if (is('i', 1) || is('i', 2) || is('u', 2) || is('i', 4)) return int32;
  if (is('u', 4) || is('i', 8) || is('u', 8)) return int64;
  if (is('f', 2) || is('f', 4)) return float32;
  if (is('f', 8)) return float64;
  if (is('V', 2)) return bfloat16;
  throw TypeError(message("[", name, "] elements of kind '", encoding.kind, "' with ", encoding.size,
                          " bytes cannot be read; known are bool, integers of 1 to 8 bytes, floating numbers of 2, 4 "
                          "and 8 bytes, and bfloat16"));
}

Array read_elements(Source& source, const Encoding& encoding, const Shape& shape) {
  const DType dtype = nearest_dtype(encoding, source.name());
  const std::uint64_t bytes = byte_count(source, shape, encoding.size);
  if (bytes > source.left())
    source.malformed("an array of shape ", shape, " with ", encoding.size, "-byte elements needs ", bytes,
                     " bytes, but no more than ", source.left(), " follow (truncated or damaged)");
  Array array(shape, dtype);
  switch (encoding.kind == 'f' ? 16 + encoding.size : encoding.kind == 'u' ? 32 + encoding.size : encoding.size) {
    case 16 + 2:
      convert<Float16, float>(source, encoding, array);
      return array;
    case 32 + 2:
      convert<std::uint16_t, std::int32_t>(source, encoding, array);
      return array;
    case 32 + 4:
      convert<std::uint32_t, std::int64_t>(source, encoding, array);
      return array;
    case 32 + 8:
      convert<std::uint64_t, std::int64_t>(source, encoding, array);
      return array;
    case 1:
      encoding.kind == 'b' ? convert<Bool8, bool>(source, encoding, array)
                           : convert<std::int8_t, std::int32_t>(source, encoding, array);
      return array;
    case 2:
      if (encoding.kind == 'i') {
        convert<std::int16_t, std::int32_t>(source, encoding, array);
        return array;
      }
      break;
  }
  const std::span<std::byte> raw(array.bytes(), bytes);
  source.read(raw);
  if (encoding.order != std::endian::native && encoding.size > 1) swap_bytes(raw, encoding.size);
  return array;
}

}  // namespace cornu::io::npy::internal

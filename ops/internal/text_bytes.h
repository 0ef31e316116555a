#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::ops::internal {

/// A text in a row of bytes, behind which zeros fill the row up, as in NumPy's arrays of bytes ("S8").
inline std::string_view text_in(const std::uint8_t* bytes, std::int64_t length) {
  while (length > 0 && bytes[length - 1] == 0) --length;
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)};
}

}  // namespace cornu::ops::internal

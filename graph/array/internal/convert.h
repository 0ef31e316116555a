#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "cornu/graph/array/dtype.h"

namespace cornu::graph::internal {

/// One element converted as NumPy's astype does it on x86: a floating number is truncated towards zero; what does not
/// fit (NaN too) becomes the smallest integer, and uint8 takes the lowest byte of the int32.
template <class To, class From>
inline To convert(From x) {
  if constexpr (std::same_as<To, bool>) {
    return static_cast<bool>(x != From(0));
  } else if constexpr (std::same_as<From, BFloat16>) {
    return convert<To>(static_cast<float>(x));
  } else if constexpr (std::is_floating_point_v<From> && std::same_as<To, std::uint8_t>) {
    return static_cast<std::uint8_t>(convert<std::int32_t>(x));
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    constexpr From kBound = static_cast<From>(To{1} << (std::numeric_limits<To>::digits - 1)) * 2;
    constexpr From kBelow = std::is_same_v<To, std::int32_t> && std::is_same_v<From, double> ? From(1) : From(0);
    const bool fits = kBelow == From(0) ? x >= -kBound && x < kBound : x > -kBound - kBelow && x < kBound;
    return fits ? static_cast<To>(x) : std::numeric_limits<To>::min();
  } else if constexpr (std::same_as<To, BFloat16>) {
    return BFloat16(static_cast<float>(x));
  } else {
    return static_cast<To>(x);
  }
}

/// Calls `f` with an unsigned word of that many bytes, for loops that only move elements.
template <class F>
void visit_width(std::size_t width, F&& f) {
  switch (width) {
    case 1:
      return f(std::uint8_t{});
    case 2:
      return f(std::uint16_t{});
    case 4:
      return f(std::uint32_t{});
    default:
      return f(std::uint64_t{});
  }
}

}  // namespace cornu::graph::internal

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <type_traits>

#include "cornu/graph/export.h"

namespace cornu::graph {

/// The element types of arrays and tensors. Graph computations are done in float32 (bfloat16 where a policy asks for
/// it); float64 exists for arrays, as in NumPy.
enum class DType : std::uint8_t { bool_, uint8, int32, int64, bfloat16, float32, float64 };

inline constexpr DType bool_ = DType::bool_;
inline constexpr DType uint8 = DType::uint8;
inline constexpr DType int32 = DType::int32;
inline constexpr DType int64 = DType::int64;
inline constexpr DType bfloat16 = DType::bfloat16;
inline constexpr DType float32 = DType::float32;
inline constexpr DType float64 = DType::float64;

/// One bfloat16 number: the upper half of a float. Converts to and from float (round to nearest even; NaN stays NaN).
struct BFloat16 {
  std::uint16_t bits = 0;
  BFloat16() = default;
  BFloat16(float value) : bits(round(std::bit_cast<std::uint32_t>(value))) {}  // NOLINT: a number, converts like one
  operator float() const { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

 private:
  static std::uint16_t round(std::uint32_t u) {
    if ((u & 0x7fffffffu) > 0x7f800000u) return static_cast<std::uint16_t>((u >> 16) | 0x40u);
    return static_cast<std::uint16_t>((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
  }
};

/// Bytes of one element.
std::size_t size_of(DType);
/// NumPy's name: "float32", "bool", ...
std::string_view name_of(DType);
/// The dtype of that name; throws ValueError with the known names.
DType dtype_from_name(std::string_view name);
bool is_floating(DType);
bool is_integer(DType);  ///< uint8, int32, int64; not bool

/// The dtype of an operation on two arrays, by NumPy 2's rules (bfloat16 as in ml_dtypes: with float32 gives float32,
/// with an integer gives bfloat16).
DType promote(DType, DType);

std::ostream& operator<<(std::ostream&, DType);

/// The C++ type of a dtype and back: `dtype_of<float>` is float32.
template <class T>
struct dtype_of_t;
template <>
struct dtype_of_t<bool> : std::integral_constant<DType, DType::bool_> {};
template <>
struct dtype_of_t<std::uint8_t> : std::integral_constant<DType, DType::uint8> {};
template <>
struct dtype_of_t<std::int32_t> : std::integral_constant<DType, DType::int32> {};
template <>
struct dtype_of_t<std::int64_t> : std::integral_constant<DType, DType::int64> {};
template <>
struct dtype_of_t<long long> : std::integral_constant<DType, DType::int64> {};
template <>
struct dtype_of_t<BFloat16> : std::integral_constant<DType, DType::bfloat16> {};
template <>
struct dtype_of_t<float> : std::integral_constant<DType, DType::float32> {};
template <>
struct dtype_of_t<double> : std::integral_constant<DType, DType::float64> {};
template <class T>
inline constexpr DType dtype_of = dtype_of_t<T>::value;

/// C++ types that an array can hold.
template <class T>
concept Element = requires {
  dtype_of_t<T>::value;
};

/// Calls `f` with a value of the dtype's C++ type: `visit(dtype, [&](auto zero) { using T = decltype(zero); ... })`.
template <class F>
decltype(auto) visit(DType dtype, F&& f) {
  switch (dtype) {
    case DType::bool_:
      return f(bool{});
    case DType::uint8:
      return f(std::uint8_t{});
    case DType::int32:
      return f(std::int32_t{});
    case DType::int64:
      return f(std::int64_t{});
    case DType::bfloat16:
      return f(BFloat16{});
    case DType::float64:
      return f(double{});
    case DType::float32:
      break;
  }
  return f(float{});
}

}  // namespace cornu::graph

namespace cornu {
using graph::BFloat16;
using graph::bfloat16;
using graph::bool_;
using graph::DType;
using graph::float32;
using graph::float64;
using graph::int32;
using graph::int64;
using graph::uint8;
}  // namespace cornu

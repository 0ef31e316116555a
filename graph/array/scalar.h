#pragma once

#include <cstdint>
#include <type_traits>

#include "cornu/graph/array/dtype.h"
#include "cornu/graph/check.h"

namespace cornu::graph {

/// C++'s integers, floating numbers and bool.
template <class T>
concept Number = std::is_arithmetic_v<T>;

/// A number in an array expression: weak in NumPy 2's sense (an integer takes any numeric dtype, a floating one any
/// floating dtype).
struct Scalar {
  template <Number T>
  Scalar(T v)  // NOLINT: converts like a number
      : kind(std::is_same_v<T, bool>       ? DType::bool_
             : std::is_floating_point_v<T> ? DType::float64
                                           : DType::int64),
        value(static_cast<double>(v)) {
    if constexpr (!std::is_floating_point_v<T>) {
      if constexpr (std::is_unsigned_v<T> && sizeof(T) == 8)
        require<ValueError>(v >> 63 == 0, "the number ", v, " is out of bounds for int64");
      integer = static_cast<std::int64_t>(v);
    }
  }
  DType kind;  ///< bool, int64 or float64, as Python's bool, int and float
  double value;
  std::int64_t integer = 0;  ///< the exact value unless floating
};

}  // namespace cornu::graph

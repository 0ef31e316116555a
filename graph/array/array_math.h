#pragma once

#include <type_traits>

#include "cornu/graph/array/array_type.h"

namespace cornu::graph {

// Of each element, by NumPy's names. Floating dtypes stay; exp, log and sqrt of integers and bools are float64. An
// rvalue that holds the only reference lends its buffer.
Array abs(Array);
Array sqrt(Array);
Array exp(Array);
Array log(Array);
/// To that many decimals, halves to even: `round(2.5)` is 2. Fewer than 0: to tens, hundreds… Integers stay integers.
Array round(Array, int decimals = 0);
// Bool arrays; integers are finite.
Array isnan(const Array&);
Array isinf(const Array&);
Array isfinite(const Array&);

// What the templates below call, which programs make anew: so the library has to export it.
namespace operands {
/// An array, or a number whose dtype bends to the arrays beside it.
struct Operand {
  Array array;
  Scalar number = 0;
  bool is_number = false;
  Operand(const Array& a) : array(a) {}  // NOLINT: both are operands
  template <Number T>
  Operand(T value) : number(value), is_number(true) {}  // NOLINT
};
Array power(const Operand& base, const Operand& exponent);
Array maximum(const Operand& a, const Operand& b);
Array minimum(const Operand& a, const Operand& b);
Array clip(const Array& x, const Operand& low, const Operand& high);
Array where(const Array& condition, const Operand& a, const Operand& b);
}  // namespace operands

template <class T>
concept AnArray = std::is_base_of_v<Array, T>;
/// An Array or a number, of which functions take one or the other. They are templates, so that their parameters fit
/// exactly: beside the functions of `ops`, whose tensors arrays convert to, no call is ambiguous.
template <class T>
concept ArrayOrNumber = AnArray<T> || Number<T>;

// With broadcasting. Dtypes promote as in arithmetic, numbers are weak. Throw ShapeError if the shapes do not
// broadcast, ValueError if a number does not fit the dtype.

/// base ** exponent. Throws ValueError for integers to a negative integer.
template <ArrayOrNumber A, ArrayOrNumber B>
requires(AnArray<A> || AnArray<B>) Array power(const A& base, const B& exponent) {
  return operands::power(base, exponent);
}
/// The larger / smaller of each two elements; a NaN wins.
template <ArrayOrNumber A, ArrayOrNumber B>
requires(AnArray<A> || AnArray<B>) Array maximum(const A& a, const B& b) { return operands::maximum(a, b); }
template <ArrayOrNumber A, ArrayOrNumber B>
requires(AnArray<A> || AnArray<B>) Array minimum(const A& a, const B& b) { return operands::minimum(a, b); }
/// minimum(maximum(x, low), high); NaN stays, a number beyond the dtype's range bounds nothing. For one bound only, use
/// maximum or minimum.
template <ArrayOrNumber A, ArrayOrNumber B>
Array clip(const Array& x, const A& low, const B& high) {
  return operands::clip(x, low, high);
}
/// a where the condition is not 0, else b; the three broadcast. Of two numbers: int64, float64 or bool.
template <ArrayOrNumber A, ArrayOrNumber B>
Array where(const Array& condition, const A& a, const B& b) {
  return operands::where(condition, a, b);
}

Array matmul(const Array& a, const Array& b);  ///< 2-D; a plain loop, for small checks. Throws ShapeError.

}  // namespace cornu::graph

namespace cornu {
using graph::abs;
using graph::clip;
using graph::exp;
using graph::isfinite;
using graph::isinf;
using graph::isnan;
using graph::log;
using graph::matmul;
using graph::maximum;
using graph::minimum;
using graph::power;
using graph::round;
using graph::sqrt;
using graph::where;
}  // namespace cornu

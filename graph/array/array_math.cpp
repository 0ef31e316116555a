#include "cornu/graph/array/array_math.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "cornu/graph/array/internal/elementwise.h"

namespace cornu::graph {
namespace {

using internal::elements;
using internal::map;
using operands::Operand;

// What a function of the standard library gives for an element of a floating dtype.
template <class F>
Array map_floating(Array a, F f) {
  if (!is_floating(a.dtype())) a = a.astype(DType::float64);
  return map(std::move(a), [&]<class T>(T x) {
    if constexpr (std::is_same_v<T, BFloat16>)
      return BFloat16(f(static_cast<float>(x)));
    else if constexpr (std::is_floating_point_v<T>)
      return f(x);
    else
      return x;  // never asked for
  });
}

template <class F>
Array test_floating(const Array& a, bool of_integers, F f) {
  Array out(a.shape(), DType::bool_);
  visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* x = elements<T>(a);
    bool* y = elements<bool>(out);
    for (std::int64_t i = 0, n = a.size(); i < n; ++i) {
      if constexpr (std::is_integral_v<T>)
        y[i] = of_integers;
      else if constexpr (std::is_same_v<T, BFloat16>)
        y[i] = f(static_cast<float>(x[i]));
      else
        y[i] = f(x[i]);
    }
  });
  return out;
}

// The dtype in which operands meet: numbers bend to the arrays, or to each other if there is no array.
DType common_dtype(std::initializer_list<const Operand*> operands) {
  DType dtype = DType::bool_;
  bool any_array = false;
  for (const Operand* o : operands)
    if (!o->is_number) dtype = any_array ? promote(dtype, o->array.dtype()) : o->array.dtype(), any_array = true;
  for (const Operand* o : operands)
    if (o->is_number)
      dtype = any_array ? internal::promote_weak(dtype, o->number.kind) : promote(dtype, o->number.kind);
  return dtype;
}

Array in_dtype(const Operand& o, DType dtype, const char* who) {
  if (!o.is_number) return o.array.astype(dtype);
  require<ValueError>(internal::fits(o.number, dtype), who, ": the number ", o.number.integer, " is out of bounds for ",
                      dtype);
  return internal::number_array(o.number, dtype);
}

// f of each two elements, as T.
template <class F>
Array pairs(const Array& a, const Array& b, const char* who, F f) {
  Array out(broadcast(a.shape(), b.shape(), who), a.dtype());
  const internal::Walk walk(a.shape(), b.shape(), out.shape());
  visit(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    internal::combine(walk, elements<T>(a), elements<T>(b), elements<T>(out), out.size(), f);
  });
  return out;
}

constexpr auto kLarger = []<class T>(T a, T b) { return a > b || a != a ? a : b; };
constexpr auto kSmaller = []<class T>(T a, T b) { return a < b || a != a ? a : b; };

template <class T>
T power_of(T base, T exponent) {
  if constexpr (std::is_same_v<T, BFloat16>) {
    return BFloat16(std::pow(static_cast<float>(base), static_cast<float>(exponent)));
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::pow(base, exponent);
  } else {
    if constexpr (std::is_signed_v<T>)
      require<ValueError>(exponent >= 0, "power: integers cannot be raised to a negative integer, got ", exponent);
    std::uint64_t result = 1, factor = static_cast<std::uint64_t>(base);  // wraps around, as NumPy's does
    for (auto e = static_cast<std::uint64_t>(exponent); e; e >>= 1, factor *= factor)
      if (e & 1) result *= factor;
    return static_cast<T>(result);
  }
}

// NumPy divides by a power of ten or multiplies with it, in the array's dtype, before and after rounding.
template <class T>
T rounded(T x, int decimals) {
  if constexpr (std::is_same_v<T, BFloat16>) {
    return BFloat16(rounded(static_cast<float>(x), decimals));
  } else if constexpr (std::is_integral_v<T>) {
    return internal::convert<T>(internal::convert<std::int64_t>(rounded(static_cast<double>(x), decimals)));
  } else {
    const T scale = static_cast<T>(std::pow(10.0, std::abs(decimals)));
    return decimals == 0  ? std::nearbyint(x)
           : decimals > 0 ? std::nearbyint(x * scale) / scale
                          : std::nearbyint(x / scale) * scale;
  }
}

Array spread(const Array& a, const Shape& shape) {
  if (a.shape() == shape) return a;
  Array out(shape, a.dtype());
  out.assign(a);
  return out;
}

}  // namespace

Array abs(Array a) {
  return map(std::move(a), []<class T>(T x) {
    if constexpr (std::is_same_v<T, BFloat16>)
      return BFloat16(std::fabs(static_cast<float>(x)));
    else if constexpr (std::is_floating_point_v<T>)
      return std::fabs(x);
    else if constexpr (std::is_signed_v<T>)
      return x < 0 ? static_cast<T>(0 - static_cast<std::uint64_t>(x)) : x;
    else
      return x;
  });
}

Array sqrt(Array a) {
  return map_floating(std::move(a), [](auto x) { return std::sqrt(x); });
}
Array exp(Array a) {
  return map_floating(std::move(a), [](auto x) { return std::exp(x); });
}
Array log(Array a) {
  return map_floating(std::move(a), [](auto x) { return std::log(x); });
}

Array round(Array a, int decimals) {
  if (a.dtype() == DType::bool_) a = a.astype(DType::float64);
  if (decimals >= 0 && !is_floating(a.dtype())) return a;
  return map(std::move(a), [=](auto x) { return rounded(x, decimals); });
}

Array isnan(const Array& a) {
  return test_floating(a, false, [](auto x) { return std::isnan(x); });
}
Array isinf(const Array& a) {
  return test_floating(a, false, [](auto x) { return std::isinf(x); });
}
Array isfinite(const Array& a) {
  return test_floating(a, true, [](auto x) { return std::isfinite(x); });
}

namespace operands {

Array power(const Operand& base, const Operand& exponent) {
  DType dtype = common_dtype({&base, &exponent});
  if (dtype == DType::bool_) dtype = DType::int32;  // NumPy's is int8
  return pairs(in_dtype(base, dtype, "power"), in_dtype(exponent, dtype, "power"), "power",
               []<class T>(T a, T b) { return power_of(a, b); });
}

Array maximum(const Operand& a, const Operand& b) {
  const DType dtype = common_dtype({&a, &b});
  return pairs(in_dtype(a, dtype, "maximum"), in_dtype(b, dtype, "maximum"), "maximum", kLarger);
}
Array minimum(const Operand& a, const Operand& b) {
  const DType dtype = common_dtype({&a, &b});
  return pairs(in_dtype(a, dtype, "minimum"), in_dtype(b, dtype, "minimum"), "minimum", kSmaller);
}

Array clip(const Array& x, const Operand& low, const Operand& high) {
  const Operand whole(x);
  const DType dtype = common_dtype({&whole, &low, &high});
  const auto bound = [&](Operand o) {
    if (o.is_number && !internal::fits(o.number, dtype)) {
      const bool is_byte = dtype == DType::uint8;
      o.number = o.number.integer < 0 ? is_byte ? 0 : std::numeric_limits<std::int32_t>::min()
                 : is_byte ? 255
                                      : std::numeric_limits<std::int32_t>::max();
    }
    return in_dtype(o, dtype, "clip");
  };
  return pairs(pairs(x.astype(dtype), bound(low), "clip", kLarger), bound(high), "clip", kSmaller);
}

Array where(const Array& condition, const Operand& a, const Operand& b) {
  const DType dtype = common_dtype({&a, &b});
  Array x = in_dtype(a, dtype, "where"), y = in_dtype(b, dtype, "where");
  const Shape shape = broadcast(condition.shape(), broadcast(x.shape(), y.shape(), "where"), "where");
  const Array holds = spread(condition.astype(DType::bool_), shape);
  x = spread(x, shape), y = spread(y, shape);
  Array out(shape, dtype);
  internal::visit_width(size_of(dtype), [&](auto word) {
    using Word = decltype(word);
    const bool* c = elements<bool>(holds);
    const Word *p = elements<Word>(std::as_const(x)), *q = elements<Word>(std::as_const(y));
    Word* z = elements<Word>(out);
    for (std::int64_t i = 0, n = out.size(); i < n; ++i) z[i] = c[i] ? p[i] : q[i];
  });
  return out;
}

}  // namespace operands

Array matmul(const Array& a, const Array& b) {
  require<ShapeError>(a.ndim() == 2 && b.ndim() == 2 && a.shape()[1] == b.shape()[0], "matmul: shapes ", a.shape(),
                      " and ", b.shape(), " do not fit together");
  const DType dtype = promote(a.dtype(), b.dtype());
  require<TypeError>(dtype != DType::bool_, "matmul: bool arrays cannot be multiplied; convert them with astype()");
  const Array x = a.astype(dtype), y = b.astype(dtype).transpose();
  const std::int64_t rows = a.shape()[0], columns = b.shape()[1], depth = a.shape()[1];
  Array out({rows, columns}, dtype);
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    using Sum = std::conditional_t<std::is_integral_v<T>, std::uint64_t, double>;
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        const T *p = elements<T>(x) + i * depth, *q = elements<T>(y) + j * depth;
        Sum total = 0;
        for (std::int64_t k = 0; k < depth; ++k) total += static_cast<Sum>(p[k]) * static_cast<Sum>(q[k]);
        elements<T>(out)[i * columns + j] = internal::convert<T>(total);
      }
  });
  return out;
}

}  // namespace cornu::graph

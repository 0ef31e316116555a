#include <algorithm>
#include <cmath>
#include <vector>

#include "cornu/graph/array/array_type.h"
#include "cornu/graph/array/internal/elementwise.h"

namespace cornu::graph {
namespace {

using internal::elements;

struct Equal {
  template <class T>
  bool operator()(T a, T b) const {
    return a == b;
  }
};
struct Unequal {
  template <class T>
  bool operator()(T a, T b) const {
    return a != b;
  }
};
struct Less {
  template <class T>
  bool operator()(T a, T b) const {
    return a < b;
  }
};
struct LessEqual {
  template <class T>
  bool operator()(T a, T b) const {
    return a <= b;
  }
};

template <class F>
Array compare(const Array& a, const Array& b, F f) {
  const DType dtype = promote(a.dtype(), b.dtype());
  const Array x = a.astype(dtype), y = b.astype(dtype);
  Array out(broadcast(a.shape(), b.shape(), "compare"), DType::bool_);
  const internal::Walk walk(a.shape(), b.shape(), out.shape());
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    internal::combine(walk, elements<T>(x), elements<T>(y), elements<bool>(out), out.size(), f);
  });
  return out;
}

// A number as an array that can be compared: unlike in arithmetic, 300 beside uint8 is no error.
Array number(const Array& beside, Scalar s) {
  DType dtype = internal::promote_weak(beside.dtype(), s.kind);
  if (!internal::fits(s, dtype)) dtype = DType::int64;
  return internal::number_array(s, dtype);
}

}  // namespace

Array operator==(const Array& a, const Array& b) { return compare(a, b, Equal()); }
Array operator!=(const Array& a, const Array& b) { return compare(a, b, Unequal()); }
Array operator<(const Array& a, const Array& b) { return compare(a, b, Less()); }
Array operator<=(const Array& a, const Array& b) { return compare(a, b, LessEqual()); }
Array operator>(const Array& a, const Array& b) { return compare(b, a, Less()); }
Array operator>=(const Array& a, const Array& b) { return compare(b, a, LessEqual()); }
Array operator==(const Array& a, Scalar b) { return compare(a, number(a, b), Equal()); }
Array operator!=(const Array& a, Scalar b) { return compare(a, number(a, b), Unequal()); }
Array operator<(const Array& a, Scalar b) { return compare(a, number(a, b), Less()); }
Array operator<=(const Array& a, Scalar b) { return compare(a, number(a, b), LessEqual()); }
Array operator>(const Array& a, Scalar b) { return compare(number(a, b), a, Less()); }
Array operator>=(const Array& a, Scalar b) { return compare(number(a, b), a, LessEqual()); }
Array operator==(Scalar a, const Array& b) { return b == a; }
Array operator!=(Scalar a, const Array& b) { return b != a; }
Array operator<(Scalar a, const Array& b) { return b > a; }
Array operator<=(Scalar a, const Array& b) { return b >= a; }
Array operator>(Scalar a, const Array& b) { return b < a; }
Array operator>=(Scalar a, const Array& b) { return b <= a; }

bool array_equal(const Array& a, const Array& b) {
  if (a.shape() != b.shape()) return false;
  const Array same = a == b;
  return std::all_of(elements<bool>(same), elements<bool>(same) + same.size(), [](bool x) { return x; });
}

bool allclose(const Array& a, const Array& b, double rtol, double atol) {
  const Array x = a.astype(DType::float64), y = b.astype(DType::float64);
  Array close(broadcast(a.shape(), b.shape(), "allclose"), DType::bool_);
  const internal::Walk walk(a.shape(), b.shape(), close.shape());
  internal::combine(walk, elements<double>(x), elements<double>(y), elements<bool>(close), close.size(),
                    [=](double p, double q) {
                      return p == q || (std::isfinite(q) && std::fabs(p - q) <= atol + rtol * std::fabs(q));
                    });
  return std::all_of(elements<bool>(close), elements<bool>(close) + close.size(), [](bool x) { return x; });
}

}  // namespace cornu::graph

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "cornu/graph/array/array_type.h"
#include "cornu/graph/array/internal/elementwise.h"

namespace cornu::graph {
namespace internal {

Walk::Walk(const Shape& x, const Shape& y, const Shape& out) {
  std::int64_t x_stride = 1, y_stride = 1;
  for (int i = 1; i <= out.rank(); ++i) {  // from the last axis to the first
    const std::int64_t n = out[out.rank() - i];
    const std::int64_t nx = i <= x.rank() ? x[x.rank() - i] : 1, ny = i <= y.rank() ? y[y.rank() - i] : 1;
    const std::int64_t sx = nx == 1 ? 0 : x_stride, sy = ny == 1 ? 0 : y_stride;
    x_stride *= nx;
    y_stride *= ny;
    if (n == 1) continue;
    if (rank && sx == x_step[rank - 1] * dims[rank - 1] && sy == y_step[rank - 1] * dims[rank - 1]) {
      dims[rank - 1] *= n;
      continue;
    }
    dims[rank] = n;
    x_step[rank] = sx;
    y_step[rank] = sy;
    ++rank;
  }
  std::reverse(dims.begin(), dims.begin() + rank);
  std::reverse(x_step.begin(), x_step.begin() + rank);
  std::reverse(y_step.begin(), y_step.begin() + rank);
}

}  // namespace internal

namespace {

using internal::elements;

// Integers wrap around as in NumPy: overflow of a signed type would be undefined.
template <class T, class F>
T wrapping(T a, T b, F f) {
  if constexpr (std::is_same_v<T, BFloat16>)
    return BFloat16(f(static_cast<float>(a), static_cast<float>(b)));
  else if constexpr (std::is_floating_point_v<T>)
    return f(a, b);
  else
    return static_cast<T>(f(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)));
}

struct Add {
  static constexpr const char* kName = "add";
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_same_v<T, bool>)
      return a || b;
    else
      return wrapping(a, b, [](auto p, auto q) { return p + q; });
  }
};
struct Subtract {
  static constexpr const char* kName = "subtract";
  template <class T>
  T operator()(T a, T b) const {
    return wrapping(a, b, [](auto p, auto q) { return p - q; });
  }
};
struct Multiply {
  static constexpr const char* kName = "multiply";
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_same_v<T, bool>)
      return a && b;
    else
      return wrapping(a, b, [](auto p, auto q) { return p * q; });
  }
};
struct Divide {
  static constexpr const char* kName = "divide";
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>)
      return a;  // never asked for: integers are divided as float64
    else
      return wrapping(a, b, [](auto p, auto q) { return p / q; });
  }
};

template <class F>
DType result_dtype(DType dtype) {
  if constexpr (std::is_same_v<F, Subtract>)
    require<TypeError>(dtype != DType::bool_, "subtract: bool arrays cannot be subtracted; convert them with astype()");
  if constexpr (std::is_same_v<F, Divide>) return is_floating(dtype) ? dtype : DType::float64;
  return dtype;
}

void convert_in_place(Array& a, DType dtype) {
  if (a.dtype() != dtype) a = a.astype(dtype);
}

template <class F>
void fill(const Array& a, const Array& b, Array& out, F f) {
  const internal::Walk walk(a.shape(), b.shape(), out.shape());
  visit(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    internal::combine(walk, elements<T>(a), elements<T>(b), elements<T>(out), out.size(), f);
  });
}

template <class F>
Array apply(Array a, Array b, F f) {
  const Shape shape = broadcast(a.shape(), b.shape(), F::kName);
  const DType dtype = result_dtype<F>(promote(a.dtype(), b.dtype()));
  convert_in_place(a, dtype);
  convert_in_place(b, dtype);
  Array out = a.shape() == shape && a.unique() ? a : b.shape() == shape && b.unique() ? b : Array(shape, dtype);
  fill(a, b, out, f);
  return out;
}

// What NumPy does with a number that is no array: its dtype bends to the array's, its value must fit.
template <class F>
Array number(const Array& beside, Scalar s) {
  DType dtype = internal::promote_weak(beside.dtype(), s.kind);
  if (std::is_same_v<F, Divide>) dtype = result_dtype<F>(dtype);
  require<ValueError>(internal::fits(s, dtype), F::kName, ": the number ", s.integer, " is out of bounds for ", dtype);
  return internal::number_array(s, dtype);
}

template <class F>
Array apply(Array a, Scalar s, F f) {
  Array b = number<F>(a, s);
  convert_in_place(a, b.dtype());
  return apply(std::move(a), std::move(b), f);
}

template <class F>
Array apply(Scalar s, Array b, F f) {
  Array a = number<F>(b, s);
  convert_in_place(b, a.dtype());
  return apply(std::move(a), std::move(b), f);
}

// NumPy's "same kind": a result may lose digits on its way into the array, but not become another kind of number.
int kind_of(DType dtype) { return is_floating(dtype) ? 3 : dtype == DType::bool_ ? 0 : dtype == DType::uint8 ? 1 : 2; }

template <class F>
void apply_in_place(Array& a, Array b, F f) {
  const DType dtype = result_dtype<F>(promote(a.dtype(), b.dtype()));
  require<TypeError>(kind_of(dtype) <= kind_of(a.dtype()), F::kName, ": a result of ", dtype,
                     " cannot be stored in an array of ", a.dtype());
  const Shape shape = broadcast(a.shape(), b.shape(), F::kName);
  require<ShapeError>(shape == a.shape(), F::kName, ": a result of shape ", shape,
                      " cannot be stored in an array of shape ", a.shape());
  convert_in_place(b, dtype);
  const bool overlaps = a.bytes() < b.bytes() + b.nbytes() && b.bytes() < a.bytes() + a.nbytes();
  if (overlaps && !(b.bytes() == a.bytes() && b.shape() == shape)) b = b.copy();
  if (a.dtype() == dtype) return fill(a, b, a, f);
  const Array out = apply(a.astype(dtype), std::move(b), f).astype(a.dtype());
  if (a.nbytes()) std::memcpy(a.bytes(), out.bytes(), a.nbytes());
}

}  // namespace

Array operator+(Array a, Array b) { return apply(std::move(a), std::move(b), Add()); }
Array operator-(Array a, Array b) { return apply(std::move(a), std::move(b), Subtract()); }
Array operator*(Array a, Array b) { return apply(std::move(a), std::move(b), Multiply()); }
Array operator/(Array a, Array b) { return apply(std::move(a), std::move(b), Divide()); }
Array operator+(Array a, Scalar b) { return apply(std::move(a), b, Add()); }
Array operator-(Array a, Scalar b) { return apply(std::move(a), b, Subtract()); }
Array operator*(Array a, Scalar b) { return apply(std::move(a), b, Multiply()); }
Array operator/(Array a, Scalar b) { return apply(std::move(a), b, Divide()); }
Array operator+(Scalar a, Array b) { return apply(a, std::move(b), Add()); }
Array operator-(Scalar a, Array b) { return apply(a, std::move(b), Subtract()); }
Array operator*(Scalar a, Array b) { return apply(a, std::move(b), Multiply()); }
Array operator/(Scalar a, Array b) { return apply(a, std::move(b), Divide()); }

Array& Array::operator+=(const Array& b) & { return apply_in_place(*this, b, Add()), *this; }
Array& Array::operator-=(const Array& b) & { return apply_in_place(*this, b, Subtract()), *this; }
Array& Array::operator*=(const Array& b) & { return apply_in_place(*this, b, Multiply()), *this; }
Array& Array::operator/=(const Array& b) & { return apply_in_place(*this, b, Divide()), *this; }
Array& Array::operator+=(Scalar b) & { return apply_in_place(*this, number<Add>(*this, b), Add()), *this; }
Array& Array::operator-=(Scalar b) & { return apply_in_place(*this, number<Subtract>(*this, b), Subtract()), *this; }
Array& Array::operator*=(Scalar b) & { return apply_in_place(*this, number<Multiply>(*this, b), Multiply()), *this; }
Array& Array::operator/=(Scalar b) & { return apply_in_place(*this, number<Divide>(*this, b), Divide()), *this; }

Array operator-(Array a) {
  require<TypeError>(a.dtype() != DType::bool_, "negative: bool arrays cannot be negated; convert them with astype()");
  return internal::map(std::move(a), []<class T>(T x) { return Multiply()(x, T(-1)); });
}

}  // namespace cornu::graph

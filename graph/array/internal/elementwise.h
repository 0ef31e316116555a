#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "cornu/graph/array/array_view.h"
#include "cornu/graph/array/internal/convert.h"

namespace cornu::graph::internal {

/// How two row-major operands are walked to fill a row-major result: the result's axes with each operand's step in
/// elements (0 where it is repeated), axes of length 1 left out and neighbours merged where both operands go on evenly.
struct Walk {
  int rank = 0;
  std::array<std::int64_t, Shape::kMaxRank> dims{}, x_step{}, y_step{};
  Walk(const Shape& x, const Shape& y, const Shape& out);
};

/// z[i] = f(x[i], y[i]) with broadcasting. z may be x or y itself where that has the result's shape.
template <class T, class Out, class F>
void combine(const Walk& walk, const T* x, const T* y, Out* z, std::int64_t size, F f) {
  if (size == 0) return;
  const int inner = walk.rank - 1;
  const std::int64_t n = walk.rank ? walk.dims[inner] : 1;
  const bool x_runs = walk.rank && walk.x_step[inner], y_runs = walk.rank && walk.y_step[inner];
  std::array<std::int64_t, Shape::kMaxRank> index{};
  for (std::int64_t done = 0; done < size; done += n, z += n) {
    if (x_runs && y_runs) {
#pragma GCC ivdep
      for (std::int64_t i = 0; i < n; ++i) z[i] = f(x[i], y[i]);
    } else if (x_runs) {
      const T b = *y;
#pragma GCC ivdep
      for (std::int64_t i = 0; i < n; ++i) z[i] = f(x[i], b);
    } else {
      const T a = *x;
#pragma GCC ivdep
      for (std::int64_t i = 0; i < n; ++i) z[i] = f(a, y[i]);
    }
    for (int axis = inner - 1; axis >= 0; --axis) {
      x += walk.x_step[axis];
      y += walk.y_step[axis];
      if (++index[axis] < walk.dims[axis]) break;
      x -= walk.x_step[axis] * walk.dims[axis];
      y -= walk.y_step[axis] * walk.dims[axis];
      index[axis] = 0;
    }
  }
}

/// The dtype in which an array of `dtype` meets a number of that kind.
inline DType promote_weak(DType dtype, DType kind) {
  if (kind == DType::float64) return is_floating(dtype) ? dtype : DType::float64;
  return kind == DType::int64 && dtype == DType::bool_ ? DType::int64 : dtype;
}

/// True if the number can be an element of `dtype` (any can be a floating one).
inline bool fits(const Scalar& s, DType dtype) {
  if (dtype == DType::uint8) return s.integer >= 0 && s.integer <= 255;
  if (dtype == DType::int32) return s.integer == static_cast<std::int32_t>(s.integer);
  return true;
}

template <class T>
T element(const Scalar& s) {
  return s.kind == DType::float64 ? convert<T>(s.value) : convert<T>(s.integer);
}

/// A scalar array of that number.
inline Array number_array(const Scalar& s, DType dtype) {
  Array out(Shape{}, dtype);
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    *reinterpret_cast<T*>(out.bytes()) = element<T>(s);
  });
  return out;
}

template <class T>
const T* elements(const Array& a) {
  return reinterpret_cast<const T*>(a.bytes());
}
template <class T>
T* elements(Array& a) {
  return reinterpret_cast<T*>(a.bytes());
}

/// f of each element, in the same dtype; in place if nobody else holds the array.
template <class F>
Array map(Array a, F f) {
  Array out = a.unique() ? std::move(a) : a.copy();
  visit(out.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* x = elements<T>(out);
    for (std::int64_t i = 0, n = out.size(); i < n; ++i) x[i] = f(x[i]);
  });
  return out;
}

}  // namespace cornu::graph::internal

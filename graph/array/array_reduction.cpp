#include <cmath>

#include "cornu/graph/array/array.h"
#include "cornu/graph/array/internal/elementwise.h"

namespace cornu::graph {
namespace {

using internal::elements;

// An array seen as (outer, length, inner) around the axis that is reduced.
struct Fold {
  std::int64_t outer = 1, length = 1, inner = 1;
  Shape rest;
  explicit Fold(const Array& a) : length(a.size()) {}
  Fold(const Array& a, int axis) {
    axis = a.shape().normalize(axis);
    for (int i = 0; i < axis; ++i) outer *= a.shape()[i];
    for (int i = axis + 1; i < a.ndim(); ++i) inner *= a.shape()[i];
    length = a.shape()[axis];
    rest = a.shape().erase(axis);
  }
};

// Pairwise, so that the error grows with log n; 8 partial sums let the compiler use vectors without reordering freely.
double pairwise(const double* x, std::int64_t n) {
  if (n > 128) {
    const std::int64_t half = n / 2 / 8 * 8;
    return pairwise(x, half) + pairwise(x + half, n - half);
  }
  double part[8] = {}, rest = 0;
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; ++k) part[k] += x[i + k];
  for (; i < n; ++i) rest += x[i];
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7])) + rest;
}

// Narrow floating elements are added up in double, float64 pairwise; integers and bools in int64.
template <class T>
auto sum_run(const T* x, std::int64_t n, std::int64_t step) {
  if constexpr (std::is_integral_v<T>) {
    std::uint64_t total = 0;
    for (std::int64_t i = 0; i < n; ++i) total += static_cast<std::uint64_t>(x[i * step]);
    return static_cast<std::int64_t>(total);
  } else if constexpr (std::is_same_v<T, double>) {
    if (step == 1) return pairwise(x, n);
    std::vector<double> line(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) line[static_cast<std::size_t>(i)] = x[i * step];
    return pairwise(line.data(), n);
  } else {
    double part[4] = {};
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4)
      for (int k = 0; k < 4; ++k) part[k] += static_cast<double>(static_cast<float>(x[(i + k) * step]));
    for (; i < n; ++i) part[0] += static_cast<double>(static_cast<float>(x[i * step]));
    return (part[0] + part[1]) + (part[2] + part[3]);
  }
}

// Calls f(first element, where the result goes) for every run along the axis.
template <class F>
void each_run(const Fold& fold, F f) {
  for (std::int64_t o = 0; o < fold.outer; ++o)
    for (std::int64_t i = 0; i < fold.inner; ++i) f(o * fold.length * fold.inner + i, o * fold.inner + i);
}

DType sum_dtype(DType dtype) { return is_floating(dtype) ? dtype : DType::int64; }

Array sum(const Array& a, const Fold& fold) {
  Array out(fold.rest, sum_dtype(a.dtype()));
  visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using Out = std::conditional_t<std::is_integral_v<T>, std::int64_t, T>;
    each_run(fold, [&](std::int64_t from, std::int64_t to) {
      elements<Out>(out)[to] = internal::convert<Out>(sum_run(elements<T>(a) + from, fold.length, fold.inner));
    });
  });
  return out;
}

Array mean(const Array& a, const Fold& fold) {
  Array out(fold.rest, is_floating(a.dtype()) ? a.dtype() : DType::float64);
  visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using Out = std::conditional_t<std::is_integral_v<T>, double, T>;
    each_run(fold, [&](std::int64_t from, std::int64_t to) {
      const auto total = sum_run(elements<T>(a) + from, fold.length, fold.inner);
      elements<Out>(out)[to] = internal::convert<Out>(static_cast<double>(total) / static_cast<double>(fold.length));
    });
  });
  return out;
}

// Where the element is before which no other `goes`; the first NaN goes before all.
template <class T, class Before>
std::int64_t extreme(const T* x, std::int64_t n, std::int64_t step, Before before) {
  std::int64_t best = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    if (x[i * step] != x[i * step]) return i;
    if (before(x[i * step], x[best * step])) best = i;
  }
  return best;
}

template <class Before>
Array extremes(const Array& a, const Fold& fold, const char* name, bool positions, Before before) {
  require<ValueError>(fold.length > 0, name, " of an empty array (shape ", a.shape(), ")");
  Array out(fold.rest, positions ? DType::int64 : a.dtype());
  visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    each_run(fold, [&](std::int64_t from, std::int64_t to) {
      const T* x = elements<T>(a) + from;
      const std::int64_t best = extreme(x, fold.length, fold.inner, before);
      if (positions)
        elements<std::int64_t>(out)[to] = best;
      else
        elements<T>(out)[to] = x[best * fold.inner];
    });
  });
  return out;
}

constexpr auto kLarger = [](auto a, auto b) { return a > b; };
constexpr auto kSmaller = [](auto a, auto b) { return a < b; };

}  // namespace

Array sum(const Array& a) { return sum(a, Fold(a)); }
Array sum(const Array& a, int axis) { return sum(a, Fold(a, axis)); }
Array mean(const Array& a) { return mean(a, Fold(a)); }
Array mean(const Array& a, int axis) { return mean(a, Fold(a, axis)); }
Array max(const Array& a) { return extremes(a, Fold(a), "max", false, kLarger); }
Array max(const Array& a, int axis) { return extremes(a, Fold(a, axis), "max", false, kLarger); }
Array min(const Array& a) { return extremes(a, Fold(a), "min", false, kSmaller); }
Array min(const Array& a, int axis) { return extremes(a, Fold(a, axis), "min", false, kSmaller); }
Array argmax(const Array& a) { return extremes(a, Fold(a), "argmax", true, kLarger); }
Array argmax(const Array& a, int axis) { return extremes(a, Fold(a, axis), "argmax", true, kLarger); }
Array argmin(const Array& a) { return extremes(a, Fold(a), "argmin", true, kSmaller); }
Array argmin(const Array& a, int axis) { return extremes(a, Fold(a, axis), "argmin", true, kSmaller); }

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

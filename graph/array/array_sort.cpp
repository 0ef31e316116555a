#include "cornu/graph/array/array_sort.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "cornu/graph/array/internal/elementwise.h"
#include "cornu/graph/array/internal/runs.h"

namespace cornu::graph {
namespace {

using internal::elements;

// NaN is behind all numbers.
constexpr auto kBefore = [](auto a, auto b) { return a < b || (b != b && a == a); };

// Calls f(line, first, step) for each line of elements along the axis, which is a copy if they do not lie side by side.
template <class T, class F>
void each_line(const Array& a, int axis, F f) {
  const internal::Runs runs(a.shape(), axis);
  std::vector<T> line(static_cast<std::size_t>(runs.length));
  for (std::int64_t o = 0; o < runs.outer; ++o)
    for (std::int64_t i = 0; i < runs.inner; ++i) {
      const std::int64_t first = o * runs.length * runs.inner + i;
      for (std::int64_t k = 0; k < runs.length; ++k)
        line[static_cast<std::size_t>(k)] = elements<T>(a)[first + k * runs.inner];
      f(line, first, runs.inner);
    }
}

}  // namespace

Array sort(const Array& a, int axis) {
  axis = a.shape().normalize(axis);
  Array out(a.spec());
  visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    each_line<T>(a, axis, [&](auto& line, std::int64_t first, std::int64_t step) {
      std::sort(line.begin(), line.end(), kBefore);
      for (const T x : line) elements<T>(out)[first] = x, first += step;
    });
  });
  return out;
}

Array argsort(const Array& a, int axis) {
  axis = a.shape().normalize(axis);
  Array out(a.shape(), DType::int64);
  std::vector<std::int64_t> order(static_cast<std::size_t>(a.shape()[axis]));
  visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    each_line<T>(a, axis, [&](const auto& line, std::int64_t first, std::int64_t step) {
      std::iota(order.begin(), order.end(), std::int64_t{0});
      std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t k) {
        return kBefore(line[static_cast<std::size_t>(i)], line[static_cast<std::size_t>(k)]);
      });
      for (const std::int64_t i : order) elements<std::int64_t>(out)[first] = i, first += step;
    });
  });
  return out;
}

Array unique(const Array& a) {
  const Array sorted = sort(a.flatten());
  std::int64_t count = 0;
  visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* first = reinterpret_cast<T*>(sorted.bytes());
    count = std::unique(first, first + sorted.size(), [](T p, T q) { return p == q || (p != p && q != q); }) - first;
  });
  return sorted.slice(0, count).copy();
}

}  // namespace cornu::graph

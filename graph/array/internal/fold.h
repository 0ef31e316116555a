#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "cornu/graph/array/array_reduction.h"
#include "cornu/graph/array/internal/elementwise.h"
#include "cornu/graph/array/internal/runs.h"

namespace cornu::graph::internal {

/// An array seen as (outer, length, inner) around the axis that is reduced.
struct Fold {
  std::int64_t outer = 1, length = 1, inner = 1;
  Shape rest;
  explicit Fold(const Array& a) : length(a.size()) {}
  Fold(const Array& a, int axis, KeepDims keep) {
    axis = a.shape().normalize(axis);
    const Runs runs(a.shape(), axis);
    outer = runs.outer, length = runs.length, inner = runs.inner;
    rest = keep == KeepDims::yes ? a.shape().with(axis, 1) : a.shape().erase(axis);
  }
};

/// Several axes become the last one, so that it can be reduced.
template <class F>
Array reduce(const Array& a, const std::vector<int>& axes, KeepDims keep, F f) {
  std::array<bool, Shape::kMaxRank> reduced{};
  for (int axis : axes) {
    bool& seen = reduced[static_cast<std::size_t>(a.shape().normalize(axis))];
    require<ShapeError>(!seen, "axis ", axis, " is named twice for shape ", a.shape());
    seen = true;
  }
  std::vector<int> order, last;
  Shape outer, rest;
  std::int64_t length = 1;
  for (int i = 0; i < a.ndim(); ++i) {
    if (reduced[static_cast<std::size_t>(i)]) {
      last.push_back(i);
      length *= a.shape()[i];
      if (keep == KeepDims::yes) rest = rest.append(1);
    } else {
      order.push_back(i);
      outer = outer.append(a.shape()[i]);
      rest = rest.append(a.shape()[i]);
    }
  }
  order.insert(order.end(), last.begin(), last.end());
  const Array moved = std::is_sorted(order.begin(), order.end()) ? a : a.transpose(order);
  const Array folded = moved.reshape(Shape{outer.elements(), length});
  return f(folded, Fold(folded, 1, KeepDims::no)).reshape(rest);
}

/// Calls f(first element, where the result goes) for every run along the axis.
template <class F>
void each_run(const Fold& fold, F f) {
  for (std::int64_t o = 0; o < fold.outer; ++o)
    for (std::int64_t i = 0; i < fold.inner; ++i) f(o * fold.length * fold.inner + i, o * fold.inner + i);
}

/// Integers and bools are summed in int64, and their means are float64.
template <class T>
using SumOf = std::conditional_t<std::is_integral_v<T>, std::int64_t, T>;
template <class T>
using MeanOf = std::conditional_t<std::is_integral_v<T>, double, T>;

/// One result for each run, which f computes from its first element: f(x, n, step). It is stored as Out<type of x>.
template <template <class> class Out, class F>
Array reduce_runs(const Array& a, const Fold& fold, F f) {
  return visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    Array out(fold.rest, dtype_of<Out<T>>);
    each_run(fold, [&](std::int64_t from, std::int64_t to) {
      elements<Out<T>>(out)[to] = convert<Out<T>>(f(elements<T>(a) + from, fold.length, fold.inner));
    });
    return out;
  });
}

}  // namespace cornu::graph::internal

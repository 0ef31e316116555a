#include "cornu/graph/array/array_reduction.h"
#include "cornu/graph/array/internal/fold.h"

namespace cornu::graph {
namespace {

using namespace internal;

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

template <bool kPositions>
constexpr auto kLargest = [](const Array& a, const Fold& fold) {
  return extremes(a, fold, kPositions ? "argmax" : "max", kPositions, [](auto p, auto q) { return p > q; });
};
template <bool kPositions>
constexpr auto kSmallest = [](const Array& a, const Fold& fold) {
  return extremes(a, fold, kPositions ? "argmin" : "min", kPositions, [](auto p, auto q) { return p < q; });
};

}  // namespace

Array max(const Array& a) { return kLargest<false>(a, Fold(a)); }
Array max(const Array& a, int axis, KeepDims keep) { return kLargest<false>(a, Fold(a, axis, keep)); }
Array max(const Array& a, const std::vector<int>& axes, KeepDims keep) {
  return reduce(a, axes, keep, kLargest<false>);
}
Array min(const Array& a) { return kSmallest<false>(a, Fold(a)); }
Array min(const Array& a, int axis, KeepDims keep) { return kSmallest<false>(a, Fold(a, axis, keep)); }
Array min(const Array& a, const std::vector<int>& axes, KeepDims keep) {
  return reduce(a, axes, keep, kSmallest<false>);
}
Array argmax(const Array& a) { return kLargest<true>(a, Fold(a)); }
Array argmax(const Array& a, int axis, KeepDims keep) { return kLargest<true>(a, Fold(a, axis, keep)); }
Array argmin(const Array& a) { return kSmallest<true>(a, Fold(a)); }
Array argmin(const Array& a, int axis, KeepDims keep) { return kSmallest<true>(a, Fold(a, axis, keep)); }
}  // namespace cornu::graph

#include "cornu/graph/array/array_reduction.h"

#include "cornu/graph/array/internal/fold.h"
#include "cornu/graph/array/internal/sum.h"

namespace cornu::graph {
namespace {

using namespace internal;

constexpr auto kSum = [](const Array& a, const Fold& fold) {
  return reduce_runs<SumOf>(a, fold,
                            [](const auto* x, std::int64_t n, std::int64_t step) { return sum_run(x, n, step); });
};
constexpr auto kMean = [](const Array& a, const Fold& fold) {
  return reduce_runs<MeanOf>(a, fold, [](const auto* x, std::int64_t n, std::int64_t step) {
    return static_cast<double>(sum_run(x, n, step)) / static_cast<double>(n);
  });
};
constexpr auto kProd = [](const Array& a, const Fold& fold) {
  return reduce_runs<SumOf>(a, fold, []<class T>(const T* x, std::int64_t n, std::int64_t step) {
    std::conditional_t<std::is_integral_v<T>, std::uint64_t, double> product = 1;
    for (std::int64_t i = 0; i < n; ++i) product *= static_cast<decltype(product)>(x[i * step]);
    if constexpr (std::is_integral_v<T>)
      return static_cast<std::int64_t>(product);
    else
      return product;
  });
};
template <class>
using BoolOf = bool;
// Searched until an element is found that is 0, or that is not.
template <bool kZero>
constexpr auto kFind = [](const Array& a, const Fold& fold) {
  return reduce_runs<BoolOf>(a, fold, []<class T>(const T* x, std::int64_t n, std::int64_t step) {
    for (std::int64_t i = 0; i < n; ++i)
      if ((x[i * step] == T(0)) == kZero) return !kZero;
    return kZero;
  });
};
constexpr auto kAny = kFind<false>;
constexpr auto kAll = kFind<true>;

Array cumsum(const Array& a, const Fold& fold, const Shape& shape) {
  return visit(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using Out = SumOf<T>;
    Array out(shape, dtype_of<Out>);
    each_run(fold, [&](std::int64_t from, std::int64_t) {
      std::conditional_t<std::is_integral_v<T>, std::uint64_t, double> total = 0;
      for (std::int64_t i = 0; i < fold.length; ++i) {
        const std::int64_t at = from + i * fold.inner;
        total += static_cast<decltype(total)>(elements<T>(a)[at]);
        elements<Out>(out)[at] = convert<Out>(total);
      }
    });
    return out;
  });
}

}  // namespace

Array sum(const Array& a) { return kSum(a, Fold(a)); }
Array sum(const Array& a, int axis, KeepDims keep) { return kSum(a, Fold(a, axis, keep)); }
Array sum(const Array& a, const std::vector<int>& axes, KeepDims keep) { return reduce(a, axes, keep, kSum); }
Array prod(const Array& a) { return kProd(a, Fold(a)); }
Array prod(const Array& a, int axis, KeepDims keep) { return kProd(a, Fold(a, axis, keep)); }
Array prod(const Array& a, const std::vector<int>& axes, KeepDims keep) { return reduce(a, axes, keep, kProd); }
Array mean(const Array& a) { return kMean(a, Fold(a)); }
Array mean(const Array& a, int axis, KeepDims keep) { return kMean(a, Fold(a, axis, keep)); }
Array mean(const Array& a, const std::vector<int>& axes, KeepDims keep) { return reduce(a, axes, keep, kMean); }
Array any(const Array& a) { return kAny(a, Fold(a)); }
Array any(const Array& a, int axis, KeepDims keep) { return kAny(a, Fold(a, axis, keep)); }
Array any(const Array& a, const std::vector<int>& axes, KeepDims keep) { return reduce(a, axes, keep, kAny); }
Array all(const Array& a) { return kAll(a, Fold(a)); }
Array all(const Array& a, int axis, KeepDims keep) { return kAll(a, Fold(a, axis, keep)); }
Array all(const Array& a, const std::vector<int>& axes, KeepDims keep) { return reduce(a, axes, keep, kAll); }
Array cumsum(const Array& a) { return cumsum(a, Fold(a), Shape{a.size()}); }
Array cumsum(const Array& a, int axis) { return cumsum(a, Fold(a, axis, KeepDims::no), a.shape()); }

}  // namespace cornu::graph

#include <algorithm>
#include <cmath>

#include "cornu/graph/array/array_reduction.h"
#include "cornu/graph/array/internal/fold.h"
#include "cornu/graph/array/internal/sum.h"

namespace cornu::graph {
namespace {

using namespace internal;

// Squares of the differences are added up piece by piece, each piece pairwise: no copy of the run is needed.
template <class T>
double squares(const T* x, std::int64_t n, std::int64_t step, double mean) {
  constexpr std::int64_t kPiece = 1024;
  double square[kPiece], total = 0;
  for (std::int64_t first = 0; first < n; first += kPiece) {
    const std::int64_t count = std::min(kPiece, n - first);
    for (std::int64_t i = 0; i < count; ++i) {
      const double difference = static_cast<double>(x[(first + i) * step]) - mean;
      square[i] = difference * difference;
    }
    total += pairwise(square, count);
  }
  return total;
}

struct Variance {
  int ddof;
  bool root;
  Array operator()(const Array& a, const Fold& fold) const {
    return reduce_runs<MeanOf>(a, fold, [&](const auto* x, std::int64_t n, std::int64_t step) {
      const double mean = static_cast<double>(sum_run(x, n, step)) / static_cast<double>(n);
      const double divisor = static_cast<double>(std::max<std::int64_t>(n - ddof, 0));
      const double variance = squares(x, n, step, mean) / divisor;
      return root ? std::sqrt(variance) : variance;
    });
  }
};

}  // namespace

Array var(const Array& a, VarianceConfig config) { return Variance{config.ddof, false}(a, Fold(a)); }
Array var(const Array& a, int axis, VarianceConfig config) {
  return Variance{config.ddof, false}(a, Fold(a, axis, config.keep));
}
Array std(const Array& a, VarianceConfig config) { return Variance{config.ddof, true}(a, Fold(a)); }
Array std(const Array& a, int axis, VarianceConfig config) {
  return Variance{config.ddof, true}(a, Fold(a, axis, config.keep));
}

namespace operands {

Array var(const Array& a, const std::vector<int>& axes, VarianceConfig config) {
  return reduce(a, axes, config.keep, Variance{config.ddof, false});
}
Array std(const Array& a, const std::vector<int>& axes, VarianceConfig config) {
  return reduce(a, axes, config.keep, Variance{config.ddof, true});
}

}  // namespace operands
}  // namespace cornu::graph

#include "cornu/ops/internal/exp.h"

#include "cornu/ops/internal/clones.h"

namespace cornu::ops::internal {

CORNU_CLONES void exp(const float* x, float* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = exp(x[i]);
}

}  // namespace cornu::ops::internal

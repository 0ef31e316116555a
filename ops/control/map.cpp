#include "cornu/ops/control/map.h"

#include "cornu/ops/control/scan.h"

namespace cornu::ops {

Tensors map(const std::function<Tensors(const Tensors& x)>& f, const Tensors& xs) {
  return scan([&](const Tensors&, const Tensors& x) -> StepResult { return {{}, f(x)}; }, {}, xs).ys;
}

}  // namespace cornu::ops

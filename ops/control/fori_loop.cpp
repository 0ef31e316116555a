#include "cornu/ops/control/fori_loop.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/control/scan.h"

namespace cornu::ops {

Tensors fori_loop(std::int64_t lower, std::int64_t upper,
                  const std::function<Tensors(const Tensor& i, const Tensors& state)>& body_fun,
                  const Tensors& init_val) {
  const auto number = [](std::int64_t value) { return graph::constant(graph::Array::scalar(value)); };
  const auto step = [&](const Tensors& carry, const Tensors&) -> StepResult {
    Tensors next = body_fun(carry.back(), Tensors(carry.begin(), carry.end() - 1));
    next.push_back(carry.back() + number(1));
    return {std::move(next), {}};
  };
  Tensors init = init_val;
  init.push_back(number(lower));
  Tensors last = scan(step, init, {}, {.length = std::max<std::int64_t>(upper - lower, 0)}).carry;
  last.pop_back();
  return last;
}

}  // namespace cornu::ops

#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Numbers in [0, 1) by Philox 4x32-10 from a state (int64, shape (2,): key and counter): the same state gives the same
/// numbers for any number of threads. The caller moves the state on: `ctx.update(state, random_state_after(state))`. No
/// gradient.
Tensor random_uniform(const Tensor& state, const graph::Shape& shape);
Tensor random_normal(const Tensor& state, const graph::Shape& shape);
/// The state with its counter one further: what the next call should read.
Tensor random_state_after(const Tensor& state);

}  // namespace cornu::ops

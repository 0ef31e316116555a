#pragma once

#include <string>

#include "cornu/graph/tensor.h"
#include "cornu/ops/per_axis.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct PoolConfig {
  PerAxis strides = {};           ///< the windows' lengths, unless given
  std::string padding = "valid";  ///< "same": windows reach beyond the input, where nothing is
};

/// The largest number of each window, channel by channel: x (batch, …, channels) -> (batch, …, channels), for one to
/// three spatial axes. A NaN makes its windows NaN. The gradient goes to the first of equal numbers. Float32. Throws
/// ShapeError for other ranks and where no window fits; ValueError for lengths or strides below 1 and for another
/// padding. Keras: `ops.max_pool`.
///
///     Tensor y = ops::max_pool(images, 2);
Tensor max_pool(const Tensor& x, PerAxis pool_size, PoolConfig config = {});
/// The mean of each window's numbers, of those that lie in the input; else as max_pool. Keras: `ops.average_pool`.
Tensor average_pool(const Tensor& x, PerAxis pool_size, PoolConfig config = {});

}  // namespace cornu::ops

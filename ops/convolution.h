#pragma once

#include <string>

#include "cornu/graph/tensor.h"
#include "cornu/ops/per_axis.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct ConvConfig {
  PerAxis strides = 1;
  std::string padding = "valid";  ///< "same": zeros around the input, so that strides of 1 keep its lengths; "causal"
                                  ///< (one axis): zeros before it alone, so that a window ends where its output is
  PerAxis dilation_rate = 1;
};

/// Sums of products of windows with filters: x (batch, …, channels), kernel (…, channels / groups, filters) -> (batch,
/// …, filters), for one to three spatial axes. Where the kernel has fewer channels than x, x has groups of channels,
/// and the filters are shared out among them one group after the other. Float32. Throws ShapeError for other ranks,
/// channels or filters that groups do not divide, and where no window fits; ValueError for strides or dilations below 1
/// and for another padding. Keras: `ops.conv`.
///
///     Tensor y = ops::conv(images, kernel, {.strides = 2, .padding = "same"});
Tensor conv(const Tensor& x, const Tensor& kernel, ConvConfig config = {});

}  // namespace cornu::ops

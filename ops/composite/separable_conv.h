#pragma once

#include "cornu/ops/convolution.h"

namespace cornu::ops {

/// A convolution of each channel with filters of its own: x (batch, …, channels), kernel (…, channels, multiplier) ->
/// (batch, …, channels * multiplier), of which the first `multiplier` are the first channel's. Float32. Throws
/// ShapeError for another number of channels than the kernel's, else as `conv`. Keras: `ops.depthwise_conv`.
///
///     Tensor y = ops::depthwise_conv(images, kernel, {.padding = "same"});
Tensor depthwise_conv(const Tensor& x, const Tensor& kernel, ConvConfig config = {});

/// A depthwise convolution, then one that mixes its channels place by place: pointwise_kernel (1, …, channels *
/// multiplier, filters) -> (batch, …, filters). Throws ShapeError for another pointwise kernel, else as
/// `depthwise_conv`. Keras: `ops.separable_conv`.
Tensor separable_conv(const Tensor& x, const Tensor& depthwise_kernel, const Tensor& pointwise_kernel,
                      ConvConfig config = {});

}  // namespace cornu::ops

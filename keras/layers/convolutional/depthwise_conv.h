#pragma once

#include "cornu/keras/layers/convolutional/window_arguments.h"
#include "cornu/keras/layers/first_per_axis.h"
#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

/// Arguments of the depthwise convolutions over one and two axes.
template <int kAxes>
struct DepthwiseConvConfig {
  CORNU_WINDOW_ARGUMENTS;    ///< kernel_size, strides, padding
  int depth_multiplier = 1;  ///< the number of filters for each channel
  CORNU_DATA_FORMAT_AND_DILATION_ARGUMENTS;
  Arg<activations::Activation> activation = nullptr;
  CORNU_KERNEL_AND_BIAS_ARGUMENTS(depthwise);
  CORNU_LAYER_CONFIG(DepthwiseConvConfig);
};

/// `activation(windows of each channel times filters of its own + bias)`: (batch, …, channels) -> (batch, …, channels *
/// depth_multiplier). Weights: kernel (…, channels, depth_multiplier), bias (channels * depth_multiplier,). Throws
/// ValueError for numbers that are not positive, strides and dilations above 1 together, an unknown padding or
/// data_format; ShapeError for another rank, an unknown number of channels, and where no window fits. Keras:
/// `layers.DepthwiseConv1D`, `DepthwiseConv2D`.
///
///     DepthwiseConv2D(3), DepthwiseConv2D({3, 5}, {.depth_multiplier = 2}), DepthwiseConv2D({.kernel_size = 3})
inline constexpr FirstPerAxis<DepthwiseConvConfig<1>, &DepthwiseConvConfig<1>::kernel_size> DepthwiseConv1D;
inline constexpr FirstPerAxis<DepthwiseConvConfig<2>, &DepthwiseConvConfig<2>::kernel_size> DepthwiseConv2D;

}  // namespace cornu::keras::layers

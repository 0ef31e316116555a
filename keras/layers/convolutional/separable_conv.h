#pragma once

#include "cornu/keras/layers/convolutional/window_arguments.h"
#include "cornu/keras/layers/convolutional/with_filters.h"

namespace cornu::keras::layers {

/// Arguments of the separable convolutions over one and two axes.
template <int kAxes>
struct SeparableConvConfig {
  int filters = 0;         ///< the number of output channels; required
  CORNU_WINDOW_ARGUMENTS;  ///< kernel_size, strides, padding, of SeparableConv1D also "causal", as in Keras 2
  CORNU_DATA_FORMAT_AND_DILATION_ARGUMENTS;
  int depth_multiplier = 1;  ///< the number of depthwise filters for each channel
  Arg<activations::Activation> activation = nullptr;
  bool use_bias = true;
  Arg<initializers::Initializer> depthwise_initializer = "glorot_uniform";
  Arg<initializers::Initializer> pointwise_initializer = "glorot_uniform";
  Arg<initializers::Initializer> bias_initializer = "zeros";
  Arg<regularizers::Regularizer> depthwise_regularizer = nullptr;
  Arg<regularizers::Regularizer> pointwise_regularizer = nullptr;
  Arg<regularizers::Regularizer> bias_regularizer = nullptr;
  Arg<regularizers::Regularizer> activity_regularizer = nullptr;
  Arg<constraints::Constraint> depthwise_constraint = nullptr;
  Arg<constraints::Constraint> pointwise_constraint = nullptr;
  Arg<constraints::Constraint> bias_constraint = nullptr;
  CORNU_LAYER_CONFIG(SeparableConvConfig);
};

/// A depthwise convolution, then one that mixes the channels place by place, a bias and the activation: (batch, …,
/// channels) -> (batch, …, filters). Weights: depthwise_kernel (…, channels, depth_multiplier), pointwise_kernel (1, …,
/// channels * depth_multiplier, filters), bias (filters,). Throws as DepthwiseConv2D. Keras: `layers.SeparableConv1D`,
/// `SeparableConv2D`.
///
///     SeparableConv2D(32, 3, {.padding = "same", .depth_multiplier = 2})
using SeparableConv1D = WithFilters<"SeparableConv1D", SeparableConvConfig<1>>;
using SeparableConv2D = WithFilters<"SeparableConv2D", SeparableConvConfig<2>>;

}  // namespace cornu::keras::layers

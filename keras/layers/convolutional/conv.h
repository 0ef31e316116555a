#pragma once

#include "cornu/keras/layers/convolutional/window_arguments.h"
#include "cornu/keras/layers/convolutional/with_filters.h"
#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

/// Arguments of the convolutions over one, two and three axes.
template <int kAxes>
struct ConvConfig {
  int filters = 0;         ///< the number of output channels; required
  CORNU_WINDOW_ARGUMENTS;  ///< kernel_size, strides, padding, of Conv1D also "causal"
  CORNU_DATA_FORMAT_AND_DILATION_ARGUMENTS;
  int groups = 1;  ///< of channels, each with filters of its own
  Arg<activations::Activation> activation = nullptr;
  CORNU_KERNEL_AND_BIAS_ARGUMENTS(kernel);
  CORNU_LAYER_CONFIG(ConvConfig);
};

/// `activation(windows of x times kernel + bias)`: (batch, …, channels) -> (batch, …, filters). Weights: kernel (…,
/// channels / groups, filters), bias (filters,). Throws ValueError for numbers that are not positive, groups that do
/// not divide filters, strides and dilations above 1 together, an unknown padding or data_format; ShapeError for
/// another rank, an unknown number of channels or one that groups do not divide, and where no window fits. Keras:
/// `layers.Conv1D`, `Conv2D`, `Conv3D`.
///
///     Conv2D(32, 3, {.activation = "relu"}), Conv2D(32, {3, 5}), Conv2D({.filters = 32, .kernel_size = 3})
using Conv1D = WithFilters<"Conv1D", ConvConfig<1>>;
using Conv2D = WithFilters<"Conv2D", ConvConfig<2>>;
using Conv3D = WithFilters<"Conv3D", ConvConfig<3>>;

}  // namespace cornu::keras::layers

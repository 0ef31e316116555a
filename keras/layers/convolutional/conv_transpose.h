#pragma once

#include "cornu/keras/layers/convolutional/window_arguments.h"
#include "cornu/keras/layers/convolutional/with_filters.h"
#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

/// Arguments of the transposed convolutions over one, two and three axes.
template <int kAxes>
struct ConvTransposeConfig {
  int filters = 0;              ///< the number of output channels; required
  CORNU_WINDOW_ARGUMENTS;       ///< kernel_size, strides, padding; "same": strides times the input's lengths
  PerAxis output_padding = {};  ///< added behind the shortest output, less than strides; empty: found by itself
  CORNU_DATA_FORMAT_AND_DILATION_ARGUMENTS;
  Arg<activations::Activation> activation = nullptr;
  CORNU_KERNEL_AND_BIAS_ARGUMENTS(kernel);
  CORNU_LAYER_CONFIG(ConvTransposeConfig);
};

/// `activation(transposed convolution of x + bias)`: (batch, …, channels) -> (batch, …, filters), with lengths as
/// `ops::conv_transpose` says. Weights: kernel (…, filters, channels), bias (filters,). Throws ValueError for numbers
/// that are not positive, an output_padding that is not below the strides, strides and dilations above 1 together, an
/// unknown padding or data_format; ShapeError for another rank and an unknown number of channels. Keras:
/// `layers.Conv1DTranspose`, `Conv2DTranspose`, `Conv3DTranspose`.
///
///     Conv2DTranspose(16, 3, {.strides = 2, .padding = "same"})   // twice as high and wide
using Conv1DTranspose = WithFilters<"Conv1DTranspose", ConvTransposeConfig<1>>;
using Conv2DTranspose = WithFilters<"Conv2DTranspose", ConvTransposeConfig<2>>;
using Conv3DTranspose = WithFilters<"Conv3DTranspose", ConvTransposeConfig<3>>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/weight_arguments.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

using ops::PerAxis;

/// Arguments of the convolutions over one, two and three axes.
template <int kAxes>
struct ConvConfig {
  int filters = 0;           ///< the number of output channels; required
  PerAxis kernel_size = {};  ///< required
  PerAxis strides = 1;
  std::string padding = "valid";              ///< or "same"; Conv1D: or "causal"
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  PerAxis dilation_rate = 1;
  int groups = 1;  ///< of channels, each with filters of its own
  Arg<activations::Activation> activation = nullptr;
  CORNU_KERNEL_AND_BIAS_ARGUMENTS(kernel);
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v);
  Made<Layer, ConvConfig> make() const;
};

/// `activation(windows of x times kernel + bias)`: (batch, …, channels) -> (batch, …, filters). Weights: kernel (…,
/// channels / groups, filters), bias (filters,). Throws ValueError for numbers that are not positive, groups that do
/// not divide filters, strides and dilations above 1 together, an unknown padding or data_format; ShapeError for
/// another rank, an unknown number of channels or one that groups do not divide, and where no window fits. Keras:
/// `layers.Conv1D`, `Conv2D`, `Conv3D`.
///
///     Conv2D(32, 3, {.activation = "relu"}), Conv2D(32, {3, 5}), Conv2D({.filters = 32, .kernel_size = 3})
template <int kAxes>
class Conv : public Handle<Configured<Layer, ConvConfig<kAxes>>, ConvConfig<kAxes>> {
 public:
  using Handle<Configured<Layer, ConvConfig<kAxes>>, ConvConfig<kAxes>>::Handle;
  /// Throws ValueError if the config has other numbers.
  explicit Conv(int filters, PerAxis kernel_size, ConvConfig<kAxes> config = {});
};

using Conv1D = Conv<1>;
using Conv2D = Conv<2>;
using Conv3D = Conv<3>;

}  // namespace cornu::keras::layers

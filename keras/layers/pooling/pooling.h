#pragma once

#include "cornu/keras/layers/first_per_axis.h"
#include "cornu/keras/literal.h"

namespace cornu::keras::layers {

/// Arguments of the poolings over one, two and three axes; kName is "MaxPooling" or "AveragePooling".
template <Literal kName, int kAxes>
struct PoolingConfig {
  PerAxis pool_size = 2;
  PerAxis strides = {};                       ///< pool_size, unless given
  std::string padding = "valid";              ///< or "same": windows reach beyond the input, where nothing is
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  CORNU_LAYER_CONFIG(PoolingConfig);
};

template <class Config>
using Pooling = FirstPerAxis<Config, &Config::pool_size>;

/// The largest number of each window, channel by channel: (batch, …, channels) -> (batch, …, channels). Throws
/// ValueError for numbers that are not positive, an unknown padding or data_format, ShapeError for another rank and
/// where no window fits. Keras: `layers.MaxPooling1D`, `MaxPooling2D`, `MaxPooling3D`.
inline constexpr Pooling<PoolingConfig<"MaxPooling", 1>> MaxPooling1D;
inline constexpr Pooling<PoolingConfig<"MaxPooling", 2>> MaxPooling2D;
inline constexpr Pooling<PoolingConfig<"MaxPooling", 3>> MaxPooling3D;
/// The mean of each window's numbers that lie in the input; else as MaxPooling. Keras: `layers.AveragePooling1D`,
/// `AveragePooling2D`, `AveragePooling3D`.
inline constexpr Pooling<PoolingConfig<"AveragePooling", 1>> AveragePooling1D;
inline constexpr Pooling<PoolingConfig<"AveragePooling", 2>> AveragePooling2D;
inline constexpr Pooling<PoolingConfig<"AveragePooling", 3>> AveragePooling3D;

}  // namespace cornu::keras::layers

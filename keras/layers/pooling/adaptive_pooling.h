#pragma once

#include "cornu/keras/layers/first_per_axis.h"
#include "cornu/keras/literal.h"

namespace cornu::keras::layers {

/// Arguments of the poolings to a given size; kName is "AdaptiveMaxPooling" or "AdaptiveAveragePooling".
template <Literal kName, int kAxes>
struct AdaptivePoolingConfig {
  PerAxis output_size = {};                   ///< required
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  CORNU_LAYER_CONFIG(AdaptivePoolingConfig);
};

template <class Config>
using AdaptivePooling = FirstPerAxis<Config, &Config::output_size>;

/// The largest number of each of `output_size` windows along each axis, whatever its length, channel by channel:
/// (batch, …, channels) -> (batch, output_size…, channels). Window i of m over n numbers reaches from floor(i n / m) to
/// ceil((i + 1) n / m): neighbours overlap where m does not divide n. Throws ValueError for sizes that are missing or
/// not positive and for an unknown data_format, ShapeError for another rank and for axes of length 0. Keras:
/// `layers.AdaptiveMaxPooling1D`, `AdaptiveMaxPooling2D`, `AdaptiveMaxPooling3D`.
///
///     AdaptiveMaxPooling2D(7), AdaptiveMaxPooling2D({4, 2}), AdaptiveMaxPooling2D({.output_size = 7})
inline constexpr AdaptivePooling<AdaptivePoolingConfig<"AdaptiveMaxPooling", 1>> AdaptiveMaxPooling1D;
inline constexpr AdaptivePooling<AdaptivePoolingConfig<"AdaptiveMaxPooling", 2>> AdaptiveMaxPooling2D;
inline constexpr AdaptivePooling<AdaptivePoolingConfig<"AdaptiveMaxPooling", 3>> AdaptiveMaxPooling3D;
/// The mean of each window; else as AdaptiveMaxPooling. Keras: `layers.AdaptiveAveragePooling1D`,
/// `AdaptiveAveragePooling2D`, `AdaptiveAveragePooling3D`.
inline constexpr AdaptivePooling<AdaptivePoolingConfig<"AdaptiveAveragePooling", 1>> AdaptiveAveragePooling1D;
inline constexpr AdaptivePooling<AdaptivePoolingConfig<"AdaptiveAveragePooling", 2>> AdaptiveAveragePooling2D;
inline constexpr AdaptivePooling<AdaptivePoolingConfig<"AdaptiveAveragePooling", 3>> AdaptiveAveragePooling3D;

}  // namespace cornu::keras::layers

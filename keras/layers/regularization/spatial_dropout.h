#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct SpatialDropout1DConfig {
  double rate = 0;  ///< the share of channels that become 0; required in Keras
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(SpatialDropout1DConfig);
  using positional = Positions<&SpatialDropout1DConfig::rate>;
};

/// Of pictures and of volumes: inputs of two axes more than this number.
template <int kSpatialAxes>
struct SpatialDropoutConfig {
  double rate = 0;                            ///< the share of channels that become 0; required in Keras
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(SpatialDropoutConfig);
  using positional = Positions<&SpatialDropoutConfig::rate, &SpatialDropoutConfig::data_format>;
};

/// In training, sets random channels of each sample to 0, (batch, steps, channels), and multiplies the others by 1 / (1
/// - rate); else the input itself. Neighbours in a feature map are alike, so that Dropout of single elements would take
/// little away. Throws ValueError for a rate outside of [0, 1], ShapeError for an input that has not three axes. Keras:
/// `layers.SpatialDropout1D`.
///
/// `SpatialDropout1D(0.5)`, `SpatialDropout1D(0.5, {.seed = 1})`.
using SpatialDropout1D = Layer::Of<SpatialDropout1DConfig>;

/// The same for pictures, (batch, rows, columns, channels) or by `data_format` (batch, channels, rows, columns). Throws
/// ValueError for another data_format, too. Keras: `layers.SpatialDropout2D`.
///
/// `SpatialDropout2D(0.5)`, `SpatialDropout2D(0.5, "channels_first")`.
using SpatialDropout2D = Layer::Of<SpatialDropoutConfig<2>>;

/// The same for volumes, with three spatial axes. Keras: `layers.SpatialDropout3D`.
///
/// `SpatialDropout3D(0.5)`, `SpatialDropout3D({.rate = 0.5, .data_format = "channels_first"})`.
using SpatialDropout3D = Layer::Of<SpatialDropoutConfig<3>>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/layer.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

using ops::PerAxis;

struct UpSampling1DConfig {
  int size = 2;  ///< how often each step is there
  CORNU_LAYER_CONFIG(UpSampling1DConfig);
  using positional = Positions<&UpSampling1DConfig::size>;
};

struct UpSampling2DConfig {
  PerAxis size = 2;                           ///< how often each row and column is there
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, rows, columns)
  std::string interpolation = "nearest";      ///< or "bilinear", "bicubic", "lanczos3", "lanczos5", "area"
  CORNU_LAYER_CONFIG(UpSampling2DConfig);
  using positional = Positions<&UpSampling2DConfig::size>;
};

struct UpSampling3DConfig {
  PerAxis size = 2;                           ///< how often each element of the three axes is there
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  CORNU_LAYER_CONFIG(UpSampling3DConfig);
  using positional = Positions<&UpSampling3DConfig::size>;
};

/// Each step several times: (batch, steps, features) -> (batch, size * steps, features). Any dtype. Throws ValueError
/// unless the size is positive, ShapeError for another rank. Keras: `layers.UpSampling1D`.
///
/// `UpSampling1D(3)`.
using UpSampling1D = Layer::Of<UpSampling1DConfig>;

/// Pictures, (batch, rows, columns, channels), made larger; by default each pixel is there several times. Other
/// interpolations take whole numbers to floats and back, rounded. Throws ValueError for unknown words, too. Keras:
/// `layers.UpSampling2D`.
///
/// `UpSampling2D(2)`, `UpSampling2D({.size = {2, 3}, .interpolation = "bilinear"})`.
using UpSampling2D = Layer::Of<UpSampling2DConfig>;

/// The same for volumes, each element several times. Keras: `layers.UpSampling3D`.
using UpSampling3D = Layer::Of<UpSampling3DConfig>;

}  // namespace cornu::keras::layers

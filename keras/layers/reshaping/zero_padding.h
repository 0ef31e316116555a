#pragma once

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/margins.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

using ops::PerAxis;

/// Arguments of the paddings of one, two and three axes.
template <int kAxes>
struct ZeroPaddingConfig {
  /// How many zeros: `{{1, 2}, {0, 3}}` before and behind each axis, `{1, 2}` at both ends, `1` everywhere; of one axis
  /// `{1, 2}` is before and behind.
  std::conditional_t<kAxes == 1, PerAxis, Margins> padding = 1;
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  CORNU_LAYER_CONFIG(ZeroPaddingConfig);
  using positional = Positions<&ZeroPaddingConfig::padding, &ZeroPaddingConfig::data_format>;
};

/// Zeros put at the ends of the spatial axes. Any dtype. Throws ValueError for negative numbers, another count of them
/// and an unknown data_format, ShapeError for another rank. Keras: `layers.ZeroPadding1D`, `ZeroPadding2D`,
/// `ZeroPadding3D`.
///
/// `ZeroPadding1D({.padding = {2, 0}})`, `ZeroPadding2D(1)`, `ZeroPadding2D({.padding = {{1, 2}, {0, 3}}})`.
using ZeroPadding1D = Layer::Of<ZeroPaddingConfig<1>>;
using ZeroPadding2D = Layer::Of<ZeroPaddingConfig<2>>;
using ZeroPadding3D = Layer::Of<ZeroPaddingConfig<3>>;

}  // namespace cornu::keras::layers

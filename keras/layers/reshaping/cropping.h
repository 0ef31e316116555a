#pragma once

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/margins.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

using ops::PerAxis;

/// Of pictures and of volumes: inputs of two axes more than this number.
template <int kAxes>
struct CroppingConfig {
  /// How much goes away of each axis: `{{1, 2}, {0, 3}}` before and behind, `{1, 2}` at both ends, `1` of all.
  Margins cropping = kAxes == 2 ? 0 : 1;
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  CORNU_LAYER_CONFIG(CroppingConfig);
  using positional = Positions<&CroppingConfig::cropping>;
};

struct Cropping1DConfig {
  PerAxis cropping = {1, 1};  ///< how much goes away before and behind; one number stands for both
  CORNU_LAYER_CONFIG(Cropping1DConfig);
  using positional = Positions<&Cropping1DConfig::cropping>;
};

/// Steps taken away at the ends: (batch, steps, features) -> (batch, fewer steps, features). Any dtype. Throws
/// ValueError for negative numbers or another count of them, ShapeError for another rank, and if nothing is left.
/// Keras: `layers.Cropping1D`.
///
/// `Cropping1D(2)`, `Cropping1D({.cropping = {1, 2}})`.
using Cropping1D = Layer::Of<Cropping1DConfig>;

/// The same for pictures, (batch, rows, columns, channels), by default of none. Throws ValueError for another
/// data_format, too. Keras: `layers.Cropping2D`.
///
/// `Cropping2D(2)`, `Cropping2D({.cropping = {{1, 2}, {0, 3}}})`.
using Cropping2D = Layer::Of<CroppingConfig<2>>;

/// The same for volumes, with three spatial axes, by default one of each end. Keras: `layers.Cropping3D`.
using Cropping3D = Layer::Of<CroppingConfig<3>>;

}  // namespace cornu::keras::layers

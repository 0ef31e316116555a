#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/layers/preprocessing/preprocessing_layer.h"
#include "cornu/keras/numbers.h"

namespace cornu::keras::layers {

struct NormalizationConfig {
  Axes axis = -1;         ///< which have a mean and a variance at each place; `{}`, Keras' None: one for everything
  Numbers mean = {};      ///< unless `adapt` finds it; broadcast to the lengths of these axes
  Numbers variance = {};  ///< likewise, given together with the mean
  bool invert = false;    ///< makes the original numbers of normalized ones
  CORNU_LAYER_ARGUMENTS;
  using positional = Positions<&NormalizationConfig::axis>;
  void fields(ConfigVisitor& v);
  Made<PreprocessingLayer, NormalizationConfig> make() const;
};

/// (x - mean) / max(sqrt(variance), 1e-7), of the input's shape, with a mean and a variance that are given or that
/// `adapt` finds in data; before that they are 0 and 1. With `invert` x * max(sqrt(variance), 1e-7) + mean.
///
/// Weights, where mean and variance are not given, none of them trained: mean and variance, of the lengths of `axis`,
/// and count, which Keras has for the sake of older files. Throws ValueError for a mean without a variance or the other
/// way round, of different shapes, or of more axes than `axis` has; ShapeError for an axis out of bounds or of unknown
/// length, and where mean does not broadcast; `adapt` ValueError where they are given. Keras: `layers.Normalization`.
///
///     Normalization normalize;
///     normalize->adapt(x_train);
///     Sequential model({normalize, Dense(10)});
using Normalization = PreprocessingLayer::Of<NormalizationConfig>;

}  // namespace cornu::keras::layers

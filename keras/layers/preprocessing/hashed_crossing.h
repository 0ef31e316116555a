#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct HashedCrossingConfig {
  int num_bins = 0;                 ///< required
  std::string output_mode = "int";  ///< or "one_hot"
  bool sparse = false;              ///< true is an error
  CORNU_LAYER_CONFIG(HashedCrossingConfig);
  using positional = Positions<&HashedCrossingConfig::num_bins>;
};

/// One of num_bins bins for each combination of several integer features, by a hash of the numbers: the bins that Keras
/// has. Inputs: at least two of one shape, (batch,) or (batch, 1). "int" gives int64 of that shape (in another dtype if
/// `dtype` says so), "one_hot" (batch, num_bins). Throws ValueError for num_bins below 1, another output_mode, sparse
/// and fewer than two inputs, ShapeError for other shapes, TypeError for inputs that are no integers. A file's `sparse`
/// is read as false: the numbers are the same. Keras: `layers.HashedCrossing`, without its texts.
///
///     Array bins = HashedCrossing(1000)({city, weekday});
using HashedCrossing = Layer::Of<HashedCrossingConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/preprocessing/preprocessing_layer.h"
#include "cornu/keras/numbers.h"

namespace cornu::keras::layers {

struct DiscretizationConfig {
  Numbers bin_boundaries = {};                 ///< ascending; unless `adapt` finds them
  std::optional<int> num_bins = std::nullopt;  ///< how many bins `adapt` makes
  double epsilon = 0.01;                       ///< the share of the data by which these may be off
  std::string output_mode = "int";             ///< or "one_hot", "multi_hot", "count"
  bool sparse = false;                         ///< true is an error
  CORNU_LAYER_ARGUMENTS;
  bool adapted = false;  ///< what a file says that has both num_bins and the boundaries that were found
  using positional = Positions<&DiscretizationConfig::bin_boundaries>;
  using always_trainable = void;
  void fields(ConfigVisitor& v);
  Made<PreprocessingLayer, DiscretizationConfig> make() const;
};

/// The number of the bin that each number lies in. Boundaries b0 < b1 < … make the bins (-inf, b0), [b0, b1), …; NaN
/// lies in the last. "int": int32 of the input's shape; the other modes encode bins as CategoryEncoding does.
/// `adapt` puts about as many numbers into each of num_bins bins, as Keras does by a summary of the data; `config()`
/// has the boundaries.
///
/// Throws ValueError unless either bin_boundaries or num_bins are given, for boundaries that are no list or descend,
/// num_bins below 1, an epsilon outside of (0, 1], another output_mode, sparse; when it is called without boundaries;
/// and for `adapt` with boundaries by the arguments. A file's `sparse` is read as false: the numbers are the same.
/// Keras: `layers.Discretization`.
///
///     Discretization({.bin_boundaries = {0, 1, 2}})
///     Discretization ages({.num_bins = 4, .output_mode = "one_hot"});
///     ages->adapt(x_train);
using Discretization = PreprocessingLayer::Of<DiscretizationConfig>;

}  // namespace cornu::keras::layers

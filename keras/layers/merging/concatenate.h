#pragma once

#include "cornu/keras/layers/merging/merge.h"

namespace cornu::keras::layers {

struct ConcatenateConfig {
  int axis = -1;
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v);
  Made<MergeLayer, ConcatenateConfig> make() const;
};

/// The inputs one behind the other along an axis: `Concatenate()({x, y})`. Any dtype. A step is masked where all inputs
/// are. Throws ShapeError for inputs that differ elsewhere. Keras: `layers.Concatenate`.
///
/// `Concatenate()`, `Concatenate({.axis = 1})`.
using Concatenate = MergeLayer::Of<ConcatenateConfig>;

/// `concatenate({x, y})`.
CORNU_EXPORT KerasTensor concatenate(const std::vector<KerasTensor>& x, ConcatenateConfig config = {});

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/merging/merge.h"

namespace cornu::keras::layers {

struct DotConfig {
  std::vector<int> axes = {-1};  ///< one for both inputs, or one for each; not the batch axis. Required in Keras
  bool normalize = false;        ///< each input is divided by its length along its axis: cosines
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v);
  Made<MergeLayer, DotConfig> make() const;
};

/// Sums of products along an axis of each input, sample by sample: (batch, n) and (batch, n) -> (batch, 1); (batch, a,
/// n) and (batch, n, b) with axes (2, 1) -> (batch, a, b). Throws ValueError unless there are two inputs of two axes or
/// more and one or two axes, ShapeError for other lengths. Keras: `layers.Dot`.
///
/// `Dot({.axes = {1}})`, `Dot(1)({x, y})`.
class CORNU_EXPORT Dot : public MergeLayer::Of<DotConfig> {
 public:
  using Handle::Handle;
  explicit Dot(int axis, DotConfig config = {});
};

/// `dot({x, y}, -1)`.
CORNU_EXPORT KerasTensor dot(const std::vector<KerasTensor>& x, int axis = -1, DotConfig config = {});

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct RepeatVectorConfig {
  int n = 0;  ///< how often; required
  CORNU_LAYER_ARGUMENTS;
  using positional = Positions<&RepeatVectorConfig::n>;
  void fields(ConfigVisitor& v);
};

/// The input n times: (batch, features) -> (batch, n, features). Throws ValueError unless n is positive, ShapeError for
/// inputs of another rank. Keras: `layers.RepeatVector`.
class CORNU_EXPORT RepeatVectorLayer final : public Configured<Layer, RepeatVectorConfig> {
 public:
  explicit RepeatVectorLayer(RepeatVectorConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
};

/// `RepeatVector(3)`, `RepeatVector({.n = 3})`.
using RepeatVector = Handle<RepeatVectorLayer>;

}  // namespace cornu::keras::layers

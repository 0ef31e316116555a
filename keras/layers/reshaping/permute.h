#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct PermuteConfig {
  std::vector<int> dims = {};  ///< axes from 1 on, in their new order: {2, 1}. Required
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v);
};

/// The axes of a sample in another order: (batch, a, b) -> (batch, b, a) with dims {2, 1}. Any dtype. Throws ValueError
/// unless dims has each number from 1 on once, ShapeError for inputs of another rank. Keras: `layers.Permute`.
class CORNU_EXPORT PermuteLayer final : public Configured<Layer, PermuteConfig> {
 public:
  explicit PermuteLayer(PermuteConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
};

/// `Permute({.dims = {2, 1}})`.
using Permute = Handle<PermuteLayer>;

}  // namespace cornu::keras::layers

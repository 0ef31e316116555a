#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct MaskingConfig {
  double mask_value = 0;
  CORNU_LAYER_ARGUMENTS;
  using positional = Positions<&MaskingConfig::mask_value>;
  void fields(ConfigVisitor& v);
};

/// Masks the steps whose features are all `mask_value`, and sets them to 0: (batch, steps, features). What is masked in
/// a model's output counts neither in the loss nor in metrics. Keras: `layers.Masking`.
class CORNU_EXPORT MaskingLayer final : public Configured<Layer, MaskingConfig> {
 public:
  explicit MaskingLayer(MaskingConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
  Tensor compute_mask(const Tensor& x, const Tensor& mask) const override;

 private:
  Tensor counts(const Tensor& x) const;
};

/// `Masking()`, `Masking(-1.0)`, `Masking({.mask_value = -1})`.
using Masking = Handle<MaskingLayer>;

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct MaskingConfig {
  double mask_value = 0;
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// Masks the steps whose features are all `mask_value`, and sets them to 0: (batch, steps, features). What is masked in
/// a model's output counts neither in the loss nor in metrics. Keras: `layers.Masking`.
class CORNU_EXPORT MaskingLayer final : public Layer {
 public:
  using Config = MaskingConfig;
  explicit MaskingLayer(MaskingConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
  Tensor compute_mask(const Tensor& x, const Tensor& mask) const override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 private:
  Tensor counts(const Tensor& x) const;
  MaskingConfig config_;
};

/// `Masking()`, `Masking(-1.0)`, `Masking({.mask_value = -1})`.
class CORNU_EXPORT Masking : public Handle<MaskingLayer, MaskingConfig> {
 public:
  using Handle::Handle;
  explicit Masking(double mask_value, MaskingConfig config = {});
};

}  // namespace cornu::keras::layers

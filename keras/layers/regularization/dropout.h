#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct DropoutConfig {
  double rate = 0;  ///< the share of elements that become 0; required in Keras
  Shape noise_shape =
      Shape::unset();  ///< of the mask, axes of length 1 share it; kUnknown: as the input's. With the batch axis.
  std::optional<std::int64_t> seed = std::nullopt;
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// In training, sets random elements to 0 and multiplies the others by 1 / (1 - rate); else the input itself. Throws
/// ValueError for a rate outside of [0, 1] and lengths below 1 in noise_shape. Keras: `layers.Dropout`.
class CORNU_EXPORT DropoutLayer final : public Layer {
 public:
  explicit DropoutLayer(DropoutConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 private:
  DropoutConfig config_;
};

/// `Dropout(0.5)`, `Dropout(0.5, {.seed = 1})`, `Dropout({.rate = 0.5})`.
class Dropout : public Handle<DropoutLayer, DropoutConfig> {
 public:
  using Handle::Handle;
  explicit Dropout(double rate, DropoutConfig config = {});
};

}  // namespace cornu::keras::layers

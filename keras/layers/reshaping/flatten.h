#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct FlattenConfig {
  std::string data_format =
      "channels_last";  ///< "channels_first": (batch, channels, …) is flattened with the channels last
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// (batch, …) -> (batch, product of the others). Any dtype. Throws ValueError for another data_format. Keras:
/// `layers.Flatten`.
class CORNU_EXPORT FlattenLayer final : public Layer {
 public:
  explicit FlattenLayer(FlattenConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 private:
  FlattenConfig config_;
};

/// `Flatten()`, `Flatten({.input_shape = {28, 28}})`.
class Flatten : public Handle<FlattenLayer, FlattenConfig> {
 public:
  using Handle::Handle;
};

}  // namespace cornu::keras::layers

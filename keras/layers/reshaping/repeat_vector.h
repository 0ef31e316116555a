#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct RepeatVectorConfig {
  int n = 0;  ///< how often; required
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// The input n times: (batch, features) -> (batch, n, features). Throws ValueError unless n is positive, ShapeError for
/// inputs of another rank. Keras: `layers.RepeatVector`.
class CORNU_EXPORT RepeatVectorLayer final : public Layer {
 public:
  using Config = RepeatVectorConfig;
  explicit RepeatVectorLayer(RepeatVectorConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 private:
  RepeatVectorConfig config_;
};

/// `RepeatVector(3)`, `RepeatVector({.n = 3})`.
class CORNU_EXPORT RepeatVector : public Handle<RepeatVectorLayer, RepeatVectorConfig> {
 public:
  using Handle::Handle;
  explicit RepeatVector(int n, RepeatVectorConfig config = {});
};

}  // namespace cornu::keras::layers

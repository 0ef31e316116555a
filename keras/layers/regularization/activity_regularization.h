#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ActivityRegularizationConfig {
  double l1 = 0;
  double l2 = 0;
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// The input itself, whose L1L2 penalty divided by the batch size is added to the loss. Keras:
/// `layers.ActivityRegularization`.
class CORNU_EXPORT ActivityRegularizationLayer final : public Layer {
 public:
  explicit ActivityRegularizationLayer(ActivityRegularizationConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 private:
  ActivityRegularizationConfig config_;
};

/// `ActivityRegularization({.l1 = 0.01})`.
class ActivityRegularization : public Handle<ActivityRegularizationLayer, ActivityRegularizationConfig> {
 public:
  using Handle::Handle;
};

}  // namespace cornu::keras::layers

#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ActivityRegularizationConfig {
  double l1 = 0;
  double l2 = 0;
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v);
};

/// The input itself, whose L1L2 penalty divided by the batch size is added to the loss. Keras:
/// `layers.ActivityRegularization`.
class CORNU_EXPORT ActivityRegularizationLayer final : public Configured<Layer, ActivityRegularizationConfig> {
 public:
  explicit ActivityRegularizationLayer(ActivityRegularizationConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
};

/// `ActivityRegularization({.l1 = 0.01})`.
using ActivityRegularization = Handle<ActivityRegularizationLayer>;

}  // namespace cornu::keras::layers

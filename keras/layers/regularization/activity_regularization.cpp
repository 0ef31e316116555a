#include "cornu/keras/layers/regularization/activity_regularization.h"

#include "cornu/keras/regularizers/l1_l2.h"

namespace cornu::keras::layers {
namespace {

struct ActivityRegularizationLayer final : Configured<Layer, ActivityRegularizationConfig> {
  explicit ActivityRegularizationLayer(ActivityRegularizationConfig config) : Configured(std::move(config)) {
    set_supports_masking(true);
    set_activity_regularizer(regularizers::L1L2({.l1 = config_.l1, .l2 = config_.l2}));
  }

  Tensor call(const Tensor& x, Context&) override { return x; }
};

}  // namespace

void ActivityRegularizationConfig::fields(ConfigVisitor& v) {
  v("l1", l1);
  v("l2", l2);
}

CORNU_LAYER(ActivityRegularizationConfig, ActivityRegularizationLayer, "ActivityRegularization");

}  // namespace cornu::keras::layers

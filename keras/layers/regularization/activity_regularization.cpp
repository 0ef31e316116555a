#include "cornu/keras/layers/regularization/activity_regularization.h"

#include "cornu/keras/regularizers/l1_l2.h"

namespace cornu::keras::layers {

void ActivityRegularizationConfig::fields(ConfigVisitor& v) {
  v("l1", l1);
  v("l2", l2);
  base_fields(*this, v);
}

ActivityRegularizationLayer::ActivityRegularizationLayer(ActivityRegularizationConfig config)
    : Configured(std::move(config)) {
  set_supports_masking(true);
  set_activity_regularizer(regularizers::L1L2({.l1 = config_.l1, .l2 = config_.l2}));
}

Tensor ActivityRegularizationLayer::call(const Tensor& x, Context&) { return x; }

namespace {

const bool activity_regularization_registered = registry().add<ActivityRegularizationLayer>("ActivityRegularization");

}  // namespace
}  // namespace cornu::keras::layers

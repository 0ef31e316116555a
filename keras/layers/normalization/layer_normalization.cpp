#include "cornu/keras/layers/normalization/layer_normalization.h"

#include "cornu/keras/layers/internal/weights.h"
#include "cornu/keras/layers/normalization/internal/axes.h"
#include "cornu/keras/layers/normalization/internal/moments.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers {
namespace {

struct LayerNormalizationLayer final : Configured<Layer, LayerNormalizationConfig> {
  explicit LayerNormalizationLayer(LayerNormalizationConfig config) : Configured(std::move(config)) {
    set_autocast(false);  // what comes in float32 and the weights are read as they are
    set_supports_masking(true);
  }

  void build(const Shape& input) override {
    const Shape shape = internal::lengths_along(who(), input, internal::axes_of(who(), config_.axis, input));
    if (config_.scale || config_.rms_scaling) gamma_ = add_weight(internal::gamma(config_, shape));
    if (config_.center && !config_.rms_scaling) beta_ = add_weight(internal::beta(config_, shape));
  }

  Tensor call(const Tensor& x, Context&) override {
    const std::vector<int> axes = internal::axes_of(who(), config_.axis, x.shape());
    const auto read = [&](const Variable& weight) {
      return weight.defined() ? internal::beside(who(), x.shape(), weight, axes) : Tensor();
    };
    const Tensor gamma = read(gamma_), beta = read(beta_), wide = ops::cast(x, graph::float32);
    const internal::Moments m = internal::moments(wide, axes);
    const Tensor y = config_.rms_scaling ? wide * internal::rsqrt(m.variance + config_.epsilon) * gamma
                                         : internal::normalized(wide, m, config_.epsilon, gamma, beta);
    return internal::narrowed(y, x, compute_dtype());
  }

 private:
  Variable gamma_, beta_;
};

}  // namespace

void LayerNormalizationConfig::fields(ConfigVisitor& v) {
  v("axis", axis, {.number_if_one = true});
  v("epsilon", epsilon);
  v("center", center);
  v("scale", scale);
  internal::visit_initializers(*this, v);
  internal::visit_regularizers_and_constraints(*this, v);
  v("rms_scaling", rms_scaling, {.since_keras3 = true});
}

CORNU_LAYER(LayerNormalizationConfig, LayerNormalizationLayer, "LayerNormalization");

}  // namespace cornu::keras::layers

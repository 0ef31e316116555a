#include "cornu/keras/layers/regularization/spatial_dropout.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

/// Hands fields on, but for `trainable`: the constructors of Keras 3 do not take it, and without weights it says
/// nothing.
class WithoutTrainable final : public ConfigVisitor {
 public:
  explicit WithoutTrainable(ConfigVisitor& to) : to_(to) {}
  void visit(const Field& field, FieldValue value) override {
    if (field.name != "trainable") to_.visit(field, value);
  }
  Purpose purpose() const override { return to_.purpose(); }
  void not_in_keras2(const std::string& what) override { to_.not_in_keras2(what); }

 private:
  ConfigVisitor& to_;
};

template <class Config, int kSpatialAxes>
struct SpatialDropoutLayer final : Configured<Layer, Config> {
  using Configured<Layer, Config>::config_;
  using Layer::who;

  explicit SpatialDropoutLayer(Config config) : Configured<Layer, Config>(std::move(config)) {
    internal::require_share(who(), "rate", config_.rate);
    if constexpr (requires { config_.data_format; }) {
      internal::complete_data_format(who(), config_.data_format);
      channels_first_ = config_.data_format == "channels_first";
    }
    this->set_seed(config_.seed);
    this->set_supports_masking(true);
  }

  void build(const Shape& input) override { internal::require_axes(who(), input, kSpatialAxes); }

  Tensor call(const Tensor& x, Context& ctx) override {
    internal::require_axes(who(), x.shape(), kSpatialAxes);
    if (!ctx.training() || config_.rate == 0) return x;
    if (config_.rate == 1) return ops::zeros_like(x);
    const int channels = channels_first_ ? 1 : x.ndim() - 1;
    Shape mask = x.shape();
    for (int axis = 1; axis < x.ndim(); ++axis)
      if (axis != channels) mask[axis] = 1;
    return ops::where(internal::kept(this->random_state(ctx), mask, config_.rate), x * (1 / (1 - config_.rate)),
                      graph::constant(0, x.dtype()));
  }

  void fields(ConfigVisitor& v) override {
    WithoutTrainable without(v);
    const bool to_file =
        v.purpose() == ConfigVisitor::Purpose::write_keras2 || v.purpose() == ConfigVisitor::Purpose::write_keras3;
    Configured<Layer, Config>::fields(to_file ? without : v);
  }

 private:
  bool channels_first_ = false;
};

template <int kSpatialAxes>
using PictureDropoutLayer = SpatialDropoutLayer<SpatialDropoutConfig<kSpatialAxes>, kSpatialAxes>;

const bool spatial_dropout_registered =
    registry().add<SpatialDropoutLayer<SpatialDropout1DConfig, 1>>("SpatialDropout1D") &&
    registry().add<PictureDropoutLayer<2>>("SpatialDropout2D") &&
    registry().add<PictureDropoutLayer<3>>("SpatialDropout3D");

// Files of Keras 2 have Dropout's noise_shape, which is not used.
void visit_unused(ConfigVisitor& v) {
  Shape noise_shape = Shape::unset();
  v("noise_shape", noise_shape, {.only_read = true});
}

}  // namespace

void SpatialDropout1DConfig::fields(ConfigVisitor& v) {
  v("rate", rate, {.also_read = "p"});  // Keras 1's name
  v("seed", seed);
  visit_unused(v);
}

Made<Layer, SpatialDropout1DConfig> SpatialDropout1DConfig::make() const {
  return std::make_shared<SpatialDropoutLayer<SpatialDropout1DConfig, 1>>(*this);
}

template <int kSpatialAxes>
void SpatialDropoutConfig<kSpatialAxes>::fields(ConfigVisitor& v) {
  v("rate", rate, {.also_read = "p"});  // Keras 1's name
  v("data_format", data_format);
  v("seed", seed);
  visit_unused(v);
}

template <int kSpatialAxes>
Made<Layer, SpatialDropoutConfig<kSpatialAxes>> SpatialDropoutConfig<kSpatialAxes>::make() const {
  return std::make_shared<PictureDropoutLayer<kSpatialAxes>>(*this);
}

template struct SpatialDropoutConfig<2>;
template struct SpatialDropoutConfig<3>;

}  // namespace cornu::keras::layers

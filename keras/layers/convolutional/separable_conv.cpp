#include "cornu/keras/layers/convolutional/separable_conv.h"

#include "cornu/keras/layers/convolutional/internal/convolutional_layer.h"
#include "cornu/ops/composite/separable_conv.h"

namespace cornu::keras::layers {
namespace internal {

template <int kAxes>
struct Kind<SeparableConvConfig<kAxes>> {
  using Config = SeparableConvConfig<kAxes>;
  static constexpr bool kCausal = kAxes == 1;

  static std::vector<WeightConfig> kernels(const std::string&, const Config& c, const Shape&, std::int64_t channels) {
    PerAxis one = 1;
    one.resize(kAxes, 1);
    return {depthwise(c, kernel_shape(c.kernel_size, channels, c.depth_multiplier), "depthwise_kernel"),
            pointwise(c, kernel_shape(one, channels * c.depth_multiplier, c.filters), "pointwise_kernel")};
  }

  static Tensor convolve(const Config& c, const Tensor& x, const Tensors& kernels) {
    return ops::separable_conv(x, kernels[0], kernels[1], windows(c));
  }
};

}  // namespace internal

namespace {

const bool separable_conv_registered =
    internal::add_convolutional<SeparableConvConfig, 1>("SeparableConv1D", {"SeparableConvolution1D"}) &&
    internal::add_convolutional<SeparableConvConfig, 2>("SeparableConv2D", {"SeparableConvolution2D"});

}  // namespace

template <int kAxes>
void SeparableConvConfig<kAxes>::fields(ConfigVisitor& v) {
  internal::visit_convolution(*this, v);
  v("use_bias", use_bias);
  internal::visit_weights(v, {CORNU_ROLE(depthwise), CORNU_ROLE(pointwise), CORNU_ROLE(bias)}, activity_regularizer);
  internal::visit_unused_kernel(v);
}

CORNU_CONVOLUTIONAL_CONFIG(SeparableConvConfig);

}  // namespace cornu::keras::layers

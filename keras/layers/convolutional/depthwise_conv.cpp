#include "cornu/keras/layers/convolutional/depthwise_conv.h"

#include "cornu/keras/layers/convolutional/internal/convolutional_layer.h"
#include "cornu/ops/composite/separable_conv.h"

namespace cornu::keras::layers {
namespace internal {

template <int kAxes>
struct Kind<DepthwiseConvConfig<kAxes>> {
  using Config = DepthwiseConvConfig<kAxes>;

  static std::vector<WeightConfig> kernels(const std::string&, const Config& c, const Shape&, std::int64_t channels) {
    return {depthwise(c, kernel_shape(c.kernel_size, channels, c.depth_multiplier), "kernel")};
  }

  static Tensor convolve(const Config& c, const Tensor& x, const Tensors& kernels) {
    return ops::depthwise_conv(x, kernels[0], windows(c));
  }
};

}  // namespace internal

namespace {

const bool depthwise_conv_registered = internal::add_convolutional<DepthwiseConvConfig, 1>("DepthwiseConv1D") &&
                                       internal::add_convolutional<DepthwiseConvConfig, 2>("DepthwiseConv2D");

}  // namespace

template <int kAxes>
void DepthwiseConvConfig<kAxes>::fields(ConfigVisitor& v) {
  internal::visit_convolution(*this, v);
  v("use_bias", use_bias);
  internal::visit_weights(v, {CORNU_ROLE(depthwise), CORNU_ROLE(bias)}, activity_regularizer);
  internal::visit_unused_kernel(v);
}

CORNU_CONVOLUTIONAL_CONFIG(DepthwiseConvConfig);

}  // namespace cornu::keras::layers

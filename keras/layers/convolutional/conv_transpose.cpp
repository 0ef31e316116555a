#include "cornu/keras/layers/convolutional/conv_transpose.h"

#include <algorithm>

#include "cornu/keras/layers/convolutional/internal/convolutional_layer.h"
#include "cornu/ops/composite/conv_transpose.h"

namespace cornu::keras::layers {
namespace internal {

template <int kAxes>
struct Kind<ConvTransposeConfig<kAxes>> {
  using Config = ConvTransposeConfig<kAxes>;

  static void check(const std::string& who, Config& c) {
    if (c.output_padding.size() == 1) c.output_padding.assign(kAxes, c.output_padding.front());
    const bool fits = c.output_padding.size() == kAxes &&
                      std::equal(c.output_padding.begin(), c.output_padding.end(), c.strides.begin(),
                                 [](int padding, int stride) { return padding >= 0 && padding < stride; });
    graph::require<ValueError>(c.output_padding.empty() || fits, who, "expected output_padding of ", kAxes,
                               " numbers from 0 and less than the strides ", c.strides, ", or one for all, got ",
                               c.output_padding);
  }

  static std::vector<WeightConfig> kernels(const std::string&, const Config& c, const Shape&, std::int64_t channels) {
    return {kernel(c, kernel_shape(c.kernel_size, c.filters, channels))};
  }

  static Tensor convolve(const Config& c, const Tensor& x, const Tensors& kernels) {
    return ops::conv_transpose(x, kernels[0],
                               {.strides = c.strides,
                                .padding = c.padding,
                                .output_padding = c.output_padding,
                                .dilation_rate = c.dilation_rate});
  }
};

}  // namespace internal

namespace {

// Keras 1 called them deconvolutions.
const bool conv_transpose_registered =
    internal::add_convolutional<ConvTransposeConfig, 1>("Conv1DTranspose", {"Convolution1DTranspose"}) &&
    internal::add_convolutional<ConvTransposeConfig, 2>("Conv2DTranspose",
                                                        {"Convolution2DTranspose", "Deconvolution2D", "Deconv2D"}) &&
    internal::add_convolutional<ConvTransposeConfig, 3>("Conv3DTranspose",
                                                        {"Convolution3DTranspose", "Deconvolution3D", "Deconv3D"});

}  // namespace

template <int kAxes>
void ConvTransposeConfig<kAxes>::fields(ConfigVisitor& v) {
  internal::visit_convolution(*this, v);
  internal::visit_kernel_and_bias(*this, v);
  if (kAxes == 3 && std::any_of(dilation_rate.begin(), dilation_rate.end(), [](int n) { return n > 1; }))
    v.not_in_keras2("a dilation_rate above 1 of Conv3DTranspose");  // it writes it and computes without
}

CORNU_CONVOLUTIONAL_CONFIG(ConvTransposeConfig);
template struct ConvTransposeConfig<3>;

}  // namespace cornu::keras::layers

#include "cornu/keras/layers/convolutional/conv.h"

#include "cornu/keras/layers/convolutional/internal/convolutional_layer.h"
#include "cornu/ops/convolution.h"

namespace cornu::keras::layers {
namespace internal {

using graph::require;

template <int kAxes>
struct Kind<ConvConfig<kAxes>> {
  static constexpr bool kCausal = kAxes == 1;

  static void check(const std::string& who, const ConvConfig<kAxes>& c) {
    require<ValueError>(c.groups > 0 && c.filters % c.groups == 0, who, "expected groups that divide the ", c.filters,
                        " filters, got ", c.groups);
  }

  static std::vector<WeightConfig> kernels(const std::string& who, const ConvConfig<kAxes>& c, const Shape& input,
                                           std::int64_t channels) {
    require<ShapeError>(channels % c.groups == 0, who, "expected channels that ", c.groups, " groups divide, got ",
                        channels, " (input shape ", input, ")");
    return {kernel(c, kernel_shape(c.kernel_size, channels / c.groups, c.filters))};
  }

  static Tensor convolve(const ConvConfig<kAxes>& c, const Tensor& x, const Tensors& kernels) {
    return ops::conv(x, kernels[0], windows(c));
  }
};

}  // namespace internal

namespace {

const bool conv_registered = internal::add_convolutional<ConvConfig, 1>("Conv1D", {"Convolution1D"}) &&
                             internal::add_convolutional<ConvConfig, 2>("Conv2D", {"Convolution2D"}) &&
                             internal::add_convolutional<ConvConfig, 3>("Conv3D", {"Convolution3D"});

}  // namespace

template <int kAxes>
void ConvConfig<kAxes>::fields(ConfigVisitor& v) {
  internal::visit_convolution(*this, v);
  internal::visit_kernel_and_bias(*this, v);
}

CORNU_CONVOLUTIONAL_CONFIG(ConvConfig);
template struct ConvConfig<3>;

}  // namespace cornu::keras::layers

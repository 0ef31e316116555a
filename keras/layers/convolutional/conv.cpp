#include "cornu/keras/layers/convolutional/conv.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/convolution.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

template <int kAxes>
struct ConvLayer final : Configured<Layer, ConvConfig<kAxes>> {
  using Base = Configured<Layer, ConvConfig<kAxes>>;
  using Base::config_;
  using Base::who;

  explicit ConvLayer(ConvConfig<kAxes> config) : Base(std::move(config)) {
    auto& c = config_;
    require<ValueError>(c.filters > 0, who(), "expected a positive number of filters, got ", c.filters);
    internal::complete_axes(who(), "kernel_size", c.kernel_size, kAxes);
    internal::complete_axes(who(), "strides", c.strides, kAxes);
    internal::complete_axes(who(), "dilation_rate", c.dilation_rate, kAxes);
    internal::complete_data_format(who(), c.data_format);
    require<ValueError>(c.padding == "valid" || c.padding == "same" || (c.padding == "causal" && kAxes == 1), who(),
                        "expected padding 'valid' or 'same'", kAxes == 1 ? ", or 'causal'" : "", ", got '", c.padding,
                        "'");
    require<ValueError>(c.groups > 0 && c.filters % c.groups == 0, who(), "expected groups that divide the ", c.filters,
                        " filters, got ", c.groups);
    const auto above_one = [](const PerAxis& numbers) {
      return std::any_of(numbers.begin(), numbers.end(), [](int n) { return n > 1; });
    };
    require<ValueError>(!above_one(c.strides) || !above_one(c.dilation_rate), who(),
                        "strides above 1 and a dilation_rate above 1 exclude each other");
    this->set_activity_regularizer(c.activity_regularizer);
  }

  void build(const Shape& input) override {
    const auto& c = config_;
    internal::require_axes(who(), input, kAxes);
    const std::int64_t channels = internal::channels(input, c.data_format);
    require<ShapeError>(channels != kUnknown, who(), "the number of channels must be known, got shape ", input);
    require<ShapeError>(channels > 0 && channels % c.groups == 0, who(), "expected channels that ", c.groups,
                        " groups divide, got ", channels, " (input shape ", input, ")");
    Shape kernel;
    for (const int length : c.kernel_size) kernel = kernel.append(length);
    kernel_ = this->add_weight(internal::kernel(c, kernel.append(channels / c.groups).append(c.filters)));
    if (c.use_bias) bias_ = this->add_weight(internal::bias(c, {c.filters}));
  }

  Tensor call(const Tensor& x, Context&) override {
    const auto& c = config_;
    internal::require_axes(who(), x.shape(), kAxes);
    const std::int64_t expected = kernel_.shape()[kAxes] * c.groups, got = internal::channels(x.shape(), c.data_format);
    require<ShapeError>(got == expected, who(), "expected ", expected, " channels, got ", got, " (input shape ",
                        x.shape(), ")");
    const Tensor kernel = kernel_;
    Tensor y = ops::conv(internal::channels_last(ops::cast(x, kernel.dtype()), c.data_format), kernel,
                         {.strides = c.strides, .padding = c.padding, .dilation_rate = c.dilation_rate});
    if (c.use_bias) y = y + bias_;
    y = internal::channels_as(y, c.data_format);
    return c.activation ? c.activation(y) : y;
  }

 private:
  Variable kernel_, bias_;
};

const bool conv_registered = registry().add<ConvLayer<1>>("Conv1D", {"Convolution1D"}) &&
                             registry().add<ConvLayer<2>>("Conv2D", {"Convolution2D"}) &&
                             registry().add<ConvLayer<3>>("Conv3D", {"Convolution3D"});

}  // namespace

template <int kAxes>
void ConvConfig<kAxes>::fields(ConfigVisitor& v) {
  v("filters", filters);
  v("kernel_size", kernel_size);
  v("strides", strides);
  v("padding", padding);
  v("data_format", data_format);
  v("dilation_rate", dilation_rate);
  v("groups", groups);
  v("activation", activation);
  internal::visit_kernel_and_bias(*this, v);
}

template <int kAxes>
Made<Layer, ConvConfig<kAxes>> ConvConfig<kAxes>::make() const {
  return std::make_shared<ConvLayer<kAxes>>(*this);
}

template <int kAxes>
Conv<kAxes>::Conv(int filters, PerAxis kernel_size, ConvConfig<kAxes> config)
    : Conv([&] {
        require<ValueError>((config.filters == 0 || config.filters == filters) &&
                                (config.kernel_size.empty() || config.kernel_size == kernel_size),
                            "Conv", kAxes, "D(", filters, ", …, {.filters = ", config.filters,
                            ", …}): filters or kernel_size are given twice");
        config.filters = filters;
        config.kernel_size = std::move(kernel_size);
        return std::move(config);
      }()) {}

template struct ConvConfig<1>;
template struct ConvConfig<2>;
template struct ConvConfig<3>;
template class Conv<1>;
template class Conv<2>;
template class Conv<3>;

}  // namespace cornu::keras::layers

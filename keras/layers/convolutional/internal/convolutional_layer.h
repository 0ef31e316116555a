#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/convolution.h"
#include "cornu/ops/native/cast.h"

// What the layers of convolutions over one to three axes have in common. Their configs have `kernel_size`, `strides`,
// `padding`, `data_format`, `dilation_rate`, `activation`, `use_bias` and the bias' arguments; some of them `filters`,
// `depth_multiplier`, `output_padding` and `groups`.

namespace cornu::keras::layers::internal {

/// Visits what stands in front of `use_bias`, in the order of Keras' signatures.
template <class Config>
void visit_convolution(Config& c, ConfigVisitor& v) {
  constexpr bool kFilters = requires { c.filters; }
  , kMultiplier = requires { c.depth_multiplier; };
  if constexpr (kFilters) v("filters", c.filters);
  v("kernel_size", c.kernel_size);
  v("strides", c.strides);
  v("padding", c.padding);
  if constexpr (requires { c.output_padding; }) {
    std::optional<std::vector<int>> given;
    if (!c.output_padding.empty()) given = c.output_padding;
    v("output_padding", given);
    c.output_padding.clear();
    if (given) c.output_padding.assign(given->begin(), given->end());
  }
  if constexpr (kMultiplier && !kFilters) v("depth_multiplier", c.depth_multiplier);
  v("data_format", c.data_format);
  v("dilation_rate", c.dilation_rate);
  if constexpr (kMultiplier && kFilters) v("depth_multiplier", c.depth_multiplier);
  if constexpr (requires { c.groups; }) {
    v("groups", c.groups);
  } else {
    int groups = 1;  // Keras 2 writes what its Conv has, and uses it nowhere else
    v("groups", groups, {.only_read = true});
  }
  v("activation", c.activation);
}

/// Visits what Keras 2 writes for layers with a depthwise kernel, since its Conv has it, and uses nowhere.
void visit_unused_kernel(ConfigVisitor& v);

/// Throws ValueError naming the layer and argument unless the number is positive.
void require_positive(const std::string& who, const char* argument, int number);

/// Completes the arguments of windows and throws ValueError for wrong ones.
void complete_windows(const std::string& who, int axes, bool causal, ops::PerAxis& strides, ops::PerAxis& dilation_rate,
                      std::string& padding);

/// The number of an input's channels. Throws ShapeError for another rank and where it is 0 or unknown.
std::int64_t known_channels(const std::string& who, const Shape& input, int axes, const std::string& data_format);

/// Throws ShapeError for an input of another rank or number of channels.
void require_channels(const std::string& who, const Shape& input, int axes, const std::string& data_format,
                      std::int64_t expected);

/// (…, inputs, outputs).
Shape kernel_shape(const ops::PerAxis& kernel_size, std::int64_t inputs, std::int64_t outputs);

template <class Config>
ops::ConvConfig windows(const Config& c) {
  return {.strides = c.strides, .padding = c.padding, .dilation_rate = c.dilation_rate};
}

/// What a layer of convolutions is beside the others: a specialization for its config, with
///
///     static constexpr bool kCausal;                         // where the padding may be "causal"
///     static void check(const std::string& who, Config&);    // if more can be wrong than for all of them
///     static std::vector<WeightConfig> kernels(const std::string& who, const Config&, const Shape& input,
///                                              std::int64_t channels);
///     static Tensor convolve(const Config&, const Tensor& x, const Tensors& kernels);   // channels are last
template <class Config>
struct Kind;

/// `activation(convolution of x + bias)`. Its weights are the kernels, then the bias.
template <class Config, int kAxes>
class ConvolutionalLayer final : public Configured<Layer, Config> {
 public:
  explicit ConvolutionalLayer(Config config) : Configured<Layer, Config>(std::move(config)) {
    Config& c = config_;
    if constexpr (requires { c.filters; }) require_positive(who(), "number of filters", c.filters);
    if constexpr (requires { c.depth_multiplier; }) require_positive(who(), "depth_multiplier", c.depth_multiplier);
    complete_axes(who(), "kernel_size", c.kernel_size, kAxes);
    complete_data_format(who(), c.data_format);
    complete_windows(who(), kAxes, causal(), c.strides, c.dilation_rate, c.padding);
    if constexpr (requires { Kind<Config>::check(who(), c); }) Kind<Config>::check(who(), c);
    this->set_activity_regularizer(c.activity_regularizer);
  }

  void build(const Shape& input) override {
    const Config& c = config_;
    channels_ = known_channels(who(), input, kAxes, c.data_format);
    kernels_.clear();
    for (const WeightConfig& kernel : Kind<Config>::kernels(who(), c, input, channels_))
      kernels_.push_back(this->add_weight(kernel));
    if (!c.use_bias) return;
    if constexpr (requires { c.filters; })
      bias_ = this->add_weight(bias(c, {c.filters}));
    else
      bias_ = this->add_weight(bias(c, {channels_ * c.depth_multiplier}));
  }

  Tensor call(const Tensor& x, Context&) override {
    const Config& c = config_;
    require_channels(who(), x.shape(), kAxes, c.data_format, channels_);
    const Tensors kernels(kernels_.begin(), kernels_.end());
    Tensor y = Kind<Config>::convolve(c, channels_last(ops::cast(x, kernels[0].dtype()), c.data_format), kernels);
    if (c.use_bias) y = y + bias_;
    y = channels_as(y, c.data_format);
    return c.activation ? c.activation(y) : y;
  }

 private:
  using Configured<Layer, Config>::config_;
  using Configured<Layer, Config>::who;

  static constexpr bool causal() {
    if constexpr (requires { Kind<Config>::kCausal; }) return Kind<Config>::kCausal;
    return false;
  }

  std::int64_t channels_ = 0;
  std::vector<Variable> kernels_;
  Variable bias_;
};

template <template <int> class Config, int kAxes>
bool add_convolutional(const char* class_name, std::vector<std::string> aliases = {}) {
  return registry().add<ConvolutionalLayer<Config<kAxes>, kAxes>>(class_name, std::move(aliases));
}

}  // namespace cornu::keras::layers::internal

/// Defines `Config<kAxes>::make` and instantiates the configs; `fields` comes before it.
#define CORNU_CONVOLUTIONAL_CONFIG(Config)                                              \
  template <int kAxes>                                                                  \
  Made<Layer, Config<kAxes>> Config<kAxes>::make() const {                              \
    return std::make_shared<internal::ConvolutionalLayer<Config<kAxes>, kAxes>>(*this); \
  }                                                                                     \
  template struct Config<1>;                                                            \
  template struct Config<2>

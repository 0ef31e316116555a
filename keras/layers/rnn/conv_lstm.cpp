#include "cornu/keras/layers/rnn/conv_lstm.h"

#include "cornu/keras/layers/convolutional/internal/convolutional_layer.h"
#include "cornu/keras/layers/convolutional/with_filters.h"
#include "cornu/keras/layers/rnn/internal/kernel_cell.h"
#include "cornu/keras/layers/rnn/internal/lstm_gates.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

// How many windows fit.
std::int64_t windows_in(std::int64_t length, int kernel, int stride, int dilation, bool same) {
  return same ? (length + stride - 1) / stride : (length - dilation * (kernel - 1) - 1) / stride + 1;
}

// Keras knows it as a part of the layers alone.
template <int kAxes>
class ConvLSTMCell final : public Cell {
 public:
  ConvLSTMCell(const ConvLSTMConfig<kAxes>& config, const std::string& dtype)
      : Cell(LayerConfig{.name = "conv_lstm_cell", .trainable = config.trainable, .dtype = dtype}), config_(config) {
    set_seed(config.seed);
  }

  std::string class_name() const override { return "ConvLSTMCell"; }

  void build(const Shape& input) override {
    const std::int64_t gates = 4 * std::int64_t{config_.filters};
    channels_ = internal::known_channels(who(), input, kAxes, config_.data_format);
    kernel_ = add_weight(internal::kernel(config_, internal::kernel_shape(config_.kernel_size, channels_, gates)));
    recurrent_kernel_ = add_weight(
        internal::recurrent_kernel(config_, internal::kernel_shape(config_.kernel_size, config_.filters, gates)));
    if (!config_.use_bias) return;
    WeightConfig bias = internal::bias(config_, {gates});
    if (config_.unit_forget_bias) bias.initializer = internal::forget_bias(config_.bias_initializer);
    bias_ = add_weight(bias);
  }

  Shapes state_shapes(const Shape& input) const override {
    const bool first = config_.data_format == "channels_first";
    Shape shape = input;
    shape[first ? 1 : shape.rank() - 1] = config_.filters;
    for (int i = 0; i < kAxes; ++i)
      shape[first ? 2 + i : 1 + i] =
          windows_in(input[first ? 2 + i : 1 + i], config_.kernel_size[i], config_.strides[i], config_.dilation_rate[i],
                     config_.padding == "same");
    return {shape, shape};
  }

  // What is prepared has its channels last.
  CellSteps begin(const Shape& given, Context& ctx) override {
    internal::require_channels(who(), given, kAxes, config_.data_format, channels_);
    const std::string format = config_.data_format;
    const auto channels_last = [&](Shape shape) {
      if (format != "channels_first") return shape;
      const std::int64_t channels = shape[1];
      return shape.drop_front(2).prepend(shape[0]).append(channels);
    };
    const Convolution input{kernel_, masks(channels_last(given), config_.dropout, ctx), internal::windows(config_)};
    const Convolution recurrent{recurrent_kernel_,
                                masks(channels_last(state_shapes(given)[0]), config_.recurrent_dropout, ctx),
                                {.padding = "same"}};
    const auto prepare = [input, format, bias = config_.use_bias ? Tensor(bias_) : Tensor()](const Tensor& x) {
      const bool steps = x.ndim() == kAxes + 3;
      const Tensor flat = steps ? ops::reshape(x, x.shape().drop_front(2).prepend(x.shape()[0] * x.shape()[1])) : x;
      Tensor y = input(internal::channels_last(flat, format), steps ? x.shape()[0] : 1);
      if (bias.defined()) y = y + bias;
      return steps ? ops::reshape(y, y.shape().drop_front().prepend(x.shape()[1]).prepend(x.shape()[0])) : y;
    };
    const internal::LSTMGates gates{config_.activation, config_.recurrent_activation};
    const auto step = [recurrent, gates, format](const Tensor& x, const Tensors& states) {
      const Tensor h = internal::channels_last(states[0], format), c = internal::channels_last(states[1], format);
      CellOutput y = gates(x + recurrent(h, 1), c, kAxes + 1);
      for (Tensor& state : y.states) state = internal::channels_as(state, format);
      y.output = y.states[0];
      return y;
    };
    return {prepare, step};
  }

 private:
  /// With a mask for each gate, in training with dropout.
  struct Convolution {
    Tensor kernel;
    Tensors masks;
    ops::ConvConfig windows;

    /// Of (steps * batch, …, channels).
    Tensor operator()(const Tensor& x, std::int64_t steps) const {
      if (masks.empty()) return ops::conv(x, kernel, windows);
      const Tensors kernels = ops::split(kernel, 4, kAxes + 1);
      Tensors parts;
      for (std::size_t i = 0; i < masks.size(); ++i) {
        const Shape each = masks[i].shape().prepend(steps);
        const Tensor mask = ops::reshape(ops::broadcast_to(ops::expand_dims(masks[i], 0), each), x.shape());
        parts.push_back(ops::conv(x * mask, kernels[i], windows));
      }
      return ops::concatenate(parts);
    }
  };

  Tensors masks(const Shape& shape, double rate, Context& ctx) {
    Tensors list;
    if (!ctx.training() || rate == 0) return list;
    for (int i = 0; i < 4; ++i)
      list.push_back(internal::dropout_mask(random_state(ctx), shape, rate, Tensor(kernel_).dtype()));
    return list;
  }

  ConvLSTMConfig<kAxes> config_;
  std::int64_t channels_ = 0;
  Variable kernel_, recurrent_kernel_, bias_;
};

template <int kAxes>
class ConvLSTMLayer final : public internal::RecurrentLayer<ConvLSTMConfig<kAxes>> {
 public:
  explicit ConvLSTMLayer(ConvLSTMConfig<kAxes> config)
      : internal::RecurrentLayer<ConvLSTMConfig<kAxes>>(std::move(config)) {
    auto& c = this->config_;
    internal::require_positive(this->who(), "number of filters", c.filters);
    internal::complete_axes(this->who(), "kernel_size", c.kernel_size, kAxes);
    internal::complete_data_format(this->who(), c.data_format);
    internal::complete_windows(this->who(), kAxes, false, c.strides, c.dilation_rate, c.padding);
    internal::require_share(this->who(), "dropout", c.dropout);
    internal::require_share(this->who(), "recurrent_dropout", c.recurrent_dropout);
    this->set_cell(Shared<Cell>(std::make_shared<ConvLSTMCell<kAxes>>(c, this->dtype_policy().name())));
  }

  void build_all(const Shapes& inputs) override {
    const Shape& input = inputs.at(0);
    bool known = input.rank() == kAxes + 3;
    for (int axis = 2; known && axis < input.rank(); ++axis) known = input[axis] != kUnknown;
    require<ShapeError>(known, this->who(), "expected an input of ", kAxes + 3,
                        " axes, of which only batch and steps may be unknown, got shape ", input);
    Recurrent::build_all(inputs);
  }
};

const bool conv_lstm_registered = registry().add<ConvLSTMLayer<1>>("ConvLSTM1D") &&
                                  registry().add<ConvLSTMLayer<2>>("ConvLSTM2D") &&
                                  registry().add<ConvLSTMLayer<3>>("ConvLSTM3D");

}  // namespace

template <int kAxes>
void ConvLSTMConfig<kAxes>::fields(ConfigVisitor& v) {
  internal::visit_recurrent(*this, v);
  internal::visit_convolution(*this, v);
  v("recurrent_activation", recurrent_activation);
  v("use_bias", use_bias);
  v("unit_forget_bias", unit_forget_bias);
  internal::visit_recurrent_weights(*this, v);
  v("seed", seed, {.only_keras3 = true});
}

template <int kAxes>
Made<Recurrent, ConvLSTMConfig<kAxes>> ConvLSTMConfig<kAxes>::make() const {
  return std::make_shared<ConvLSTMLayer<kAxes>>(*this);
}

template <int kAxes>
ConvLSTM<kAxes>::ConvLSTM(int filters, ops::PerAxis kernel_size, ConvLSTMConfig<kAxes> config)
    : ConvLSTM([&] {
        give_filters("ConvLSTM", filters, std::move(kernel_size), config.filters, config.kernel_size);
        return std::move(config);
      }()) {}

#define CORNU_CONV_LSTM(kAxes)           \
  template struct ConvLSTMConfig<kAxes>; \
  template class ConvLSTM<kAxes>
CORNU_CONV_LSTM(1);
CORNU_CONV_LSTM(2);
CORNU_CONV_LSTM(3);
#undef CORNU_CONV_LSTM

}  // namespace cornu::keras::layers

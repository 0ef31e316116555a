#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cornu/keras/layers/convolutional/window_arguments.h"
#include "cornu/keras/layers/rnn/recurrent.h"

namespace cornu::keras::layers {

/// Arguments of the recurrent convolutions over one, two and three axes.
template <int kAxes>
struct ConvLSTMConfig {
  int filters = 0;         ///< the number of channels of output and states; required
  CORNU_WINDOW_ARGUMENTS;  ///< kernel_size, strides, padding ("valid" or "same") of the input's convolution
  CORNU_DATA_FORMAT_AND_DILATION_ARGUMENTS;
  CORNU_GATED_ARGUMENTS;
  bool unit_forget_bias = true;  ///< the forget gate's bias begins with ones
  CORNU_RECURRENT_REGULARIZERS;
  CORNU_ACTIVITY_REGULARIZER;
  CORNU_RECURRENT_CONSTRAINTS;
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_RECURRENT_ARGUMENTS;
  CORNU_RECURRENT_ARGUMENTS_BY_NAME;
  CORNU_CONFIG_OF_KIND(Recurrent, ConvLSTMConfig);
};

/// An LSTM whose products with kernels are convolutions (Shi et al., "Convolutional LSTM Network", 2015): (batch,
/// steps, …, channels) -> the last h (batch, …, filters), or all of them; see Recurrent. The input's convolution has
/// the given windows, the state's strides of 1 and padding "same". States: h, c. With data_format "channels_first"
/// channels stand behind the steps, in the input, the output and the states.
///
/// Weights: kernel (kernel_size…, channels, 4 filters), recurrent_kernel (kernel_size…, filters, 4 filters), bias (4
/// filters,). Throws ValueError for numbers that are not positive, another padding or data_format, strides and
/// dilations above 1 together; ShapeError for unknown lengths but those of batch and steps. Keras: `layers.ConvLSTM1D`,
/// `ConvLSTM2D`, `ConvLSTM3D`.
///
/// `ConvLSTM2D(16, 3)`, `ConvLSTM2D(16, {3, 5}, {.padding = "same", .return_sequences = true})`.
template <int kAxes>
class ConvLSTM : public Handle<Configured<Recurrent, ConvLSTMConfig<kAxes>>, ConvLSTMConfig<kAxes>> {
 public:
  using Handle<Configured<Recurrent, ConvLSTMConfig<kAxes>>, ConvLSTMConfig<kAxes>>::Handle;
  /// Throws ValueError if the config has other numbers.
  explicit ConvLSTM(int filters, ops::PerAxis kernel_size, ConvLSTMConfig<kAxes> config = {});
};
using ConvLSTM1D = ConvLSTM<1>;
using ConvLSTM2D = ConvLSTM<2>;
using ConvLSTM3D = ConvLSTM<3>;

}  // namespace cornu::keras::layers

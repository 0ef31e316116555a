#pragma once

#include <cstdint>
#include <optional>

#include "cornu/keras/layers/rnn/recurrent.h"

namespace cornu::keras::layers {

struct SimpleRNNCellConfig {
  int units = 0;  ///< the length of output and state; required
  Arg<activations::Activation> activation = "tanh";
  bool use_bias = true;
  CORNU_RECURRENT_INITIALIZERS;
  CORNU_RECURRENT_REGULARIZERS;
  CORNU_RECURRENT_CONSTRAINTS;
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_CONFIG_OF_KIND(Cell, SimpleRNNCellConfig);
  using positional = Positions<&SimpleRNNCellConfig::units>;
};

struct SimpleRNNConfig {
  int units = 0;  ///< the length of output and state; required
  Arg<activations::Activation> activation = "tanh";
  bool use_bias = true;
  CORNU_RECURRENT_INITIALIZERS;
  CORNU_RECURRENT_REGULARIZERS;
  CORNU_ACTIVITY_REGULARIZER;
  CORNU_RECURRENT_CONSTRAINTS;
  CORNU_RECURRENT_ARGUMENTS;
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_RECURRENT_ARGUMENTS_BY_NAME;
  CORNU_CONFIG_OF_KIND(Recurrent, SimpleRNNConfig);
  using positional = Positions<&SimpleRNNConfig::units>;
};

/// `h = activation(x kernel + bias + h recurrent_kernel)` in each step of (batch, steps, features): the last h (batch,
/// units), or all of them; see Recurrent. Weights: kernel (features, units), recurrent_kernel (units, units), bias
/// (units,). State: h. Throws ValueError for units that are not positive and dropouts outside of 0 to 1. Keras:
/// `layers.SimpleRNN`.
///
/// `SimpleRNN(8)`, `SimpleRNN(8, {.activation = "relu", .return_sequences = true})`.
using SimpleRNN = RecurrentOf<SimpleRNNConfig>;
/// One step of it: (batch, features) and h -> h and h. Keras: `layers.SimpleRNNCell`.
using SimpleRNNCell = CellOf<SimpleRNNCellConfig>;

}  // namespace cornu::keras::layers

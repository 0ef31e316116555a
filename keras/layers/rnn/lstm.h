#pragma once

#include <cstdint>
#include <optional>

#include "cornu/keras/layers/rnn/recurrent.h"

namespace cornu::keras::layers {

struct LSTMCellConfig {
  int units = 0;  ///< the length of output and states; required
  CORNU_GATED_ARGUMENTS;
  bool unit_forget_bias = true;  ///< the forget gate's bias begins with ones
  CORNU_RECURRENT_REGULARIZERS;
  CORNU_RECURRENT_CONSTRAINTS;
  std::optional<std::int64_t> seed = std::nullopt;
  int implementation = 2;  ///< 1: each gate drops other inputs
  CORNU_CONFIG_OF_KIND(Cell, LSTMCellConfig);
  using positional = Positions<&LSTMCellConfig::units>;
};

struct LSTMConfig {
  int units = 0;  ///< the length of output and states; required
  CORNU_GATED_ARGUMENTS;
  bool unit_forget_bias = true;  ///< the forget gate's bias begins with ones
  CORNU_RECURRENT_REGULARIZERS;
  CORNU_ACTIVITY_REGULARIZER;
  CORNU_RECURRENT_CONSTRAINTS;
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_RECURRENT_ARGUMENTS;
  CORNU_RECURRENT_ARGUMENTS_BY_NAME;
  int implementation = 2;  ///< 1: each gate drops other inputs; so it is with recurrent_dropout, too
  CORNU_CONFIG_OF_KIND(Recurrent, LSTMConfig);
  using positional = Positions<&LSTMConfig::units>;
};

/// Long short-term memory (Hochreiter and Schmidhuber, 1997). In each step of (batch, steps, features), with the gates
/// `i, f, c', o = x kernel + bias + h recurrent_kernel` in that order:
///
///     c = recurrent_activation(f) * c + recurrent_activation(i) * activation(c')
///     h = recurrent_activation(o) * activation(c)
///
/// Gives the last h (batch, units), or all of them; see Recurrent. States: h, c. Weights: kernel (features, 4 units),
/// recurrent_kernel (units, 4 units), bias (4 units,). Throws ValueError for units that are not positive and dropouts
/// outside of 0 to 1. Keras: `layers.LSTM`.
///
/// `LSTM(32)`, `LSTM(32, {.return_sequences = true, .dropout = 0.2})`.
using LSTM = RecurrentOf<LSTMConfig>;
/// One step of it: (batch, features), h and c -> h, h and c. Keras: `layers.LSTMCell`.
using LSTMCell = CellOf<LSTMCellConfig>;

}  // namespace cornu::keras::layers

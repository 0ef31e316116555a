#pragma once

#include <cstdint>
#include <optional>

#include "cornu/keras/layers/rnn/recurrent.h"

namespace cornu::keras::layers {

struct GRUCellConfig {
  int units = 0;  ///< the length of output and state; required
  CORNU_GATED_ARGUMENTS;
  CORNU_RECURRENT_REGULARIZERS;
  CORNU_RECURRENT_CONSTRAINTS;
  bool reset_after = true;  ///< the reset gate takes effect behind the recurrent kernel, else before it
  std::optional<std::int64_t> seed = std::nullopt;
  int implementation = 2;  ///< 1: each gate drops other inputs
  CORNU_CONFIG_OF_KIND(Cell, GRUCellConfig);
  using positional = Positions<&GRUCellConfig::units>;
};

struct GRUConfig {
  int units = 0;  ///< the length of output and state; required
  CORNU_GATED_ARGUMENTS;
  CORNU_RECURRENT_REGULARIZERS;
  CORNU_ACTIVITY_REGULARIZER;
  CORNU_RECURRENT_CONSTRAINTS;
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_RECURRENT_ARGUMENTS;
  bool reset_after = true;  ///< the reset gate takes effect behind the recurrent kernel, else before it
  CORNU_RECURRENT_ARGUMENTS_BY_NAME;
  int implementation = 2;  ///< 1: each gate drops other inputs; so it is with recurrent_dropout, too
  CORNU_CONFIG_OF_KIND(Recurrent, GRUConfig);
  using positional = Positions<&GRUConfig::units>;
};

/// Gated recurrent unit (Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014). In each step
/// of (batch, steps, features), with the gates z, r, h' of `x kernel + bias` and of the recurrent product in that
/// order:
///
///     z, r = recurrent_activation(x_z + h_z), recurrent_activation(x_r + h_r)
///     h = z * h + (1 - z) * activation(x_h + r * (h recurrent_kernel_h + recurrent bias_h))    with reset_after
///     h = z * h + (1 - z) * activation(x_h + (r * h) recurrent_kernel_h)                        without
///
/// Gives the last h (batch, units), or all of them; see Recurrent. State: h. Weights: kernel (features, 3 units),
/// recurrent_kernel (units, 3 units), bias (2, 3 units) with reset_after (of the input, then of the recurrent product),
/// else (3 units,). Throws ValueError for units that are not positive and dropouts outside of 0 to 1. Keras:
/// `layers.GRU`.
///
/// `GRU(32)`, `GRU(32, {.return_sequences = true, .reset_after = false})`.
using GRU = RecurrentOf<GRUConfig>;
/// One step of it: (batch, features) and h -> h and h. Keras: `layers.GRUCell`.
using GRUCell = CellOf<GRUCellConfig>;

}  // namespace cornu::keras::layers

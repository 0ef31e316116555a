#pragma once

#include <string>

#include "cornu/keras/layers/rnn/recurrent.h"

namespace cornu::keras::layers {

struct BidirectionalConfig {
  Arg<Layer> layer = nullptr;           ///< required: LSTM, GRU, RNN or another Recurrent
  std::string merge_mode = "concat";    ///< "sum", "mul", "ave", "concat"; empty (Keras' None): two outputs
  Arg<Layer> backward_layer = nullptr;  ///< for the other direction, instead of the same layer
  CORNU_CONFIG_OF_KIND(Recurrent, BidirectionalConfig);
  using positional = Positions<&BidirectionalConfig::layer>;
};

/// A recurrent layer in both directions over a sequence (batch, steps, …): its outputs, those of the backward direction
/// put in the order of the steps, become one output by merge_mode. The two layers are made anew from `layer` with the
/// names forward_… and backward_…; `layer` itself stays as it is. A backward_layer is used as it is. The outputs of
/// masked steps are zeros. Behind the output come, with the layer's return_state, the states of the forward and then of
/// the backward layer, and as many are taken as initial_state.
///
/// Weights: the forward layer's, then the backward layer's. Throws ValueError for a layer that is not recurrent,
/// another merge_mode, a backward_layer of the same direction or with other return_sequences, return_state or stateful.
/// Keras: `layers.Bidirectional`.
///
/// `Bidirectional(LSTM(16, {.return_sequences = true}))`, `Bidirectional(GRU(8), {.merge_mode = "sum"})`.
using Bidirectional = RecurrentOf<BidirectionalConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include <vector>

#include "cornu/keras/layers/rnn/recurrent.h"

namespace cornu::keras::layers {

struct RNNConfig {
  Arg<Layer> cell = nullptr;  ///< required: a Cell
  CORNU_RECURRENT_ARGUMENTS;
  CORNU_RECURRENT_ARGUMENTS_BY_NAME;
  CORNU_CONFIG_OF_KIND(Recurrent, RNNConfig);
  using positional = Positions<&RNNConfig::cell>;
};

/// A recurrent layer over any cell, of Keras' or one's own (see Cell): (batch, steps, …) -> what the cell gives in the
/// last step or in all of them; see Recurrent. Weights: the cell's. Several cells are stacked one above the other.
/// Throws ValueError without a cell. Keras: `layers.RNN`.
///
/// `RNN(LSTMCell(32), {.return_sequences = true})`, `RNN({LSTMCell(32), LSTMCell(16)})`.
class RNN : public RecurrentOf<RNNConfig> {
 public:
  using Handle::Handle;
  explicit RNN(std::vector<Shared<Cell>> cells, RNNConfig config = {});
};

}  // namespace cornu::keras::layers

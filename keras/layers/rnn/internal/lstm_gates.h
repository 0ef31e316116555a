#pragma once

#include "cornu/keras/layers/rnn/cell.h"

namespace cornu::keras::layers::internal {

/// What an LSTM makes of its gates' sums i, f, c', o, which lie one after another along an axis, and of the state c.
struct LSTMGates {
  Arg<activations::Activation> activation, recurrent_activation;
  CellOutput operator()(const Tensor& sums, const Tensor& c, int axis) const;
};

/// The initializer of a bias for four gates of which the second one begins with ones.
Arg<initializers::Initializer> forget_bias(const Arg<initializers::Initializer>& others);

}  // namespace cornu::keras::layers::internal

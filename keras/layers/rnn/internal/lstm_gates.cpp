#include "cornu/keras/layers/rnn/internal/lstm_gates.h"

#include "cornu/graph/array/random.h"
#include "cornu/keras/utils/random_seed.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers::internal {

CellOutput LSTMGates::operator()(const Tensor& sums, const Tensor& c, int axis) const {
  const auto activated = [](const Arg<activations::Activation>& f, const Tensor& x) { return f ? f(x) : x; };
  const Tensors gates = ops::split(sums, 4, axis);
  const Tensor i = activated(recurrent_activation, gates[0]), f = activated(recurrent_activation, gates[1]);
  const Tensor carry = f * c + i * activated(activation, gates[2]);
  const Tensor h = activated(recurrent_activation, gates[3]) * activated(activation, carry);
  return {h, {h, carry}};
}

Arg<initializers::Initializer> forget_bias(const Arg<initializers::Initializer>& others) {
  return [others](const Shape& shape) {
    graph::random::Generator random(utils::next_random_seed());
    const std::int64_t units = shape.front() / 4;
    const auto part = [&](std::int64_t length) {
      return others ? (*others)(Shape{length}, random) : graph::zeros({length});
    };
    const Array first = part(units);
    return graph::concatenate({first, graph::ones({units}), part(2 * units)}, 0);
  };
}

}  // namespace cornu::keras::layers::internal

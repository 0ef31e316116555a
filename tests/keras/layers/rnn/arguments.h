#pragma once

#include <string>

#include "cornu/graph/array/array.h"
#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/layer.h"
#include "tests/keras/layers/call_layer.h"

namespace cornu::tests {

// JSON that gives the arguments of recurrent layers other values than their defaults. What only one Keras has, and so
// does not survive the other one's files, is null.

inline const std::string kRecurrentJson =
    R"("return_sequences": true, "return_state": true, "go_backwards": true, "stateful": true, "unroll": true,
       "zero_output_for_mask": true, "time_major": null)";

/// Behind `use_bias`.
inline std::string weights_json(bool of_layer) {
  return std::string(R"("kernel_initializer": "he_normal", "recurrent_initializer": "glorot_uniform",
      "bias_initializer": "ones", "kernel_regularizer": "l1", "recurrent_regularizer": "l2",
      "bias_regularizer": "L1")") +
         (of_layer ? R"(, "activity_regularizer": "L2")" : "") +
         R"(, "kernel_constraint": "max_norm", "recurrent_constraint": "unit_norm", "bias_constraint": "non_neg",
      "dropout": 0.25, "recurrent_dropout": 0.5)";
}

/// Sequences (rows, steps, features) of which each has its own length, padded with zeros, and which steps are none.
struct Padded {
  Array x, mask;
};
inline Padded padded(const std::vector<std::int64_t>& lengths, std::int64_t steps, std::int64_t features,
                     bool in_front) {
  const auto rows = static_cast<std::int64_t>(lengths.size());
  Padded all{some({rows, steps, features}, 3), graph::zeros({rows, steps}, graph::bool_)};
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t t = 0; t < steps; ++t) {
      const std::int64_t length = lengths[static_cast<std::size_t>(row)];
      const bool valid = in_front ? t >= steps - length : t < length;
      all.mask.data<bool>()[row * steps + t] = valid;
      for (std::int64_t f = 0; f < features && !valid; ++f) all.x.data<float>()[(row * steps + t) * features + f] = 0;
    }
  return all;
}

/// One row of padded sequences without its padding: (1, length, features).
inline Array unpadded(const Padded& all, std::int64_t row, std::int64_t length, bool in_front) {
  const std::int64_t steps = all.x.shape()[1], features = all.x.shape()[2];
  const Array whole = all.x[row];
  return (in_front ? whole.slice(steps - length, steps) : whole.slice(0, length)).reshape({1, length, features});
}

}  // namespace cornu::tests

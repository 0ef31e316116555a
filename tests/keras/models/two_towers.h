#pragma once

#include <string>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/concatenate.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/models/model.h"

namespace cornu::tests {

/// `(np.arange(n * k) * s % 11 - 5) * 0.2` as (n, k).
inline keras::Array data(std::int64_t n, std::int64_t k, std::int64_t s) {
  keras::Array x(keras::Shape{n, k});
  for (std::int64_t i = 0; i < n * k; ++i)
    x.data<float>()[i] = static_cast<float>(static_cast<double>(i * s % 11 - 5) * 0.2);
  return x;
}

/// Each weight is `(np.arange(size) % 7 - 3) * 0.1`.
inline void set_known_weights(keras::models::Model& model) {
  std::vector<keras::Array> values = model.get_weights();
  for (keras::Array& value : values) {
    keras::Array known(value.shape());
    for (std::int64_t i = 0; i < known.size(); ++i)
      known.data<float>()[i] = static_cast<float>(static_cast<double>(i % 7 - 3) * 0.1);
    value = known;
  }
  model.set_weights(values);
}

/// Two inputs "left" and "right" of 2, a shared layer, a residual, two outputs "digit" of 3 and "same" of 1, with known
/// weights.
inline keras::models::Model two_towers() {
  using namespace keras;
  const layers::Input left({.shape = {2}, .name = "left"}), right({.shape = {2}, .name = "right"});
  auto shared = layers::Dense(2, {.activation = "tanh", .name = "shared"});
  const auto sum = layers::Add({.name = "res"})({shared(left), left});
  const auto join = layers::Concatenate({.name = "join"})({sum, shared(right)});
  models::Model model({.inputs = {left, right},
                       .outputs = {layers::Dense(3, {.activation = "softmax", .name = "digit"})(join),
                                   layers::Dense(1, {.activation = "sigmoid", .name = "same"})(join)},
                       .name = "towers"});
  set_known_weights(model);
  return model;
}

}  // namespace cornu::tests

#pragma once

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/utils/to_categorical.h"

namespace cornu::tests {

/// (samples, 5) numbers between -1 and 1.
inline Array some_inputs(int samples = 12) {
  Array x(Shape{samples, 5});
  for (std::int64_t i = 0; i < x.size(); ++i) x.data<float>()[i] = static_cast<float>((i * 37 % 101) / 50.0 - 1);
  return x;
}

/// (samples,) class numbers 0 to 2.
inline Array some_labels(int samples = 12) {
  Array labels(Shape{samples}, graph::int32);
  for (int i = 0; i < samples; ++i) labels.data<std::int32_t>()[i] = (i * 7 + i / 3) % 3;
  return labels;
}

/// (samples, 3) one-hot.
inline Array some_classes(int samples = 12) { return keras::utils::to_categorical(some_labels(samples), 3); }

/// 5 -> 4 -> 3, "dense" and "dense_1".
inline keras::models::Sequential small_network() {
  return keras::models::Sequential({keras::layers::Dense(4, {.activation = "tanh", .input_shape = {5}}),
                                    keras::layers::Dense(3, {.activation = "softmax"})});
}

inline bool equal_bits(const Array& a, const Array& b) {
  return a.shape() == b.shape() && a.dtype() == b.dtype() &&
         std::memcmp(a.data<float>(), b.data<float>(), static_cast<std::size_t>(a.size()) * sizeof(float)) == 0;
}

inline bool equal_bits(const std::vector<Array>& a, const std::vector<Array>& b) {
  bool equal = a.size() == b.size();
  for (std::size_t i = 0; equal && i < a.size(); ++i) equal = equal_bits(a[i], b[i]);
  return equal;
}

}  // namespace cornu::tests

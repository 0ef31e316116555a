#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cornu/keras/layers/keras_tensor.h"

namespace cornu::tests {

/// An operation on symbolic tensors with an example, from which tests/sweeps/keras_operations_sweep_test.cpp checks
/// values, files and masks. A registered operation without a sample fails the sweep.
struct OperationSample {
  std::string class_name;
  std::vector<graph::Array> inputs;  ///< with the batch axis
  std::function<keras::KerasTensor(const std::vector<keras::KerasTensor>&)> symbolic;
  std::function<graph::Tensor(const std::vector<graph::Tensor>&)> computed;
  bool in_keras2 = true;  ///< TensorFlow has a function for it
};

inline std::vector<std::function<std::vector<OperationSample>()>>& operation_sample_makers() {
  static std::vector<std::function<std::vector<OperationSample>()>> makers;
  return makers;
}
/// Adds samples, made when the sweep starts. One call a test file.
inline bool register_operation_samples(std::function<std::vector<OperationSample>()> samples) {
  return operation_sample_makers().push_back(std::move(samples)), true;
}
inline std::vector<OperationSample> operation_samples() {
  std::vector<OperationSample> all;
  for (const auto& make : operation_sample_makers())
    for (auto& sample : make()) all.push_back(std::move(sample));
  return all;
}

/// One with the same words for symbolic tensors and for tensors: `[](const auto& x) { return ops::exp(x[0]); }`.
template <class F>
OperationSample operation(std::string class_name, std::vector<graph::Array> inputs, F f, bool in_keras2 = true) {
  return {std::move(class_name), std::move(inputs), f, f, in_keras2};
}

}  // namespace cornu::tests

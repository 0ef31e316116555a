#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cornu/graph/tensor.h"
#include "tests/support/float64.h"

namespace cornu::tests {

using graph::Tensor;
using graph::Tensors;

/// One or several tensors, so that a sample's builder may return either.
struct Built : Tensors {
  Built(Tensor one) : Tensors{std::move(one)} {}     // NOLINT: converts
  Built(Tensors many) : Tensors(std::move(many)) {}  // NOLINT: converts
};

/// A use of an op with numbers, from which the sweep (tests/sweeps/ops_sweep_test.cpp) checks everything that holds for
/// ops: values against the reference, first and second gradients against differences of the reference, memory, traits.
struct OpSample {
  std::string op;                              ///< registered name of the op that this is a sample of
  std::string what;                            ///< which case: "relu, negative slope"
  std::function<Built(const Tensors&)> build;  ///< of inputs of the arrays' specs; must contain a node of the op
  std::vector<Array> inputs;
  std::function<F64s(const std::vector<F64>&)> reference;  ///< the outputs in double precision, written plainly
  /// Inputs by which the (floating) outputs are differentiated: smooth within 0.01 around the given numbers.
  std::vector<int> differentiable = {};
  double rtol = 1e-5;  ///< |got - want| <= rtol |want| + atol max |want|
  double atol = 4e-6;
  bool second = true;  ///< false: only the first gradient is compared
};

/// A misuse: describing it must throw, with a text that begins with (or contains, in brackets) the op's name and
/// contains `text`.
struct OpError {
  std::string op;
  std::string text;
  std::function<void()> build;
};

/// Adds samples (made when the sweep starts, not when the program does). One call a test file:
///
///     static const bool samples = register_samples([] { return std::vector<OpSample>{{.op = "softmax", …}}; });
bool register_samples(std::function<std::vector<OpSample>()> samples);
bool register_errors(std::function<std::vector<OpError>()> errors);

const std::vector<OpSample>& op_samples();
const std::vector<OpError>& op_errors();

/// A parameter of a spec, for building graphs in tests.
Tensor input(int index, const Shape& shape, DType dtype = graph::float32);

}  // namespace cornu::tests

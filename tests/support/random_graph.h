#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "cornu/graph/outputs.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {

/// What a random graph is drawn from.
struct RandomGraphConfig {
  int steps = 12;         ///< uses of ops, besides those that make one's result fit another
  bool products = false;  ///< matmul among the ops, and only ops that are continuous
  bool bfloat16 = false;  ///< some floating inputs are bfloat16
};

/// A computation of ops drawn from the registered samples, each reading parameters, variables, constants and what came
/// before it, through reshapes, slices and casts that make it fit; with gradients among it, several outputs and updates
/// of variables. The same seed gives the same computation.
class RandomGraph {
 public:
  RandomGraph(std::uint64_t seed, RandomGraphConfig config);

  const std::vector<Array>& arguments() const { return arguments_; }
  const std::vector<graph::Variable>& variables() const { return variables_; }
  /// Gives all variables the values that they had at first.
  void reset() const;

  /// Describes the computation on these parameters.
  graph::Outputs build(std::span<const Tensor> parameters) const;

 private:
  class Builder;

  std::uint64_t seed_;
  RandomGraphConfig config_;
  std::vector<Array> arguments_;
  std::vector<graph::Variable> variables_;
  std::vector<Array> values_;  ///< of the variables
};

}  // namespace cornu::tests

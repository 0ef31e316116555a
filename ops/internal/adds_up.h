#pragma once

#include "cornu/graph/op.h"

namespace cornu::ops::internal {

/// Tensors of a loop's body, seen from outside of the loop.
class OverSteps {
 public:
  /// False for what is the same in all steps.
  virtual bool varies(const graph::Tensor& t) const = 0;
  /// What is the same in all steps, outside of the loop.
  virtual graph::Tensor once(const graph::Tensor& t) const = 0;
  /// Its values in all steps, along a new first axis; undefined if the loop does not keep them.
  virtual graph::Tensor all(const graph::Tensor& t) const = 0;
  /// The sum of its values in all steps; undefined if only the loop itself can add them up.
  virtual graph::Tensor sum(const graph::Tensor& t) const = 0;

 protected:
  ~OverSteps() = default;
};

/// What an op offers whose results, of all steps of a loop, can be added up at once: the product of two matrices in
/// each step is one product of taller ones. The gradients of a loop's weights are such sums.
class AddsUp {
 public:
  /// The sum of output 0 of a node with this op; undefined if there is no better way than to add up.
  virtual graph::Tensor sum_over_steps(const graph::Node& node, const OverSteps& steps) const = 0;

 protected:
  ~AddsUp() = default;
};

/// A linear op: its results' sum is its result of its inputs' sums.
class AddsUpBefore : public AddsUp {
 public:
  graph::Tensor sum_over_steps(const graph::Node& node, const OverSteps& steps) const override {
    graph::Tensors totals;
    for (const graph::Tensor& input : node.inputs()) {
      totals.push_back(steps.sum(input));
      if (!totals.back().defined()) return {};
    }
    return graph::apply1(node.op_ptr(), std::move(totals));
  }

 protected:
  ~AddsUpBefore() = default;
};

}  // namespace cornu::ops::internal

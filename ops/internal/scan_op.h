#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "cornu/graph/bodies.h"
#include "cornu/graph/internal/rebuild.h"
#include "cornu/ops/bfloat16.h"

namespace cornu::ops::internal {

/// A loop of a known number of steps. The node's inputs are the first values of the carries, the sequences, of which
/// each step sees one element along axis 0, and the constants; its outputs are the last values of the carries, and what
/// the steps gave besides, along a new axis 0. The body has a parameter for each input and a result for each output.
struct Scan final : graph::Op, TakesBFloat16, graph::HasBodies {
  graph::Outputs body;
  int carries = 0, sequences = 0;
  std::int64_t length = 0;
  bool reverse = false;   ///< the last element comes first

  std::string_view name() const override { return "scan"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& r) const override;
  graph::Traits traits() const override { return body_traits(); }

  std::vector<const graph::Outputs*> bodies() const override { return {&body}; }
  std::shared_ptr<const graph::Op> with_bodies(std::vector<graph::Outputs> bodies) const override;
  graph::Tensors gradient_of_bodies(const graph::Backward& b, const graph::Differentiate& differentiate) const override;
  std::vector<bool> needed_inputs(const graph::Node& node, const std::vector<bool>& used) const override;
  graph::Tensors reduced(const graph::Node& node, const std::vector<bool>& used) const override;
};

/// A tensor that a body reads, and what it is outside.
struct Binding {
  graph::Tensor inner, outer;
};

/// What a loop is made of: tensors that were computed from `inner` ones.
struct LoopParts {
  std::vector<Binding> carries, sequences, constants;
  graph::Tensors next;     ///< the carries after a step
  graph::Tensors outputs;  ///< of a step
  std::int64_t length = 0;
  bool reverse = false;
  /// Nodes with numbers from this one on were made for the body. What it reads of others, and what does not depend on
  /// the step, becomes a constant.
  std::uint64_t begin = 0;
  const char* who = "scan";  ///< for errors
};

/// A loop's node: what it gives, and what was made of the tensors in its body.
class Loop {
 public:
  /// With `keeps_all` the node gives every tensor of the body in all steps, for gradients to read; what nobody reads is
  /// dropped before it runs. Throws ValueError for a body with random numbers whose state is the same in each step.
  Loop(const LoopParts& parts, bool keeps_all);

  graph::Tensors carries() const;  ///< after the last step
  graph::Tensors outputs() const;  ///< those that were asked for
  /// A tensor of the body in all steps; undefined if it is not kept.
  graph::Tensor all(const graph::Tensor& inner) const;
  const std::shared_ptr<const graph::Node>& node() const { return node_; }

 private:
  std::shared_ptr<const graph::Node> node_;
  int carries_, outputs_;
  std::int64_t length_;
  graph::internal::TensorMap<graph::Tensor> all_;  // by the tensor that came in
};

/// The same computed step by step, without a loop: final carries, then the outputs along axis 0.
graph::Tensors unrolled(const LoopParts& parts);

}  // namespace cornu::ops::internal

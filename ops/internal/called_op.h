#pragma once

#include <cstdint>
#include <vector>

#include "cornu/graph/bodies.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/scan_op.h"

namespace cornu::ops::internal {

/// A node that runs one of its bodies once. All bodies have parameters for the node's inputs from `first()` on and the
/// same results, which are the node's outputs.
///
/// A body is not mixed with what stands around it: what its gradient needs of it is computed again, within the
/// gradient's own node.
struct Called : graph::Op, TakesBFloat16, graph::HasBodies {
  std::vector<graph::Outputs> branches;

  /// Which of so many bodies is meant by what the node's input 0 holds.
  using Choose = std::size_t (*)(const void* value, std::size_t bodies);
  /// Null if there is only one body, and no such input.
  virtual Choose choose() const { return nullptr; }
  /// The inputs before those of the bodies.
  int first() const { return choose() ? 1 : 0; }
  virtual std::shared_ptr<Called> copy() const = 0;

  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& r) const override;
  graph::Traits traits() const override { return body_traits(); }

  std::vector<const graph::Outputs*> bodies() const override;
  std::shared_ptr<const graph::Op> with_bodies(std::vector<graph::Outputs> bodies) const override;
  graph::Tensors gradient_of_bodies(const graph::Backward& b, const graph::Differentiate& differentiate) const override;
  std::vector<bool> needed_inputs(const graph::Node& node, const std::vector<bool>& used) const override;
  graph::Tensors reduced(const graph::Node& node, const std::vector<bool>& used) const override;
};

/// Tensors for a body to read in place of those, which are its node's inputs. Throws ValueError for an undefined one.
struct InnerTensors {
  std::vector<Binding> bindings;
  graph::Tensors inner;
};
InnerTensors inner_of(const char* who, const graph::Tensors& outer);

/// A node of such an op. `results` are those of each body, computed from the inner tensors of `bindings`; what they
/// read that was made before the node with number `begin`, and variables, become inputs, too.
graph::Tensors called(const Called& like, const graph::Tensors& choosing, const std::vector<Binding>& bindings,
                      const std::vector<graph::Tensors>& results, std::uint64_t begin);

/// The number that the next node gets, or a higher one's.
std::uint64_t next_number();

}  // namespace cornu::ops::internal

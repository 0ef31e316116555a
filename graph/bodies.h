#pragma once

#include <functional>
#include <vector>

#include "cornu/graph/op.h"
#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// Gradients of outputs with given cotangents, for what differentiates a computation within another: it is given by who
/// asks for the gradient, as ops know nothing of differentiation.
using Differentiate = std::function<Tensors(const Tensors& outputs, const Tensors& cotangents, const Tensors& wrt)>;

/// What an op is besides, if it runs computations of its own: the steps of a loop, the branches of a choice. Such a
/// body reads its parameters and constants, and no variable: what it needs from outside are inputs of the node.
///
/// The passes rewrite bodies as they do any computation. An op of this kind has no `gradient(const Backward&)` but the
/// one below.
class CORNU_EXPORT HasBodies {
 public:
  virtual ~HasBodies();
  virtual std::vector<const Outputs*> bodies() const = 0;
  /// The same op with rewritten bodies, which have the same parameters and results.
  virtual std::shared_ptr<const Op> with_bodies(std::vector<Outputs> bodies) const = 0;
  /// As Op::gradient, with what differentiates a body.
  virtual Tensors gradient_of_bodies(const Backward& b, const Differentiate& differentiate) const = 0;
  /// Which inputs are needed if only these outputs are read; by default all.
  virtual std::vector<bool> needed_inputs(const Node& node, const std::vector<bool>& used) const;
  /// What computes the outputs that are read with less: without the others, with what does not change from step to step
  /// outside of the loop. Undefined tensors stand for outputs that nobody reads. Empty if there is nothing to gain.
  virtual Tensors reduced(const Node& node, const std::vector<bool>& used) const;
  /// To be called when the bodies are there: what is in them makes the op stateful, and gives it an effect.
  void look_at_bodies();

 protected:
  Traits body_traits() const { return {.stateful = stateful_, .effect = effect_}; }

 private:
  bool stateful_ = false;
  std::int64_t effect_ = 0;
};

/// The bodies of a node's op; none for most.
std::vector<const Outputs*> bodies_of(const Op& op);

}  // namespace cornu::graph

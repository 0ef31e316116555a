#pragma once

#include <iosfwd>
#include <memory>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::graph {

class Node;
class Variable;

/// Symbolic: one output of a node. Made by the functions of ops/, by reading a Variable, or from an Array as a
/// constant; holds no numbers, only a dtype and a static shape. Copying is cheap and means the same output.
///
///     Function f([&](const Tensor& x) { return ops::relu(ops::matmul(x, w) + b); });
class Tensor {
 public:
  Tensor() = default;
  Tensor(std::shared_ptr<const Node> node, int index) : node_(std::move(node)), index_(index) {}
  Tensor(const Variable& variable);  // NOLINT: reads the variable
  Tensor(const Array& value);        // NOLINT: a constant

  /// False for a default-constructed tensor: no value, or no gradient.
  bool defined() const { return node_ != nullptr; }
  const Spec& spec() const;
  const Shape& shape() const { return spec().shape; }
  DType dtype() const { return spec().dtype; }
  int ndim() const { return shape().rank(); }

  const Node& node() const { return *node_; }
  const std::shared_ptr<const Node>& node_ptr() const { return node_; }
  int index() const { return index_; }
  /// The same output of the same node (not: equal numbers).
  bool same(const Tensor& other) const { return node_ == other.node_ && index_ == other.index_; }

 private:
  std::shared_ptr<const Node> node_;
  int index_ = 0;
};
using Tensors = std::vector<Tensor>;

/// `float32(32, 10)`.
std::ostream& operator<<(std::ostream&, const Tensor&);

}  // namespace cornu::graph

namespace cornu {
using graph::Tensor;
using graph::Tensors;
}  // namespace cornu

#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "cornu/graph/tensor.h"

namespace cornu::graph {

/// State that outlives a run: weights, optimizer slots, moving statistics, random state. A handle: copies are the same
/// variable.
///
///     Variable w(rng.normal({784, 10}, 0, 0.05), "w");
///     Tensor y = ops::matmul(x, w);      // reads it
///     w.assign(w.value() * 0.5);
class Variable {
 public:
  /// No variable; only assigning, comparing and `defined()` are allowed.
  Variable() = default;
  /// Copies the value.
  explicit Variable(const Array& value, std::string name = "", bool trainable = true);

  bool defined() const { return state_ != nullptr; }
  const Spec& spec() const;
  const Shape& shape() const { return spec().shape; }
  DType dtype() const { return spec().dtype; }
  const std::string& name() const;
  void rename(std::string name);
  bool trainable() const;
  void set_trainable(bool);

  /// A copy of the numbers.
  Array value() const;
  /// Copies the numbers in; throws ShapeError unless the shapes are equal (dtypes are converted).
  void assign(const Array& value);

  /// The memory itself, in plain row-major layout, for plans: fixed for the variable's life.
  void* data() const;
  /// Grows with every change; packed copies compare it.
  std::uint64_t version() const;
  void touch() const;

  friend bool operator==(const Variable& a, const Variable& b) { return a.state_ == b.state_; }
  /// Identity, for maps.
  const void* id() const { return state_.get(); }

 private:
  struct State;
  const State& state() const;
  std::shared_ptr<State> state_;
};

}  // namespace cornu::graph

namespace cornu {
using graph::Variable;
}  // namespace cornu

#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "cornu/graph/variable.h"

namespace cornu::graph {

/// What a traced function gives back: tensors, and new values for variables.
///
///     return Outputs{loss}.update(w, w - 0.1f * g[0]);
///
/// All updates of a call happen together after it: every read in the call sees the old values.
class Outputs {
 public:
  using Update = std::pair<Variable, Tensor>;

  Outputs() = default;
  Outputs(Tensor tensor) : tensors_{std::move(tensor)} {}  // NOLINT: a function may return just a tensor
  Outputs(std::initializer_list<Tensor> tensors) : tensors_(tensors) {}
  explicit Outputs(Tensors tensors) : tensors_(std::move(tensors)) {}
  /// With updates that are known to fit: those of another computation, rewritten.
  Outputs(Tensors tensors, std::vector<Update> updates) : tensors_(std::move(tensors)), updates_(std::move(updates)) {}

  Outputs& add(Tensor tensor) & {
    tensors_.push_back(std::move(tensor));
    return *this;
  }
  /// Throws ShapeError or TypeError if the value does not fit, ValueError if the variable has an update already.
  Outputs& update(const Variable& variable, const Tensor& value) &;
  Outputs&& update(const Variable& variable, const Tensor& value) && {
    update(variable, value);
    return std::move(*this);
  }

  /// The same with `now(tensor)`, of the same spec, in place of every tensor.
  template <class F>
  Outputs rewritten(F&& now) const {
    Outputs result;
    result.tensors_.reserve(tensors_.size());
    result.updates_.reserve(updates_.size());
    for (const Tensor& tensor : tensors_) result.tensors_.push_back(now(tensor));
    for (const auto& [variable, value] : updates_) result.updates_.emplace_back(variable, now(value));
    return result;
  }

  const Tensors& tensors() const { return tensors_; }
  const std::vector<Update>& updates() const { return updates_; }

 private:
  Tensors tensors_;
  std::vector<Update> updates_;
};

}  // namespace cornu::graph

namespace cornu {
using graph::Outputs;
}  // namespace cornu

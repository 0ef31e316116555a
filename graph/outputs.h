#pragma once

#include <functional>
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
class CORNU_EXPORT Outputs {
 public:
  using Update = std::pair<Variable, Tensor>;

  Outputs();
  Outputs(const Outputs&);
  Outputs(Outputs&&) noexcept;
  Outputs& operator=(const Outputs&);
  Outputs& operator=(Outputs&&) noexcept;
  ~Outputs();
  Outputs(Tensor tensor);  // NOLINT: a function may return just a tensor
  Outputs(std::initializer_list<Tensor> tensors);
  explicit Outputs(Tensors tensors);
  /// With updates that are known to fit: those of another computation, rewritten.
  Outputs(Tensors tensors, std::vector<Update> updates);

  Outputs& add(Tensor tensor) &;
  /// Throws ShapeError or TypeError if the value does not fit, ValueError if the variable has an update already.
  Outputs& update(const Variable& variable, const Tensor& value) &;
  Outputs&& update(const Variable& variable, const Tensor& value) &&;

  /// The same with `now(tensor)`, of the same spec, in place of every tensor.
  Outputs rewritten(const std::function<Tensor(const Tensor&)>& now) const;

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

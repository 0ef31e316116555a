#pragma once

#include <span>
#include <vector>

#include "cornu/graph/variable.h"

namespace cornu::autodiff {

using graph::Tensor;
using graph::Tensors;
using graph::Variable;

/// What a gradient is taken by: a tensor, or a variable (all reads of it together).
class Wrt {
 public:
  Wrt(const Tensor& tensor) : tensor_(tensor) {}          // NOLINT: converts
  Wrt(const Variable& variable) : variable_(variable) {}  // NOLINT: converts
  const Tensor& tensor() const { return tensor_; }
  const Variable& variable() const { return variable_; }

 private:
  Tensor tensor_;
  Variable variable_;
};

/// d loss / d wrt[i] by reverse-mode automatic differentiation, as new nodes: gradients can be differentiated again.
///
///     auto g = autodiff::gradients(loss, {w, b});
///     Tensor second = autodiff::gradients(ops::sum(g[0]), {w})[0];
///
/// `loss` may have any shape; its elements are summed. Each result has the shape of its wrt; zeros where the loss does
/// not depend on it. Throws TypeError if the loss is not floating.
Tensors gradients(const Tensor& loss, const std::vector<Wrt>& wrt);

/// The same for several outputs with given cotangents: sum_i sum(cotangents[i] * outputs[i]) is differentiated.
Tensors gradients(const Tensors& outputs, const Tensors& cotangents, const std::vector<Wrt>& wrt);

}  // namespace cornu::autodiff

#pragma once

#include "cornu/autodiff/gradients.h"

namespace cornu::autodiff {

// Products with the Jacobian J = d output / d wrt, and J itself. All work on tensors inside of a trace and give new
// nodes, so any of them can be differentiated again. `wrt` may be tensors and variables, as for `gradients`; what an
// output does not depend on counts as zeros. See Griewank and Walther, "Evaluating Derivatives", 2nd ed. 2008,
// chapter 3. All throw as `gradients` does.

/// Vector-Jacobian product: cotangent^T J, one tensor of wrt[i]'s shape each, where the cotangent has the output's
/// shape. The same as `gradients` with cotangents; costs a few times what the output costs, whatever the sizes. JAX:
/// `jax.vjp`.
///
///     Function f([](const Tensor& x, const Tensor& u) { return autodiff::vjp(ops::softmax(x), {x}, u)[0]; });
Tensors vjp(const Tensor& output, const std::vector<Wrt>& wrt, const Tensor& cotangent);
/// Summed over several outputs, each with its cotangent.
Tensors vjp(const Tensors& outputs, const std::vector<Wrt>& wrt, const Tensors& cotangents);

/// Jacobian-vector product: J tangent, a tensor of the output's shape: how the output changes when all wrt[i] move
/// along tangents[i] (of their shapes). JAX: `jax.jvp`. Throws ValueError unless there are as many tangents as wrt,
/// ShapeError or TypeError if one does not fit.
///
///     Tensor slope = autodiff::jvp(ops::tanh(x), {x}, {v});   // (1 - tanh(x)^2) v
///
/// Made of reverse mode alone: the vjp is linear in its cotangent u, so its own derivative by u along the tangents is J
/// tangent, whatever u is. (J. Townsend, "A new trick for calculating Jacobian vector products", 2017.)
Tensor jvp(const Tensor& output, const std::vector<Wrt>& wrt, const Tensors& tangents);
Tensors jvp(const Tensors& outputs, const std::vector<Wrt>& wrt, const Tensors& tangents);

/// The whole Jacobian, of shape output.shape + wrt.shape: element (i…, j…) is d output[i…] / d wrt[j…]. One vjp for
/// each element of the output: for small outputs. JAX: `jax.jacrev`. Throws ShapeError if the two shapes have more than
/// 8 axes together.
///
///     Tensor j = autodiff::jacobian(ops::softmax(x), x);      // (n, n) for x (n,)
Tensor jacobian(const Tensor& output, const Wrt& wrt);

/// H v, where H is the matrix of second derivatives of sum(loss) by all of wrt together and v is given by its parts,
/// vectors[i] of wrt[i]'s shape; the result has such parts too. H is never made: it is the gradient of sum_i sum(g[i] *
/// vectors[i]), where g are the gradients. (B. Pearlmutter, "Fast exact multiplication by the Hessian", 1994.) Throws
/// as `jvp` for vectors that do not fit.
///
///     Tensors hv = autodiff::hessian_vector_product(loss, {w, b}, {vw, vb});
Tensors hessian_vector_product(const Tensor& loss, const std::vector<Wrt>& wrt, const Tensors& vectors);

}  // namespace cornu::autodiff

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cornu/graph/function.h"

namespace cornu::autodiff {

struct GradientCheckConfig {
  int order = 1;              ///< 2: the gradients of the gradients as well
  std::vector<int> wrt = {};  ///< the inputs to differentiate by; empty: all float32 ones
  double roundings = 32;      ///< how many roundings an output of the function, or a gradient, may be off by
  double step = 1.0 / 32;     ///< h: how far an input x is moved, in units of max(1, |x|)
  std::int64_t full = 4096;   ///< the largest Jacobian (elements) that is checked whole
  std::uint64_t seed = 1;     ///< of the random directions
};

/// What a check found at its worst place, the one where the error is the largest part of its bound.
struct GradientReport {
  double max_error = 0;  ///< |autodiff - differences|
  double bound = 0;      ///< what that may be there
  bool passed = true;    ///< no error is above its bound, and all are numbers
  std::string where;     ///< "d output 0 [2] / d input 1 [0, 3]: autodiff 0.5, differences 0.25"
  explicit operator bool() const { return passed; }
};

/// "passed: error 1.2e-07, bound 3.4e-05 at d output 0 …".
std::ostream& operator<<(std::ostream&, const GradientReport&);

/// Compares the gradients of a function with differences of its values, at the given inputs: for ops, layers and losses of one's own.
///
///     auto report = autodiff::gradient_check([](const Tensor& x) { return my_op(x); }, {rng.uniform({3, 4}, -1, 1)}, {.order = 2});
///     if (!report) std::cout << report;
///
/// `f` is what a Function can be made from (or a Function): tensors to one or several tensors. It must give the same numbers at every
/// call. Outputs that are not floating are left out; the others, and what is differentiated by, must be float32. Where an input is an
/// argument of a kink (relu at 0) it must be at least 2 h away from it.
///
/// A Jacobian of up to `full` elements is compared whole, element by element. A larger one is compared along one random direction: with
/// random u and t, sum(u * J t) by differences against sum(J^T u * t) by reverse mode; this sees a wrong gradient, not where it is wrong.
///
/// The error bound. Everything is computed in float32, whose roundings are u = 2^-24 = 6e-8 relative. The derivative by x is taken from four
/// values, as D = (4 D(h) - D(2h)) / 3 with D(h) = (f(x + h) - f(x - h)) / 2h (Richardson's extrapolation; x + h as rounded). Two errors:
///   - each value of f is off by up to r u F, where r is `roundings` and F the function's scale: the largest of the values seen, of
///     |gradient| * |x|, and of |gradient|; through D this comes to 3/2 r u F / h;
///   - D leaves out terms of order h^4; the terms of order h^2 which it cancels are T = |D(h) - D(2h)|, so what is left is some
///     (h / L)^2 T, where L is the distance over which f changes; it is taken as T / 16.
/// The first falls and the second grows with h, and near h = u^(1/5) = 1/28 both are smallest: hence the default step. The gradient's own
/// roundings add r u G, where G is the largest gradient. So bound = r u (3/2 F / h + G) + T / 16, about 1e-4 for a function of scale 1.
/// A function whose values are much larger than its slopes cannot be checked well: subtract a constant, or look at `bound`.
///
/// With `order = 2` the gradients, as a function of the inputs and of a cotangent, are checked in the same way after the function itself.
/// Throws ValueError if there is nothing to differentiate or a config value is out of range, TypeError for a wrong dtype, and what `f` throws.
GradientReport gradient_check(const graph::Function& f, const std::vector<graph::Array>& inputs, const GradientCheckConfig& config = {});

template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, graph::Function>)
GradientReport gradient_check(F f, const std::vector<graph::Array>& inputs, const GradientCheckConfig& config = {}) {
  return gradient_check(graph::Function(std::move(f)), inputs, config);
}

}  // namespace cornu::autodiff

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
  double step = 1.0 / 32;     ///< h: how far an input x is moved at first, in units of max(1, |x|)
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

/// Compares the gradients of a function with differences of its values, at the given inputs: for ops, layers and losses
/// of one's own.
///
///     auto report = autodiff::gradient_check([](const Tensor& x) { return my_op(x); }, {rng.uniform({3, 4}, -1, 1)},
///     {.order = 2}); if (!report) std::cout << report;
///
/// `f` is what a Function can be made from (or a Function): tensors to one or several tensors. It must give the same
/// numbers at every call. Outputs that are not floating are left out; the others, and what is differentiated by, must
/// be float32. Inputs must keep away from kinks (0 for relu), best by 4 `step`, at least by 1/8 of `step`.
///
/// A Jacobian of up to `full` elements is compared whole, element by element. A larger one is compared along one random
/// direction: with random u and t, sum(u * J t) by differences against sum(J^T u * t) by reverse mode; this sees a
/// wrong gradient, not where it is wrong.
///
/// The error bound. Everything is computed in float32, whose roundings are u = 2^-24 = 6e-8 relative. The derivative by
/// x is taken as D = (4 D(h) - D(2h)) / 3 from D(h) = (f(x + h) - f(x - h)) / 2h (Richardson's extrapolation; x + h as
/// rounded). Its errors:
///   - each value of f is off by up to r u F, where r is `roundings` and F the function's scale: the largest of its
///   values and of
///     |gradient| * max(1, |x|). Through D this comes to 3/2 r u F / h. The gradient's own roundings are r u G, with G
///     the largest gradient;
///   - D(h) leaves out terms of order h^2; the extrapolation takes them away by a correction of T / 3, where T = |D(h)
///   - D(2h)|, and what
///     it leaves, of order h^4, is less than that. (T is also |D(2h) - D(4h)| / 4; the larger is taken, since one alone
///     may be small by chance.)
/// So bound = r u (3/2 F / h + G) + T / 3. The first falls and the second grows with h; they are equal near h = (9 r
/// u)^(1/3) = 1/39 for a function whose values and third derivative are of size 1: hence the default step, and a bound
/// of some 2e-4. Where T / 3 is larger (a function that changes over a shorter distance, or a kink within 4h), h is
/// halved, up to 5 times, and the h with the smallest bound is taken. A function whose values are much larger than its
/// slopes cannot be checked well: subtract a constant, or look at `bound`.
///
/// With `order = 2` the gradients, as a function of the inputs and of a cotangent, are checked in the same way after
/// the function itself. Throws ValueError if there is nothing to differentiate or a config value is out of range,
/// TypeError for a wrong dtype, and what `f` throws.
GradientReport gradient_check(const graph::Function& f, const std::vector<graph::Array>& inputs,
                              const GradientCheckConfig& config = {});

template <class F>
requires(!std::is_same_v<std::remove_cvref_t<F>, graph::Function>) GradientReport
    gradient_check(F f, const std::vector<graph::Array>& inputs, const GradientCheckConfig& config = {}) {
  return gradient_check(graph::Function(std::move(f)), inputs, config);
}

}  // namespace cornu::autodiff

#include <cmath>

#include "cornu/graph/passes/pass.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/passes/internal/match.h"

// Arithmetic that changes nothing, or can be had with fewer steps. Only what gives the same bits for every number: so x
// + 0 stays (it makes 0 of -0), as does linear(x, 1, 0), while x + -0, x - 0, 1 x and x / 1 go. A product with a
// constant scalar is not made a `linear`: that reads and writes as much, and would have to add -0 to give the same
// zeros.
namespace cornu::ops {
namespace {

using graph::Node;
using graph::Users;
using internal::is;
using internal::is_constant;
using internal::number_field;

Tensors neutral_operand(const Node& node, const Users&) {
  const bool add = is(node, "add"), multiply = is(node, "multiply"), subtract = is(node, "subtract");
  if (!add && !multiply && !subtract && !is(node, "divide")) return {};
  const bool floating = graph::is_floating(node.outputs()[0].dtype);
  const double neutral = add ? (floating ? -0.0 : 0.0) : subtract ? 0.0 : 1.0;
  for (int i : {0, 1}) {
    if (i == 1 && !add && !multiply) break;
    const Tensor &x = node.inputs()[i], &other = node.inputs()[1 - i];
    if (x.spec() == node.outputs()[0] && is_constant(other, neutral)) return {x};
  }
  return {};
}

// alpha (±x + 0) + beta = ±alpha x + beta, where the inner step makes 0 of -0: so does the outer one unless beta is -0.
Tensors linear_of_sign(const Node& node, const Users&) {
  if (!is(node, "linear")) return {};
  const auto alpha = number_field(node.op(), "alpha"), beta = number_field(node.op(), "beta");
  if (!alpha || !beta) return {};
  const Tensor& x = node.inputs()[0];
  const bool negative_zero = *beta == 0 && std::signbit(*beta);
  if (*alpha == 1 && negative_zero) return {x};
  if (!is(x, "linear") || negative_zero) return {};
  const auto inner_alpha = number_field(x.node().op(), "alpha"), inner_beta = number_field(x.node().op(), "beta");
  if (!inner_alpha || !inner_beta || std::abs(*inner_alpha) != 1 || *inner_beta != 0 || std::signbit(*inner_beta))
    return {};
  const double product = *inner_alpha * *alpha;
  if (product == 1 && *beta == 0) return {};  // oneDNN leaves -0 as it is then
  return {linear(x.node().inputs()[0], product, *beta)};
}

const bool neutral_rule = graph::register_rule("simplification", "arithmetic_neutral_operand", neutral_operand);
const bool linear_rule = graph::register_rule("simplification", "arithmetic_linear_of_sign", linear_of_sign);

}  // namespace
}  // namespace cornu::ops

#include "cornu/ops/internal/expression.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/check.h"

namespace cornu::ops::internal {
namespace {

constexpr const char* kNames[] = {"input",    "constant", "add",          "subtract", "multiply", "divide",
                                  "sqrt",     "abs",      "negate",       "floor",    "round",    "round_bfloat16",
                                  "exponent", "ldexp",    "multiply_add", "select"};
constexpr const char* kComparisons[] = {"==", "!=", "<", "<=", ">", ">="};

/// The shortest text that gives the same number when read.
std::string exact(float x) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

bool compare(Expression::Comparison comparison, float a, float b) {
  switch (comparison) {
    case Expression::Comparison::equal:
      return a == b;
    case Expression::Comparison::not_equal:
      return a != b;
    case Expression::Comparison::less:
      return a < b;
    case Expression::Comparison::less_equal:
      return a <= b;
    case Expression::Comparison::greater:
      return a > b;
    case Expression::Comparison::greater_equal:
      return a >= b;
  }
  return false;
}

}  // namespace

bool operator==(const Expression::Step& x, const Expression::Step& y) {
  return x.code == y.code && x.comparison == y.comparison && x.a == y.a && x.b == y.b && x.c == y.c && x.d == y.d &&
         std::bit_cast<std::uint32_t>(x.value) == std::bit_cast<std::uint32_t>(y.value);
}

float evaluate(const Expression::Step& step, float a, float b, float c, float d) {
  switch (step.code) {
    case Expression::Code::input:
      return a;
    case Expression::Code::constant:
      return step.value;
    case Expression::Code::add:
      return a + b;
    case Expression::Code::subtract:
      return a - b;
    case Expression::Code::multiply:
      return a * b;
    case Expression::Code::divide:
      return a / b;
    case Expression::Code::sqrt:
      return std::sqrt(a);
    case Expression::Code::abs:
      return std::fabs(a);
    case Expression::Code::negate:
      return -a;
    case Expression::Code::floor:
      return std::floor(a);
    case Expression::Code::round:
      return std::nearbyint(a);
    case Expression::Code::round_bfloat16:
      return graph::internal::convert<float>(graph::internal::convert<graph::BFloat16>(a));
    case Expression::Code::exponent:
      return exponent(a);
    case Expression::Code::ldexp:
      return ldexp(a, b);
    case Expression::Code::multiply_add:
      return multiply_add(a, b, c);
    case Expression::Code::select:
      return compare(step.comparison, a, b) ? c : d;
  }
  return 0;
}

Expression::Expression(int count) : inputs(count) {
  steps.reserve(static_cast<std::size_t>(count) + 8);  // mostly enough
  for (int i = 0; i < count; ++i) steps.push_back({.code = Code::input, .a = i});
}

int Expression::operands(const Step& step) const {
  switch (step.code) {
    case Code::input:
    case Code::constant:
      return 0;
    case Code::add:
    case Code::subtract:
    case Code::multiply:
    case Code::divide:
    case Code::ldexp:
      return 2;
    case Code::multiply_add:
      return 3;
    case Code::select:
      return 4;
    default:
      return 1;
  }
}

int Expression::add(Step step) {
  const int n = operands(step);
  const int* operand[] = {&step.a, &step.b, &step.c, &step.d};
  bool known = n > 0;
  float x[4] = {};
  for (int i = 0; i < n; ++i) {
    const Step& from = steps[static_cast<std::size_t>(*operand[i])];
    known = known && from.code == Code::constant;
    x[i] = from.value;
  }
  if (known) return constant(evaluate(step, x[0], x[1], x[2], x[3]));
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i] == step) return static_cast<int>(i);
  steps.push_back(step);
  return static_cast<int>(steps.size()) - 1;
}

void Expression::prune() {
  std::vector<bool> needed(steps.size(), false);
  for (int i = 0; i < inputs; ++i) needed[static_cast<std::size_t>(i)] = true;
  for (const int output : outputs) needed[static_cast<std::size_t>(output)] = true;
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (!needed[i]) continue;
    const int n = operands(steps[i]), operand[] = {steps[i].a, steps[i].b, steps[i].c, steps[i].d};
    for (int k = 0; k < n; ++k) needed[static_cast<std::size_t>(operand[k])] = true;
  }
  if (std::find(needed.begin(), needed.end(), false) == needed.end()) return;
  std::vector<int> moved(steps.size(), -1);
  std::vector<Step> kept;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!needed[i]) continue;
    moved[i] = static_cast<int>(kept.size());
    Step step = steps[i];
    const int n = operands(step);
    int* operand[] = {&step.a, &step.b, &step.c, &step.d};
    for (int k = 0; k < n; ++k) *operand[k] = moved[static_cast<std::size_t>(*operand[k])];
    kept.push_back(step);
  }
  for (int& output : outputs) output = moved[static_cast<std::size_t>(output)];
  steps = std::move(kept);
}

std::string to_string(const Expression& e) {
  std::string text;
  const auto operand = [&](int i) {
    const Expression::Step& step = e.steps[static_cast<std::size_t>(i)];
    return step.code == Expression::Code::constant
               ? exact(step.value)
               : graph::message(step.code == Expression::Code::input ? 'x' : 'v', i);
  };
  for (std::size_t i = static_cast<std::size_t>(e.inputs); i < e.steps.size(); ++i) {
    const Expression::Step& s = e.steps[i];
    if (s.code == Expression::Code::constant) continue;
    text += graph::message('v', i, " = ", kNames[static_cast<int>(s.code)], ' ', operand(s.a));
    if (s.code == Expression::Code::select)
      text += graph::message(' ', kComparisons[static_cast<int>(s.comparison)], ' ', operand(s.b), " ? ", operand(s.c),
                             " : ", operand(s.d));
    else
      for (const int other : {s.b, s.c})
        if (other >= 0) text += ' ' + operand(other);
    text += "; ";
  }
  text += "->";
  for (const int output : e.outputs) text += graph::message(' ', operand(output));
  return text;
}

}  // namespace cornu::ops::internal

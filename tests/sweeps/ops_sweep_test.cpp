// Every registered op is held to what all ops promise, on the samples that the tests of the ops register.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <set>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/binary.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using graph::Node;
using graph::Spec;

std::string label(const OpSample& s) { return s.op + " (" + s.what + ")"; }

Tensors inputs_of(const OpSample& s) {
  Tensors xs;
  for (std::size_t i = 0; i < s.inputs.size(); ++i)
    xs.push_back(input(static_cast<int>(i), s.inputs[i].shape(), s.inputs[i].dtype()));
  return xs;
}

std::vector<F64> wide(const std::vector<Array>& arrays) {
  std::vector<F64> xs;
  for (const Array& a : arrays) xs.emplace_back(a);
  return xs;
}

/// Compares as the golden cases do: NaN and infinities must be the same, `atol` counts in units of the largest
/// magnitude.
void expect_close(const F64& got, const F64& want, double rtol, double atol, const std::string& where) {
  ASSERT_EQ(got.shape, want.shape) << where;
  double largest = 0;
  for (double w : want.v)
    if (std::isfinite(w)) largest = std::max(largest, std::abs(w));
  for (std::int64_t i = 0; i < want.size(); ++i) {
    const double g = got[i], w = want[i];
    if (std::isnan(w) ? std::isnan(g) : std::isinf(w) ? g == w : std::abs(g - w) <= rtol * std::abs(w) + atol * largest)
      continue;
    FAIL() << where << ": element " << i << " is " << g << ", expected " << w;
  }
}

/// sum_i sum(weights_i * reference(x)_i), in double precision.
double weighed(const OpSample& s, const std::vector<F64>& x, const std::vector<F64>& weights) {
  const F64s y = s.reference(x);
  double total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::int64_t j = 0; j < weights[i].size(); ++j) total += weights[i][j] == 0 ? 0 : weights[i][j] * y[i][j];
  return total;
}

std::vector<F64> moved(std::vector<F64> x, const std::vector<F64>& by, double step) {
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::int64_t j = 0; j < x[i].size(); ++j) x[i][j] += step * by[i][j];
  return x;
}

/// Directions along which derivatives are compared: every axis if there are few, else some random ones.
struct Directions {
  Directions(const OpSample& s, const std::vector<F64>& x) {
    std::vector<F64> none;
    for (const F64& one : x) none.emplace_back(one.shape);
    std::int64_t elements = 0;
    for (int i : s.differentiable) elements += x[i].size();
    if (elements <= 100) {
      for (int i : s.differentiable)
        for (std::int64_t j = 0; j < x[i].size(); ++j) {
          all.push_back(none);
          all.back()[i][j] = 1;
        }
      return;
    }
    for (unsigned n = 0; n < 4; ++n) {
      all.push_back(none);
      for (int i : s.differentiable) all.back()[i] = F64(uniform(x[i].shape, -1, 1, 100 + n));
    }
  }
  std::vector<std::vector<F64>> all;
};

double dot(const std::vector<F64>& a, const std::vector<F64>& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::int64_t j = 0; j < a[i].size(); ++j) total += b[i][j] == 0 ? 0 : a[i][j] * b[i][j];
  return total;
}

/// |got - want| within a bound relative to what the gradient is like as a whole.
void expect_derivative(double got, double want, double scale, double bound, const std::string& where) {
  ASSERT_TRUE(std::abs(got - want) <= bound * std::max({std::abs(want), scale, 1e-3}))
      << where << ": got " << got << ", differences give " << want;
}

double largest_of(const std::vector<F64>& xs) {
  double largest = 0;
  for (const F64& x : xs)
    for (double v : x.v) largest = std::max(largest, std::abs(v));
  return largest;
}

void check_use_of_op(const OpSample& s) {
  const Built y = s.build(inputs_of(s));
  const auto nodes = nodes_of(y);
  EXPECT_TRUE(std::any_of(nodes.begin(), nodes.end(), [&](const Node* n) { return n->op().name() == s.op; }))
      << label(s);
}

void check_values(const OpSample& s) {
  const Built y = s.build(inputs_of(s));
  const F64s want = s.reference(wide(s.inputs));
  const auto got = interpret(y, s.inputs);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const bool exact = !graph::is_floating(got[i].dtype());
    expect_close(F64(got[i]), want[i], exact ? 0 : s.rtol, exact ? 0 : s.atol,
                 label(s) + ", output " + std::to_string(i));
  }
  const auto run = graph::Function([&](std::span<const Tensor> x) {
                     return graph::Outputs(Tensors(s.build(Tensors(x.begin(), x.end()))));
                   }).call(s.inputs);
  for (std::size_t i = 0; i < got.size(); ++i)
    expect_close(F64(run[i]), want[i], s.rtol, s.atol, label(s) + ", as a Function, output " + std::to_string(i));
}

void check_memory(const OpSample& s) {
  const Built y = s.build(inputs_of(s));
  const auto want = interpret(y, s.inputs);
  const auto same = [&](const std::vector<Array>& got, const char* how) {
    for (std::size_t i = 0; i < want.size(); ++i)
      EXPECT_EQ(want[i].nbytes() ? std::memcmp(got[i].bytes(), want[i].bytes(), want[i].nbytes()) : 0, 0)
          << label(s) << " differs " << how;
  };
  same(interpret(y, s.inputs), "when run again");
  same(interpret(y, s.inputs, {.misaligned = true}), "in misaligned memory");
  same(interpret(y, s.inputs, {.in_place = true}), "in place");
  const auto threaded = interpret(y, s.inputs, {.threads = 2});
  for (std::size_t i = 0; i < want.size(); ++i)
    expect_close(F64(threaded[i]), F64(want[i]), s.rtol, s.atol, label(s) + " on two threads");
  const auto again = interpret(y, s.inputs, {.threads = 2});
  for (std::size_t i = 0; i < want.size(); ++i)
    EXPECT_EQ(want[i].nbytes() ? std::memcmp(again[i].bytes(), threaded[i].bytes(), want[i].nbytes()) : 0, 0)
        << label(s) << " differs on two threads";
}

void check_traits(const OpSample& s) {
  const Tensors x = inputs_of(s);
  const Built y = s.build(x);
  if (y.size() != 1 || y[0].node().op().name() != s.op || y[0].index() != 0)
    return;  // the op is inside a larger computation
  const Node& node = y[0].node();
  const graph::Traits traits = node.op().traits();
  const Tensors& in = node.inputs();
  if (traits.commutative) {
    ASSERT_EQ(in.size(), 2u) << label(s);
    const Tensor swapped = graph::apply1(node.op_ptr(), {in[1], in[0]});
    expect_close(F64(interpret({swapped}, s.inputs)[0]), F64(interpret(y, s.inputs)[0]), 0, 0, label(s) + ", swapped");
  }
  if (traits.view) {
    EXPECT_EQ(in[0].spec().bytes(), y[0].spec().bytes()) << label(s);
    const Array source = interpret({in[0]}, s.inputs)[0], target = interpret(y, s.inputs)[0];
    EXPECT_EQ(source.nbytes() ? std::memcmp(source.bytes(), target.bytes(), source.nbytes()) : 0, 0)
        << label(s) << " is no view";
  }
  if (traits.elementwise) {
    const bool same_shapes =
        std::all_of(in.begin(), in.end(), [&](const Tensor& t) { return t.shape() == in[0].shape(); });
    if (!same_shapes || s.inputs.empty() || s.inputs[0].shape() != in[0].shape() || in[0].shape().elements() < 2)
      return;
    EXPECT_EQ(y[0].shape(), in[0].shape()) << label(s);
    // Element 0 of the first input takes another one's value: nothing but element 0 of the output may change.
    std::vector<Array> changed = s.inputs;
    changed[0] = s.inputs[0].copy();
    const std::size_t width = graph::size_of(changed[0].dtype());
    std::memcpy(changed[0].bytes(), s.inputs[0].bytes() + width, width);
    const Array before = interpret(y, s.inputs)[0], after = interpret(y, changed)[0];
    const std::size_t skip = graph::size_of(before.dtype());
    EXPECT_EQ(std::memcmp(before.bytes() + skip, after.bytes() + skip, before.nbytes() - skip), 0)
        << label(s) << " is not elementwise";
  }
}

/// What kernels can compute, for the interpreter.
Tensors runnable(const Tensors& y) { return graph::legalise(graph::Outputs(y)).tensors(); }

void check_first_gradient(const OpSample& s, double bound = 1e-4) {
  if (s.differentiable.empty()) return;
  const Tensors x = inputs_of(s);
  const Built y = s.build(x);
  std::vector<Array> arguments = s.inputs;
  Tensors cotangents;
  std::vector<F64> weights;
  for (std::size_t i = 0; i < y.size(); ++i) {
    arguments.push_back(uniform(y[i].shape(), 0.25, 1, 50 + static_cast<unsigned>(i)).astype(y[i].dtype()));
    cotangents.push_back(input(static_cast<int>(arguments.size()) - 1, y[i].shape(), y[i].dtype()));
    weights.emplace_back(arguments.back());
  }
  std::vector<autodiff::Wrt> wrt;
  for (int i : s.differentiable) wrt.emplace_back(x[i]);
  const Tensors grads = autodiff::gradients(y, cotangents, wrt);
  const auto got = interpret(runnable(grads), arguments);

  const auto at = wide(s.inputs);
  std::vector<F64> gradient;
  for (const F64& one : at) gradient.emplace_back(one.shape);
  for (std::size_t k = 0; k < got.size(); ++k) {
    ASSERT_EQ(got[k].shape(), at[s.differentiable[k]].shape) << label(s);
    ASSERT_EQ(got[k].dtype(), s.inputs[s.differentiable[k]].dtype()) << label(s);
    gradient[s.differentiable[k]] = F64(got[k]);
  }
  const double h = 1e-5, scale = largest_of(gradient);
  for (const auto& d : Directions(s, at).all) {
    const double want = (weighed(s, moved(at, d, h), weights) - weighed(s, moved(at, d, -h), weights)) / (2 * h);
    expect_derivative(dot(gradient, d), want, scale, bound, label(s) + ", first gradient");
  }
}

void check_second_gradient(const OpSample& s) {
  if (s.differentiable.empty() || !s.second) return;
  const Tensors x = inputs_of(s);
  const Built y = s.build(x);
  std::vector<Array> arguments = s.inputs;
  std::vector<autodiff::Wrt> wrt;
  for (int i : s.differentiable) wrt.emplace_back(x[i]);
  const auto argument = [&](const Shape& shape, double low, double high, unsigned seed) {
    arguments.push_back(uniform(shape, low, high, seed));
    return input(static_cast<int>(arguments.size()) - 1, shape);
  };
  // slope = d/dt weighed(x + t u) at t = 0, a function of x and of the cotangents.
  Tensors cotangents, directions;
  std::vector<F64> weights, u;
  for (std::size_t i = 0; i < y.size(); ++i) {
    cotangents.push_back(argument(y[i].shape(), 0.25, 1, 60 + static_cast<unsigned>(i)));
    weights.emplace_back(arguments.back());
    wrt.emplace_back(cotangents.back());
  }
  const auto at = wide(s.inputs);
  for (const F64& one : at) u.emplace_back(one.shape);
  for (int i : s.differentiable) {
    directions.push_back(argument(x[i].shape(), -1, 1, 70 + static_cast<unsigned>(i)));
    u[i] = F64(arguments.back());
  }
  const Tensors first =
      autodiff::gradients(y, cotangents, {wrt.begin(), wrt.begin() + static_cast<long>(s.differentiable.size())});
  const auto got = interpret(autodiff::gradients(first, directions, wrt), arguments);

  std::vector<F64> gradient;
  for (const F64& one : at) gradient.emplace_back(one.shape);
  for (std::size_t k = 0; k < s.differentiable.size(); ++k) gradient[s.differentiable[k]] = F64(got[k]);
  const double h = 1e-3, scale = std::max(largest_of(gradient), 1.0);
  for (const auto& d : Directions(s, at).all) {
    const auto value = [&](double p, double q) { return weighed(s, moved(moved(at, u, p), d, q), weights); };
    const double want = (value(h, h) - value(h, -h) - value(-h, h) + value(-h, -h)) / (4 * h * h);
    expect_derivative(dot(gradient, d), want, scale, 1e-3, label(s) + ", second gradient");
  }
  // By the cotangents the slope is the derivative of the outputs along u.
  const F64s ahead = s.reference(moved(at, u, 1e-5)), behind = s.reference(moved(at, u, -1e-5));
  for (std::size_t i = 0; i < y.size(); ++i) {
    const F64 slope(got[s.differentiable.size() + i]);
    const double size = largest_of({slope});
    for (std::int64_t j = 0; j < slope.size(); ++j)
      expect_derivative(slope[j], (ahead[i][j] - behind[i][j]) / 2e-5, size, 1e-4, label(s) + ", by the cotangent");
  }
}

/// The same with bfloat16 for float32: values within its precision of the reference for the rounded inputs, gradients
/// within some more, as they are made of several ops which each round.
void check_bfloat16(const OpSample& s) {
  constexpr double kLastDigit = 1.0 / 128, kGradient = 1.0 / 32;
  OpSample narrow = s;
  bool any = false;
  for (Array& a : narrow.inputs)
    if (a.dtype() == graph::float32) a = a.astype(graph::bfloat16), any = true;
  if (!any) return;
  narrow.what += ", in bfloat16";
  const Built y = narrow.build(inputs_of(narrow));
  const F64s want = s.reference(wide(narrow.inputs));
  const auto got = interpret(runnable(y), narrow.inputs);
  const auto run = graph::Function([&](std::span<const Tensor> x) {
                     return graph::Outputs(Tensors(narrow.build(Tensors(x.begin(), x.end()))));
                   }).call(narrow.inputs);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double tolerance = graph::is_floating(got[i].dtype()) ? kLastDigit : 0;
    const std::string where = label(narrow) + ", output " + std::to_string(i);
    EXPECT_EQ(got[i].spec(), y[i].spec()) << where;
    expect_close(F64(got[i]), want[i], tolerance, tolerance, where);
    expect_close(F64(run[i]), want[i], tolerance, tolerance, where + ", as a Function");
  }
  check_first_gradient(narrow, kGradient);
}

std::vector<std::string> sampled_ops() {
  std::set<std::string> names;
  for (const OpSample& s : op_samples()) names.insert(s.op);
  return {names.begin(), names.end()};
}

class OpSweep : public testing::TestWithParam<std::string> {};

TEST_P(OpSweep, HoldsOnEverySample) {
  for (const OpSample& s : op_samples()) {
    if (s.op != GetParam()) continue;
    check_use_of_op(s);
    check_values(s);
    check_memory(s);
    check_traits(s);
    check_first_gradient(s);
    check_second_gradient(s);
    check_bfloat16(s);
  }
}

INSTANTIATE_TEST_SUITE_P(, OpSweep, testing::ValuesIn(sampled_ops()), [](const auto& info) { return info.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(OpSweep);

TEST(OpRegistrySweep, EveryOpHasASample) {
  const auto sampled = sampled_ops();
  for (const std::string& name : graph::op_registry().names())
    EXPECT_TRUE(std::binary_search(sampled.begin(), sampled.end(), name)) << "op '" << name << "' has no sample";
}

TEST(OpRegistrySweep, NamesAreThoseOfTheOps) {
  for (const std::string& name : graph::op_registry().names()) EXPECT_EQ(graph::op_registry().make(name)->name(), name);
}

TEST(OpRegistrySweep, MisuseThrowsNamingTheOp) {
  for (const OpError& e : op_errors()) {
    try {
      e.build();
      ADD_FAILURE() << e.op << ": nothing thrown, expected '" << e.text << "'";
    } catch (const graph::Error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find(e.op), std::string::npos) << "'" << text << "' does not name " << e.op;
      EXPECT_NE(text.find(e.text), std::string::npos) << "'" << text << "' does not say '" << e.text << "'";
    }
  }
}

}  // namespace
}  // namespace cornu::tests

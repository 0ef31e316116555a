#include "cornu/ops/composite/activations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cornu/autodiff/gradients.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Case {
  const char* what;
  const char* op;  // one that the composite contains
  std::function<Tensor(const Tensor&)> build;
  std::function<double(double)> reference;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double relu6(double x) { return std::min(std::max(x, 0.0), 6.0); }

// Keras' rules: relu with every argument.
double relu(double x, double slope, double top, double threshold) {
  return (x > threshold ? std::min(std::max(x, threshold == 0 ? 0 : x), std::max(top, 0.0)) : slope * (x - threshold));
}

std::vector<Case> cases() {
  return {
      {"relu, maximum", "clip", [](const Tensor& x) { return ops::relu(x, 0, 1.5); },
       [](double x) { return relu(x, 0, 1.5, 0); }},
      {"relu, threshold", "where", [](const Tensor& x) { return ops::relu(x, 0, kInfinity, 0.4); },
       [](double x) { return relu(x, 0, kInfinity, 0.4); }},
      {"relu, slope and maximum", "clip", [](const Tensor& x) { return ops::relu(x, 0.1, 1.5); },
       [](double x) { return relu(x, 0.1, 1.5, 0); }},
      {"relu, slope and 6", "relu", [](const Tensor& x) { return ops::relu(x, 0.1, 6); },
       [](double x) { return relu(x, 0.1, 6, 0); }},
      {"relu, all arguments", "where", [](const Tensor& x) { return ops::relu(x, 0.2, 1.5, 0.4); },
       [](double x) { return relu(x, 0.2, 1.5, 0.4); }},
      {"relu6", "relu", [](const Tensor& x) { return ops::relu6(x); }, relu6},
      {"celu", "maximum", [](const Tensor& x) { return ops::celu(x); },
       [](double x) { return x > 0 ? x : std::expm1(x); }},
      {"celu, alpha", "maximum", [](const Tensor& x) { return ops::celu(x, 2); },
       [](double x) { return x > 0 ? x : 2 * std::expm1(x / 2); }},
      {"selu", "where", [](const Tensor& x) { return ops::selu(x); },
       [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }},
      {"silu", "multiply", [](const Tensor& x) { return ops::silu(x); }, [](double x) { return x * sigmoid(x); }},
      {"mish", "multiply", [](const Tensor& x) { return ops::mish(x); },
       [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }},
      {"hard_sigmoid", "relu", [](const Tensor& x) { return ops::hard_sigmoid(x); },
       [](double x) { return relu6(x + 3) / 6; }},
      {"hard_sigmoid_keras2", "clip", [](const Tensor& x) { return ops::hard_sigmoid_keras2(x); },
       [](double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); }},
      {"hard_silu", "relu", [](const Tensor& x) { return ops::hard_silu(x); },
       [](double x) { return x * relu6(x + 3) / 6; }},
      {"hard_tanh", "clip", [](const Tensor& x) { return ops::hard_tanh(x); },
       [](double x) { return std::clamp(x, -1.0, 1.0); }},
      {"hard_shrink", "where", [](const Tensor& x) { return ops::hard_shrink(x); },
       [](double x) { return std::abs(x) > 0.5 ? x : 0; }},
      {"soft_shrink", "where", [](const Tensor& x) { return ops::soft_shrink(x, 0.7); },
       [](double x) { return x > 0.7    ? x - 0.7
                             : x < -0.7 ? x + 0.7
                                        : 0; }},
      {"tanh_shrink", "tanh", [](const Tensor& x) { return ops::tanh_shrink(x); },
       [](double x) { return x - std::tanh(x); }},
      {"threshold", "where", [](const Tensor& x) { return ops::threshold(x, 0.4, -2); },
       [](double x) { return x > 0.4 ? x : -2; }},
      {"log_sigmoid", "softplus", [](const Tensor& x) { return ops::log_sigmoid(x); },
       [](double x) { return -std::log1p(std::exp(-x)); }},
      {"squareplus", "sqrt", [](const Tensor& x) { return ops::squareplus(x); },
       [](double x) { return (x + std::sqrt(x * x + 4)) / 2; }},
      {"squareplus, b", "sqrt", [](const Tensor& x) { return ops::squareplus(x, 0.5); },
       [](double x) { return (x + std::sqrt(x * x + 0.5)) / 2; }},
      {"sparse_plus", "where", [](const Tensor& x) { return ops::sparse_plus(x); },
       [](double x) { return x <= -1 ? 0
                             : x < 1 ? (x + 1) * (x + 1) / 4
                                     : x; }},
      {"sparse_sigmoid", "where", [](const Tensor& x) { return ops::sparse_sigmoid(x); },
       [](double x) { return x <= -1  ? 0
                             : x >= 1 ? 1
                                      : (x + 1) / 2; }},
  };
}

// Keras' formula, with its sum of running sums; equal to the paper's sparsemax where one element is the whole support.
F64 sparsemax(const F64& x) {
  F64 y(x.shape);
  const std::int64_t n = x.shape.back();
  for (std::int64_t row = 0; row < x.size(); row += n) {
    std::vector<double> sorted(x.v.begin() + row, x.v.begin() + row + n);
    std::sort(sorted.rbegin(), sorted.rend());
    double running = 0, total = 0, k = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      running += sorted[j];
      if (sorted[j] - (running - 1) / static_cast<double>(j + 1) > 0) total += running, ++k;
    }
    for (std::int64_t j = 0; j < n; ++j) y[row + j] = std::max(x[row + j] - (total - 1) / k, 0.0);
  }
  return y;
}

const bool special = register_special_functions(
    {of_one("relu6", ops::relu6), of_one("celu", [](const Tensor& x) { return ops::celu(x); }),
     // Keras takes exp(x) - 1 for 0 at once, and so x for positive.
     of_one("selu", ops::selu, any_denormal), of_one("silu", ops::silu), of_one("mish", ops::mish),
     of_one("hard_sigmoid",
            ops::hard_sigmoid),  // relu6 lets no gradient through where it is 0 or 6, not even the NaN that comes of
                                 // infinity * 0.
     of_one("hard_silu", ops::hard_silu, [](const std::vector<double>& x) { return std::isinf(x[0]); }),
     of_one("hard_tanh", ops::hard_tanh), of_one("hard_shrink", [](const Tensor& x) { return ops::hard_shrink(x); }),
     of_one("soft_shrink", [](const Tensor& x) { return ops::soft_shrink(x); }),
     of_one("tanh_shrink", ops::tanh_shrink),
     of_one("threshold", [](const Tensor& x) { return ops::threshold(x, 1, -3); }),
     of_one("log_sigmoid", ops::log_sigmoid), of_one("squareplus", [](const Tensor& x) { return ops::squareplus(x); }),
     of_one("sparse_plus", ops::sparse_plus), of_one("sparse_sigmoid", ops::sparse_sigmoid)});

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  // Every branch of every function, away from its corners.
  const Array x = numbers({3, 5}, {-7, -3.6, -2.2, -1.3, -0.8, -0.3, -0.05, 0.05, 0.3, 0.8, 1.3, 2.2, 3.6, 5.5, 7});
  for (const Case& c : cases())
    all.push_back({.op = c.op,
                   .what = c.what,
                   .build = [build = c.build](const Tensors& t) { return build(t[0]); },
                   .inputs = {x},
                   .reference = [f = c.reference](const std::vector<F64>& t) { return map(t[0], f); },
                   .differentiable = {0}});
  all.push_back({.op = "multiply",
                 .what = "glu",
                 .build = [](const Tensors& t) { return ops::glu(t[0], 0); },
                 .inputs = {uniform({4, 3})},
                 .reference =
                     [](const std::vector<F64>& t) {
                       F64 y(Shape{2, 3});
                       for (std::int64_t i = 0; i < 6; ++i) y[i] = t[0][i] * sigmoid(t[0][i + 6]);
                       return y;
                     },
                 .differentiable = {0}});
  all.push_back(
      {.op = "argsort",
       .what = "sparsemax",
       .build = [](const Tensors& t) { return ops::sparsemax(t[0]); },
       .inputs = {numbers({4, 4}, {0.1, -0.2, 0.15, -0.1, 3, 1, 0, -1, 0.5, 0.3, -2, 0.1, -0.3, -0.4, -0.2, -1.9})},
       .reference = [](const std::vector<F64>& t) { return sparsemax(t[0]); },
       .differentiable = {0}});
  all.push_back({.op = "relu",
                 .what = "relu6, empty",
                 .build = [](const Tensors& t) { return ops::relu6(t[0]); },
                 .inputs = {uniform({0, 3})},
                 .reference = [](const std::vector<F64>& t) { return t[0]; },
                 .differentiable = {0}});
  return all;
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"glu", "expected an even length of axis 1, got shape (2, 3)",
       [] {
         ops::glu(input(0, {2, 3}));
       }},
      {"glu", "axis 2 is out of bounds for shape (2, 3)",
       [] {
         ops::glu(input(0, {2, 3}), 2);
       }},
      {"sparsemax", "axis 2 is out of bounds for shape (2, 3)",
       [] {
         ops::sparsemax(input(0, {2, 3}), 2);
       }},
  };
});

Array slopes(const std::function<Tensor(const Tensor&)>& f, const Array& at) {
  const Tensor x = input(0, at.shape());
  return interpret(autodiff::gradients(f(x), {x}), {at})[0];
}

// Slopes at the corners, as TensorFlow's gradients of Keras' functions give them.
TEST(Activations, SlopesAtTheCorners) {
  const auto expect = [](const char* what, const std::function<Tensor(const Tensor&)>& f, const Array& at,
                         const Array& want) {
    const Array got = slopes(f, at);
    EXPECT_TRUE(allclose(got, want, 1e-6, 1e-7)) << what << " at " << at << ": " << got << ", expected " << want;
  };
  expect(
      "relu6", [](const Tensor& x) { return ops::relu6(x); }, Array{0.f, 6.f}, Array{0.f, 0.f});
  expect(
      "relu, max_value 2", [](const Tensor& x) { return ops::relu(x, 0, 2); }, Array{0.f, 2.f}, Array{0.f, 1.f});
  expect(
      "relu, threshold 1", [](const Tensor& x) { return ops::relu(x, 0, kInfinity, 1); }, Array{0.f, 1.f},
      Array{0.f, 0.f});
  expect(
      "relu, all", [](const Tensor& x) { return ops::relu(x, 0.1, 2, 1); }, Array{0.f, 1.f, 2.f},
      Array{0.1f, 0.f, 1.f});
  expect(
      "celu", [](const Tensor& x) { return ops::celu(x); }, Array{0.f}, Array{2.f});
  expect(
      "selu", [](const Tensor& x) { return ops::selu(x); }, Array{0.f}, Array{1.05070099f});
  expect(
      "softsign", [](const Tensor& x) { return ops::softsign(x); }, Array{0.f}, Array{1.f});
  expect(
      "hard_sigmoid", [](const Tensor& x) { return ops::hard_sigmoid(x); }, Array{-3.f, 3.f}, Array{0.f, 0.f});
  expect(
      "hard_sigmoid_keras2", [](const Tensor& x) { return ops::hard_sigmoid_keras2(x); }, Array{-2.5f, 2.5f},
      Array{0.2f, 0.2f});
  expect(
      "hard_silu", [](const Tensor& x) { return ops::hard_silu(x); }, Array{-3.f, 3.f}, Array{0.f, 1.f});
  expect(
      "hard_tanh", [](const Tensor& x) { return ops::hard_tanh(x); }, Array{-1.f, 1.f}, Array{1.f, 1.f});
  expect(
      "hard_shrink", [](const Tensor& x) { return ops::hard_shrink(x); }, Array{-0.5f, 0.5f}, Array{0.f, 0.f});
  expect(
      "soft_shrink", [](const Tensor& x) { return ops::soft_shrink(x); }, Array{-0.5f, 0.5f}, Array{0.f, 0.f});
  expect(
      "threshold", [](const Tensor& x) { return ops::threshold(x, 1, 5); }, Array{1.f}, Array{0.f});
  expect(
      "sparse_plus", [](const Tensor& x) { return ops::sparse_plus(x); }, Array{-1.f, 1.f}, Array{0.f, 1.f});
  expect(
      "sparse_sigmoid", [](const Tensor& x) { return ops::sparse_sigmoid(x); }, Array{-1.f, 1.f}, Array{0.f, 0.f});
}

TEST(Activations, FarOutNothingOverflows) {
  const Array far{-1000.f, -100.f, -50.f, 50.f, 100.f, 1000.f};
  const auto value = [&](const std::function<Tensor(const Tensor&)>& f) {
    return interpret({f(input(0, far.shape()))}, {far})[0];
  };
  const auto log_sigmoid = [](const Tensor& x) { return ops::log_sigmoid(x); };
  const auto mish = [](const Tensor& x) { return ops::mish(x); };
  const auto silu = [](const Tensor& x) { return ops::silu(x); };
  const Array positive{0.f, 0.f, 0.f, 50.f, 100.f, 1000.f}, steps{0.f, 0.f, 0.f, 1.f, 1.f, 1.f};
  EXPECT_TRUE(allclose(value(log_sigmoid), Array{-1000.f, -100.f, -50.f, 0.f, 0.f, 0.f}, 1e-6, 1e-20))
      << value(log_sigmoid);
  EXPECT_TRUE(allclose(slopes(log_sigmoid, far), Array{1.f, 1.f, 1.f, 0.f, 0.f, 0.f}, 1e-6, 1e-20))
      << slopes(log_sigmoid, far);
  EXPECT_TRUE(allclose(value(mish), positive, 1e-6, 1e-18)) << value(mish);
  EXPECT_TRUE(allclose(slopes(mish, far), steps, 1e-6, 1e-18)) << slopes(mish, far);
  EXPECT_TRUE(allclose(value(silu), positive, 1e-6, 1e-18)) << value(silu);
  EXPECT_TRUE(allclose(slopes(silu, far), steps, 1e-6, 1e-18)) << slopes(silu, far);
}

TEST(Activations, ReluWithoutLimitsIsRelu) {
  const Array x{-1.f, 0.f, 2.f};
  const Tensor t = input(0, x.shape());
  const auto got = interpret({ops::relu(t, 0, kInfinity), ops::relu(t, 0.5, kInfinity), ops::relu(t, 0, 6)}, {x});
  EXPECT_TRUE(array_equal(got[0], Array{0.f, 0.f, 2.f}));
  EXPECT_TRUE(array_equal(got[1], Array{-0.5f, 0.f, 2.f}));
  EXPECT_TRUE(array_equal(got[2], Array{0.f, 0.f, 2.f}));
}

}  // namespace
}  // namespace cornu::tests

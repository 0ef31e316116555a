#include "cornu/ops/composite/cross_entropy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/softmax.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

double clipped(double p) { return std::clamp(p, 1e-7, 1 - 1e-7); }

// -sum t log(p / sum p) along the axis.
F64 categorical(const F64& t, const F64& p, int axis) {
  const F64 total = fold(p, {axis}, true, 0, std::plus<>());
  const F64 logs = zip(p, total, [](double a, double s) { return std::log(clipped(a / s)); });
  return fold(zip(t, logs, [](double a, double b) { return -a * b; }), {axis}, false, 0, std::plus<>());
}

F64 softmax(const F64& x, int axis) {
  const F64 e = map(x, [](double v) { return std::exp(v); });
  return zip(e, fold(e, {axis}, true, 0, std::plus<>()), std::divides<>());
}

F64 sparse(const F64& labels, const F64& p) {
  const std::int64_t n = p.shape.back();
  F64 t(p.shape);
  for (std::int64_t i = 0; i < labels.size(); ++i) t[i * n + static_cast<std::int64_t>(labels[i])] = 1;
  return categorical(t, p, p.shape.rank() - 1);
}

F64 binary(const F64& t, const F64& p) {
  return zip(t, p, [](double a, double q) { return -(a * std::log(clipped(q)) + (1 - a) * std::log(1 - clipped(q))); });
}
F64 sigmoid(const F64& x) {
  return map(x, [](double v) { return 1 / (1 + std::exp(-v)); });
}

SpecialFunction of_probabilities(SpecialFunction f) {
  f.in_bfloat16 = false;  // 1 - 1e-7 is 1 there, with Keras too
  return f;
}

const bool special = register_special_functions(
    {of_probabilities(of_two("binary_crossentropy",
                             [](const Tensor& t, const Tensor& p) { return ops::binary_crossentropy(t, p); })),
     of_two("binary_crossentropy_of_logits",
            [](const Tensor& t, const Tensor& x) { return ops::binary_crossentropy(t, x, true); }),
     of_probabilities(of_two("categorical_crossentropy",
                             [](const Tensor& t, const Tensor& p) { return ops::categorical_crossentropy(t, p); })),
     of_two("categorical_crossentropy_of_logits",
            [](const Tensor& t, const Tensor& x) { return ops::categorical_crossentropy(t, x, true); }),
     of_probabilities(
         of_two("sparse_categorical_crossentropy",
                [](const Tensor& label, const Tensor& p) { return ops::sparse_categorical_crossentropy(label, p); })),
     of_two("sparse_categorical_crossentropy_of_logits", [](const Tensor& label, const Tensor& x) {
       return ops::sparse_categorical_crossentropy(label, x, true);
     })});

const bool samples = register_samples([] {
  const Array targets = uniform({3, 4}, 0.1, 1, 2), probabilities = uniform({3, 4}, 0.1, 0.9, 3),
              logits = uniform({3, 4}, -3, 3, 4);
  const Array labels = numbers({3}, {1, 3, 0}, graph::int32);
  return std::vector<OpSample>{
      {.op = "log",
       .what = "categorical_crossentropy, not normalised",
       .build = [](const Tensors& x) { return ops::categorical_crossentropy(x[0], x[1]); },
       .inputs = {targets, probabilities},
       .reference = [](const std::vector<F64>& x) { return categorical(x[0], x[1], 1); },
       .differentiable = {0, 1}},
      {.op = "log",
       .what = "categorical_crossentropy, first axis",
       .build = [](const Tensors& x) { return ops::categorical_crossentropy(x[0], x[1], false, 0); },
       .inputs = {targets, probabilities},
       .reference = [](const std::vector<F64>& x) { return categorical(x[0], x[1], 0); },
       .differentiable = {1}},
      {.op = "softmax_cross_entropy",
       .what = "categorical_crossentropy, from logits",
       .build = [](const Tensors& x) { return ops::categorical_crossentropy(x[0], x[1], true); },
       .inputs = {targets, logits},
       .reference = [](const std::vector<F64>& x) { return categorical(x[0], softmax(x[1], 1), 1); },
       .differentiable = {0, 1}},
      {.op = "softmax_cross_entropy",
       .what = "categorical_crossentropy, from logits along the first axis",
       .build = [](const Tensors& x) { return ops::categorical_crossentropy(x[0], x[1], true, 0); },
       .inputs = {targets, logits},
       .reference = [](const std::vector<F64>& x) { return categorical(x[0], softmax(x[1], 0), 0); },
       .differentiable = {1}},
      {.op = "softmax_cross_entropy",
       .what = "categorical_crossentropy of a softmax, int32 target",
       .build = [](const Tensors& x) { return ops::categorical_crossentropy(x[0], ops::softmax(x[1])); },
       .inputs = {numbers({3, 4}, {0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1}, graph::int32), logits},
       .reference = [](const std::vector<F64>& x) { return categorical(x[0], softmax(x[1], 1), 1); },
       .differentiable = {1}},
      {.op = "sparse_softmax_cross_entropy",
       .what = "sparse_categorical_crossentropy",
       .build = [](const Tensors& x) { return ops::sparse_categorical_crossentropy(x[0], x[1]); },
       .inputs = {labels, probabilities},
       .reference = [](const std::vector<F64>& x) { return sparse(x[0], x[1]); },
       .differentiable = {1}},
      {.op = "sparse_softmax_cross_entropy",
       .what = "sparse_categorical_crossentropy, a column of labels, of a softmax",
       .build = [](const Tensors& x) { return ops::sparse_categorical_crossentropy(x[0], ops::softmax(x[1])); },
       .inputs = {labels.reshape({3, 1}), logits},
       .reference =
           [](const std::vector<F64>& x) {
             return sparse({Shape{3}, x[0].v}, softmax(x[1], 1));
           },
       .differentiable = {1}},
      {.op = "log",
       .what = "binary_crossentropy",
       .build = [](const Tensors& x) { return ops::binary_crossentropy(x[0], x[1]); },
       .inputs = {targets, probabilities},
       .reference = [](const std::vector<F64>& x) { return binary(x[0], x[1]); },
       .differentiable = {0, 1}},
      {.op = "softplus",
       .what = "binary_crossentropy, from logits",
       .build = [](const Tensors& x) { return ops::binary_crossentropy(x[0], x[1], true); },
       .inputs = {targets, logits},
       .reference = [](const std::vector<F64>& x) { return binary(x[0], sigmoid(x[1])); },
       .differentiable = {0, 1}},
      {.op = "softplus",
       .what = "binary_crossentropy of a sigmoid, bool target",
       .build = [](const Tensors& x) { return ops::binary_crossentropy(x[0], ops::sigmoid(x[1])); },
       .inputs = {numbers({4}, {0, 1, 1, 0}, graph::bool_), uniform({4})},
       .reference = [](const std::vector<F64>& x) { return binary(x[0], sigmoid(x[1])); },
       .differentiable = {1}},
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {3, 4});
  return std::vector<OpError>{
      {"categorical_crossentropy", "expected a target of the output's shape (3, 4), got (3,)",
       [=] { ops::categorical_crossentropy(input(1, {3}), x); }},
      {"categorical_crossentropy", "axis 2 is out of bounds for shape (3, 4)",
       [=] { ops::categorical_crossentropy(x, x, false, 2); }},
      {"sparse_categorical_crossentropy", "expected labels of shape (3,) or (3, 1) for predictions (3, 4), got (3, 4)",
       [=] { ops::sparse_categorical_crossentropy(x, x); }},
      {"sparse_categorical_crossentropy", "got a scalar",
       [] { ops::sparse_categorical_crossentropy(input(0, {}), input(1, {})); }},
      {"binary_crossentropy", "expected a target of the output's shape (3, 4), got (4,)",
       [=] { ops::binary_crossentropy(input(1, {4}), x); }},
  };
});

TEST(CrossEntropy, ASoftmaxLosesNothing) {
  const Tensor t = input(0, {1, 3}), x = input(1, {1, 3});
  const std::vector<Array> arguments{Array{{0.f, 1.f, 0.f}}, Array{{200.f, -200.f, 0.f}}};
  const Tensor taken_back = ops::categorical_crossentropy(t, ops::softmax(x));
  const Tensor rounded = ops::categorical_crossentropy(t, ops::relu(ops::softmax(x)));
  const auto got = interpret({taken_back, autodiff::gradients(taken_back, {x})[0], rounded}, arguments);
  EXPECT_TRUE(allclose(got[0], Array{400.f})) << got[0];
  EXPECT_TRUE(allclose(got[1], Array{{1.f, -1.f, 0.f}})) << got[1];
  EXPECT_TRUE(allclose(got[2], Array{16.118095f})) << got[2];
}

TEST(CrossEntropy, ASoftmaxAlongAnotherAxisIsNotTakenBack) {
  const Tensor t = input(0, {2, 2}), x = input(1, {2, 2});
  const std::vector<Array> arguments{Array{{1.f, 0.f}, {0.f, 1.f}}, Array{{1.f, 2.f}, {3.f, 5.f}}};
  const F64 want = categorical(F64(arguments[0]), softmax(F64(arguments[1]), 0), 1);
  const F64 got(interpret({ops::categorical_crossentropy(t, ops::softmax(x, 0))}, arguments)[0]);
  for (int i = 0; i < 2; ++i) EXPECT_NEAR(got[i], want[i], 1e-5);
}

TEST(CrossEntropy, NoGradientWhereProbabilitiesAreClipped) {
  const Tensor t = input(0, {3}), p = input(1, {3});
  const Tensor y = ops::binary_crossentropy(t, p);
  const auto got = interpret({y, autodiff::gradients(y, {p})[0]}, {Array{1.f, 0.f, 1.f}, Array{0.f, 1.f, 0.5f}});
  EXPECT_TRUE(allclose(got[1], Array{0.f, 0.f, -2.f})) << got[1];
  EXPECT_NEAR(F64(got[0])[0], 16.118095, 1e-4);
}

TEST(CrossEntropy, BinaryFromExtremeLogits) {
  const Array z{0.f, 1.f, 0.f, 1.f, 0.f, 1.f, 0.5f}, x{1000.f, 1000.f, -1000.f, -1000.f, -20.f, 20.f, 0.f};
  const Tensor t = input(0, z.shape()), logits = input(1, x.shape()),
               y = ops::binary_crossentropy(t, ops::sigmoid(logits));
  const auto got = interpret({y, autodiff::gradients(y, {logits})[0]}, {z, x});
  EXPECT_TRUE(allclose(got[0], Array{1000.f, 0.f, 0.f, 1000.f, 2.0611537e-9f, 2.0611537e-9f, 0.6931472f}, 1e-5, 0))
      << got[0];
  EXPECT_TRUE(allclose(got[1], Array{1.f, 0.f, 0.f, -1.f, 2.0611537e-9f, -2.0611537e-9f, 0.f}, 1e-5, 1e-12)) << got[1];
}

}  // namespace
}  // namespace cornu::tests

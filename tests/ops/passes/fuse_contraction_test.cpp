#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/variable.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

// The interpreter runs the graph as it was traced, a Function runs it fused.
namespace cornu::tests {
namespace {

using graph::Function;
using graph::Outputs;
using graph::Specs;
using Activation = Tensor (*)(const Tensor&);

const Array kX = uniform({6, 7}, -1, 1, 1), kW = uniform({7, 5}, -1, 1, 2), kB = uniform({5}, -1, 1, 3);

int steps_of(const std::string& description, const std::string& name) {
  int n = 0;
  for (std::size_t at = description.find(name); at != std::string::npos; at = description.find(name, at + 1)) ++n;
  return n;
}

void expect_equal(const Function::Callable& f, const std::vector<Array>& arguments, double bound = 1e-6) {
  Tensors in;
  for (std::size_t i = 0; i < arguments.size(); ++i) in.push_back(input(static_cast<int>(i), arguments[i].shape()));
  const auto want = interpret(f(in).tensors(), arguments);
  const auto got = Function(f, static_cast<int>(arguments.size()), {}).call(arguments);
  for (std::size_t i = 0; i < want.size(); ++i)
    EXPECT_TRUE(allclose(got[i], want[i], bound, bound)) << got[i] << "\n" << want[i];
}

std::string description(const Function::Callable& f, const std::vector<Array>& arguments) {
  Specs specs;
  for (const Array& a : arguments) specs.push_back(a.spec());
  return Function(f, static_cast<int>(arguments.size()), {}).describe(specs);
}

TEST(FuseContraction, BiasAndActivationBecomePartOfTheProduct) {
  const std::vector<std::pair<const char*, Activation>> activations{
      {"relu", [](const Tensor& x) { return ops::leaky_relu(x, 0.1); }},
      {"tanh", ops::tanh},
      {"sigmoid", ops::sigmoid},
      {"elu", [](const Tensor& x) { return ops::elu(x); }},
      {"gelu", [](const Tensor& x) { return ops::gelu(x); }},
      {"gelu", [](const Tensor& x) { return ops::gelu(x, true); }},
  };
  for (const auto& [name, f] : activations) {
    const auto layer = [f = f](std::span<const Tensor> in) { return Outputs(f(ops::matmul(in[0], in[1]) + in[2])); };
    expect_equal(layer, {kX, kW, kB});
    expect_equal(layer, {uniform({2, 3, 7}, -1, 1, 5), kW, kB});
    expect_equal(layer, {uniform({90, 7}, -1, 1, 5), uniform({7, 800}, -1, 1, 6), uniform({800}, -1, 1, 7)});
    const std::string steps = description(layer, {kX, kW, kB});
    EXPECT_EQ(steps_of(steps, "matmul("), 1) << steps;
    EXPECT_NE(steps.find("bias=true, activation=" + std::string(name)), std::string::npos) << steps;
    EXPECT_EQ(steps_of(steps, "add("), 0) << steps;
    EXPECT_EQ(steps_of(steps, "\n" + std::string(name)), 0) << steps;
  }
}

TEST(FuseContraction, ManyProductsTakeThemAsWell) {
  const Array x = uniform({3, 4, 7}, -1, 1, 5), w = uniform({3, 7, 5}, -1, 1, 6),
              heads = uniform({2, 1, 7, 5}, -1, 1, 8);
  const auto layer = [](std::span<const Tensor> in) { return Outputs(ops::tanh(ops::matmul(in[0], in[1]) + in[2])); };
  expect_equal(layer, {x, w, kB});
  expect_equal(layer, {x, heads, kB});
  const std::string steps = description(layer, {x, w, kB});
  EXPECT_NE(steps.find("bias=true, activation=tanh"), std::string::npos) << steps;
  const auto relu = [](std::span<const Tensor> in) { return Outputs(ops::relu(ops::matmul(in[0], in[1]) + in[2])); };
  expect_equal(relu, {x, w, kB});
  const auto gradients = [](std::span<const Tensor> in) {
    const Tensor y = ops::tanh(ops::matmul(in[0], in[1]) + in[2]);
    return Outputs(autodiff::gradients(ops::sum(y), {in[0], in[1], in[2]}));
  };
  expect_equal(gradients, {x, w, kB}, 1e-5);
}

TEST(FuseContraction, TheBiasMayComeFirstAndTheActivationMayComeAlone) {
  const auto swapped = [](std::span<const Tensor> in) { return Outputs(in[2] + ops::matmul(in[0], in[1])); };
  expect_equal(swapped, {kX, kW, kB});
  EXPECT_EQ(steps_of(description(swapped, {kX, kW, kB}), "add("), 0);
  const auto alone = [](std::span<const Tensor> in) { return Outputs(ops::tanh(ops::matmul(in[0], in[1]))); };
  expect_equal(alone, {kX, kW});
  EXPECT_NE(description(alone, {kX, kW}).find("activation=tanh"), std::string::npos);
}

TEST(FuseContraction, WhatOthersReadStaysApart) {
  const auto twice = [](std::span<const Tensor> in) {
    const Tensor y = ops::matmul(in[0], in[1]);
    return Outputs{y + in[2], ops::relu(y)};
  };
  expect_equal(twice, {kX, kW, kB});
  EXPECT_EQ(description(twice, {kX, kW, kB}).find("bias=true"), std::string::npos);
  const auto shown = [](std::span<const Tensor> in) {
    const Tensor y = ops::matmul(in[0], in[1]);
    return Outputs{y, ops::relu(y)};
  };
  expect_equal(shown, {kX, kW});
}

TEST(FuseContraction, OnlyARowIsABias) {
  const auto f = [](std::span<const Tensor> in) { return Outputs(ops::matmul(in[0], in[1]) + in[2]); };
  for (const Shape& shape : {Shape{6, 5}, Shape{6, 1}, Shape{1}, Shape{}, Shape{2, 6, 5}}) {
    expect_equal(f, {kX, kW, uniform(shape, -1, 1, 8)});
    EXPECT_EQ(description(f, {kX, kW, uniform(shape)}).find("bias=true"), std::string::npos) << shape;
  }
  // A product of one column: a row of one number is its bias.
  expect_equal(f, {kX, uniform({7, 1}), uniform({1})});
  // A bias that makes the product larger is none.
  expect_equal(f, {uniform({1, 7}), uniform({7, 1}), uniform({4})});
}

TEST(FuseContraction, TrainingStepsAreFusedToo) {
  const auto step = [](std::span<const Tensor> in) {
    const Tensor h = ops::relu(ops::matmul(in[0], in[1]) + in[2]), y = ops::tanh(ops::matmul(h, in[3]) + in[4]);
    const Tensor loss = ops::mean(ops::square(y));
    Tensors all = autodiff::gradients(loss, {in[1], in[2], in[3], in[4]});
    all.push_back(loss);
    return Outputs(all);
  };
  const std::vector<Array> arguments{kX, kW, kB, uniform({5, 3}, -1, 1, 4), uniform({3}, -1, 1, 5)};
  expect_equal(step, arguments);
  const std::string steps = description(step, arguments);
  EXPECT_NE(steps.find("bias=true, epilogue="), std::string::npos) << steps;
  EXPECT_NE(steps.find("bias=true, activation=tanh"), std::string::npos) << steps;
}

TEST(FuseContraction, ReluKeepsNaN) {
  Array x = kX.copy();
  x.data<float>()[3] = std::numeric_limits<float>::quiet_NaN();
  const Array y = Function(
      [](const Tensor& a, const Tensor& w, const Tensor& b) { return ops::relu(ops::matmul(a, w) + b); })(x, kW, kB);
  for (float v : y[0].span<float>()) EXPECT_TRUE(std::isnan(v));
  for (float v : y[1].span<float>()) EXPECT_FALSE(std::isnan(v));
}

TEST(FuseContraction, WithoutRowsOrProducts) {
  const auto layer = [](std::span<const Tensor> in) { return Outputs(ops::tanh(ops::matmul(in[0], in[1]) + in[2])); };
  expect_equal(layer, {Array(Shape{0, 7}), kW, kB});
  expect_equal(layer, {Array(Shape{6, 0}), Array(Shape{0, 5}), kB});
  expect_equal(layer, {kX, Array(Shape{7, 0}), Array(Shape{0})});
  const auto with_relu = [](std::span<const Tensor> in) {
    return Outputs(ops::relu(ops::matmul(in[0], in[1]) + in[2]));
  };
  expect_equal(with_relu, {Array(Shape{6, 0}), Array(Shape{0, 5}), kB});
}

}  // namespace
}  // namespace cornu::tests

#include <gtest/gtest.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/variable.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/convolution.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/moments.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/pooling.h"
#include "cornu/ops/reduction.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

// What the passes put behind convolutions and poolings, and how kernels are laid out. The interpreter runs the graph as
// it was traced, a Function runs it fused.
namespace cornu::tests {
namespace {

using graph::Function;
using graph::Outputs;
using graph::Specs;
using Names = std::vector<std::string>;

Names ops_of(const Function::Callable& f, const std::vector<Array>& arguments) {
  Specs specs;
  for (const Array& a : arguments) specs.push_back(a.spec());
  Names names;
  for (const auto& node :
       graph::reachable(graph::optimise(Function(f, static_cast<int>(arguments.size()), {}).trace(specs))))
    if (!node->inputs().empty() && node->op().name() != "convolution_kernel") names.emplace_back(node->op().name());
  return names;
}

void expect_equal(const Function::Callable& f, const std::vector<Array>& arguments, int threads = 2) {
  Tensors in;
  for (std::size_t i = 0; i < arguments.size(); ++i) in.push_back(input(static_cast<int>(i), arguments[i].shape()));
  const auto want = interpret(f(in).tensors(), arguments);
  const auto got = Function(f, static_cast<int>(arguments.size()), {.threads = threads}).call(arguments);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i)
    EXPECT_TRUE(allclose(got[i], want[i], 1e-5, 1e-5)) << threads << " threads, result " << i;
}

const ops::ConvConfig kSame{.padding = "same"};
const Array kX = uniform({5, 9, 8, 4}, -1, 1, 1), kKernel = uniform({3, 3, 4, 16}, -1, 1, 2),
            kBias = uniform({16}, -1, 1, 3), kScale = uniform({16}, 0.5, 2, 4),
            kBeside = uniform({5, 9, 8, 16}, -1, 1, 5);

TEST(FuseConvolution, BiasAndActivationBecomePartOfTheConvolution) {
  const auto f = [](std::span<const Tensor> in) { return Outputs(ops::relu(ops::conv(in[0], in[1], kSame) + in[2])); };
  EXPECT_EQ(ops_of(f, {kX, kKernel, kBias}), Names{"convolution"});
  for (const int threads : {1, 2, 3}) expect_equal(f, {kX, kKernel, kBias}, threads);
}

// A normalization in inference and a residual block's end.
TEST(FuseConvolution, ElementwiseWorkFollowsImageByImage) {
  const auto f = [](std::span<const Tensor> in) {
    return Outputs(ops::relu(ops::conv(in[0], in[1], kSame) * in[2] + in[3] + in[4]));
  };
  const std::vector<Array> arguments{kX, kKernel, kScale, kBias, kBeside};
  EXPECT_EQ(ops_of(f, arguments), Names{"convolution"});
  for (const int threads : {1, 2, 3}) expect_equal(f, arguments, threads);
}

// One image, and two for three threads: cut between rows, with other edges of the padding for each slab.
TEST(FuseConvolution, FewImagesAreSharedAmongThreads) {
  for (const ops::ConvConfig& config : {kSame, ops::ConvConfig{}, ops::ConvConfig{.strides = 2, .padding = "same"},
                                        ops::ConvConfig{.padding = "same", .dilation_rate = 2}}) {
    const auto f = [&](std::span<const Tensor> in) {
      return Outputs(ops::relu(ops::conv(in[0], in[1], config) * in[2] + in[3]));
    };
    for (const std::int64_t images : {1, 2}) {
      const std::vector<Array> arguments{uniform({images, 40, 37, 8}, -1, 1, 6), uniform({3, 3, 8, 16}, -1, 1, 2),
                                         kScale, kBias};
      for (const int threads : {1, 2, 3, 4}) expect_equal(f, arguments, threads);
    }
  }
  const auto line = [](std::span<const Tensor> in) { return Outputs(ops::conv(in[0], in[1], {.padding = "causal"})); };
  expect_equal(line, {uniform({1, 3000, 8}), uniform({5, 8, 8})}, 3);
}

/// The gradients of a block by its input and weights: mask of the ReLU and sums stand behind what flows back.
Outputs gradients_of_block(std::span<const Tensor> in) {
  const Tensor h = ops::conv(in[0], in[1], kSame);
  const auto [mean, variance] = ops::moments(h, {0, 1, 2}, graph::keepdims);
  const Tensor y = ops::relu((h - mean) / ops::sqrt(variance + 1e-3f) * in[2] + in[3]);
  const Tensor z = ops::conv(y, in[4], kSame);
  return Outputs(autodiff::gradients(ops::sum(z * in[5]), {in[0], in[1], in[2], in[3], in[4]}));
}

TEST(FuseConvolution, WhatFlowsBackIsMaskedAndSummedOnTheWay) {
  const std::vector<Array> arguments{kX, kKernel, kScale, kBias, uniform({3, 3, 16, 16}, -1, 1, 7), kBeside};
  for (const int threads : {1, 2, 3}) expect_equal(gradients_of_block, arguments, threads);
  const Names names = ops_of(gradients_of_block, arguments);
  EXPECT_EQ(std::count(names.begin(), names.end(), "sum"), 0) << ::testing::PrintToString(names);
}

TEST(FuseConvolution, GradientsOfPoolingsTakeTheMaskBeforeThem) {
  for (const bool max : {true, false})
    for (const std::int64_t stride : {2, 1}) {
      const auto f = [=](std::span<const Tensor> in) {
        const Tensor y = ops::relu(in[0] + in[1]);
        const ops::PoolConfig config{.strides = static_cast<int>(stride)};
        const Tensor z = max ? ops::max_pool(y, 2, config) : ops::average_pool(y, 2, config);
        return Outputs(autodiff::gradients(ops::sum(ops::square(z)), {in[0], in[1]}));
      };
      const std::vector<Array> arguments{kBeside, kBias};
      for (const int threads : {1, 2, 3}) expect_equal(f, arguments, threads);
      const Names names = ops_of(f, arguments);
      EXPECT_EQ(names.back(), max ? "max_pool_backward" : "average_pool_backward") << ::testing::PrintToString(names);
    }
}

// A normalization in inference: its factor goes into the weights, the rest is a bias.
TEST(FuseConvolution, ScalesThatLastGoIntoTheWeights) {
  graph::Variable kernel(kKernel), scale(kScale), offset(kBias);
  const auto f = [&](const Tensor& x) {
    const Tensor factor = ops::reshape(Tensor(scale) * 2, {1, 1, 1, 16});
    return Outputs(ops::relu(ops::conv(x, kernel, kSame) * factor + ops::reshape(offset, {1, 1, 1, 16})));
  };
  const Function::Callable callable = [&](std::span<const Tensor> in) { return f(in[0]); };
  const auto steps = Function(f).describe({kX.spec()});
  EXPECT_EQ(steps.find("multiply v"), std::string::npos) << steps;
  expect_equal(callable, {kX});
  scale.assign(kScale * 3);
  expect_equal(callable, {kX});
  // In training the weights change with every step: the factor stays where it is.
  const Function step([&](const Tensor& x) {
    const Tensor y = f(x).tensors()[0];
    return Outputs{y}.update(kernel, kernel - 0.1f * autodiff::gradients(ops::sum(y), {kernel})[0]);
  });
  const Array before = Function(f)(kX);
  EXPECT_TRUE(allclose(step(kX), before, 1e-5, 1e-5));
  EXPECT_FALSE(allclose(Function(f)(kX), before, 1e-3, 1e-3));
}

// A kernel that lasts is laid out once, and anew when it was set.
TEST(FuseConvolution, PackedKernelsFollowTheirVariable) {
  graph::Variable kernel(kKernel);
  const Function f([&](const Tensor& x) { return ops::conv(x, kernel, kSame); });
  const auto check = [&] {
    const Tensor y = ops::conv(input(0, kX.shape()), input(1, kKernel.shape()), kSame);
    const auto want = interpret({y}, {kX, kernel.value()});
    EXPECT_TRUE(allclose(f(kX), want[0], 1e-5, 1e-5));
  };
  check();
  kernel.assign(kKernel * 2 + 1);
  check();
}

TEST(FuseConvolution, AnUpdatedKernelIsLaidOutInEachStep) {
  graph::Variable kernel(kKernel);
  const auto step = [&](const graph::FunctionConfig& config) {
    kernel.assign(kKernel);
    const Function f(
        [&](const Tensor& x) {
          const Tensor w = kernel, loss = ops::mean(ops::square(ops::conv(x, w, kSame)));
          return Outputs{loss}.update(kernel, w - 0.1f * autodiff::gradients(loss, {kernel})[0]);
        },
        config);
    for (int i = 0; i < 3; ++i) f(kX);
    return kernel.value();
  };
  EXPECT_TRUE(allclose(step({}), step({.disable_passes = "all"}), 1e-5, 1e-6));
}

}  // namespace
}  // namespace cornu::tests

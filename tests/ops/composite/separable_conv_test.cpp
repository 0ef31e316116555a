#include "cornu/ops/composite/separable_conv.h"

#include <gmock/gmock.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using ops::ConvConfig;
using Index = std::vector<std::int64_t>;

struct Case {
  std::string what;
  Shape x, kernel;
  ConvConfig config;
  Shape y;
  Index low;  // zeros in front of x
};

F64 depthwise(const Case& c, const F64& x, const F64& kernel) {
  const auto of = [](const ops::PerAxis& numbers, std::size_t axis) { return numbers[numbers.size() == 1 ? 0 : axis]; };
  F64 y(c.y);
  for_each_index(c.y, [&](auto to) {
    for_each_index(c.kernel.drop_back(2), [&](auto within) {
      Index from{to[0]}, kernel_at(within.begin(), within.end());
      for (std::size_t axis = 0; axis < c.low.size(); ++axis) {
        from.push_back(to[axis + 1] * of(c.config.strides, axis) + within[axis] * of(c.config.dilation_rate, axis) -
                       c.low[axis]);
        if (from.back() < 0 || from.back() >= c.x[static_cast<int>(axis) + 1]) return;
      }
      from.push_back(to.back() / c.kernel.back());
      kernel_at.push_back(from.back());
      kernel_at.push_back(to.back() % c.kernel.back());
      y.at(to) += x.at(from) * kernel.at(kernel_at);
    });
  });
  return y;
}

F64 mixed(const F64& x, const F64& kernel) {
  F64 y(x.shape.drop_back().append(kernel.shape.back()));
  for_each_index(y.shape, [&](auto to) {
    Index from(to.begin(), to.end()), kernel_at(to.size() - 2, 0);
    kernel_at.insert(kernel_at.end(), {0, to.back()});
    for (std::int64_t channel = 0; channel < x.shape.back(); ++channel) {
      from.back() = kernel_at[kernel_at.size() - 2] = channel;
      y.at(to) += x.at(from) * kernel.at(kernel_at);
    }
  });
  return y;
}

std::vector<Case> cases() {
  return {
      {"line", {2, 5, 3}, {3, 3, 1}, {}, {2, 3, 3}, {0}},
      {"line, two filters a channel", {2, 5, 3}, {2, 3, 2}, {.strides = 2}, {2, 2, 6}, {0}},
      {"line, causal, dilated", {1, 5, 2}, {3, 2, 1}, {.padding = "causal", .dilation_rate = 2}, {1, 5, 2}, {4}},
      {"line, one channel", {2, 4, 1}, {2, 1, 3}, {.padding = "same"}, {2, 4, 3}, {0}},
      {"plane", {2, 4, 3, 5}, {2, 3, 5, 1}, {.padding = "same"}, {2, 4, 3, 5}, {0, 1}},
      {"plane, three filters a channel",
       {1, 5, 4, 2},
       {3, 2, 2, 3},
       {.strides = 2, .padding = "same"},
       {1, 3, 2, 6},
       {1, 0}},
      {"plane, dilated", {1, 4, 5, 2}, {2, 2, 2, 1}, {.dilation_rate = {1, 2}}, {1, 3, 3, 2}, {0, 0}},
      {"space", {1, 3, 2, 3, 2}, {2, 1, 2, 2, 2}, {}, {1, 2, 2, 2, 4}, {0, 0, 0}},
  };
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Case& c : cases()) {
    all.push_back({.op = "convolution",
                   .what = "depthwise_conv: " + c.what,
                   .build = [c](const Tensors& in) { return ops::depthwise_conv(in[0], in[1], c.config); },
                   .inputs = {uniform(c.x, -1, 1, 2), uniform(c.kernel, -1, 1, 3)},
                   .reference = [c](const std::vector<F64>& in) { return depthwise(c, in[0], in[1]); },
                   .differentiable = {0, 1}});
    Shape pointwise{c.y.back(), 3};
    while (pointwise.rank() < c.y.rank()) pointwise = pointwise.prepend(1);
    all.push_back({.op = "convolution",
                   .what = "separable_conv: " + c.what,
                   .build = [c](const Tensors& in) { return ops::separable_conv(in[0], in[1], in[2], c.config); },
                   .inputs = {uniform(c.x, -1, 1, 2), uniform(c.kernel, -1, 1, 3), uniform(pointwise, -1, 1, 4)},
                   .reference = [c](const std::vector<F64>& in) { return mixed(depthwise(c, in[0], in[1]), in[2]); },
                   .differentiable = {0, 1, 2}});
  }
  return all;
});

const bool errors = register_errors([] {
  const auto depthwise = [](const Shape& x, const Shape& kernel, const ConvConfig& config = {}) {
    return [=] { ops::depthwise_conv(input(0, x), input(1, kernel), config); };
  };
  const auto separable = [](const Shape& pointwise) {
    return [=] { ops::separable_conv(input(0, {2, 5, 5, 3}), input(1, {2, 2, 3, 2}), input(2, pointwise)); };
  };
  return std::vector<OpError>{
      {"depthwise_conv", "three to five axes, got shapes (2, 3) and (3, 4)", depthwise({2, 3}, {3, 4})},
      {"depthwise_conv", "a kernel of shape (2, 2, 1) reads 2 channels, got shape (2, 5, 3)",
       depthwise({2, 5, 3}, {2, 2, 1})},
      {"depthwise_conv", "a kernel of shape (2, 3, 0)", depthwise({2, 5, 3}, {2, 3, 0})},
      {"convolution", "no window of lengths (6,)", depthwise({2, 5, 3}, {6, 3, 1})},
      {"convolution", "strides of at least 1", depthwise({2, 5, 3}, {2, 3, 2}, {.strides = 0})},
      {"separable_conv", "whose first axes are (1, 1, 6), got shape (1, 1, 3, 4)", separable({1, 1, 3, 4})},
      {"separable_conv", "whose first axes are (1, 1, 6), got shape (1, 6, 4)", separable({1, 6, 4})},
  };
});

TEST(SeparableConv, OfNothingIsNothing) {
  const Tensor y = ops::separable_conv(input(0, {0, 5, 3}), input(1, {2, 3, 2}), input(2, {1, 6, 4}));
  EXPECT_EQ(interpret({y}, {uniform({0, 5, 3}), uniform({2, 3, 2}), uniform({1, 6, 4})})[0].shape(), (Shape{0, 4, 4}));
}

// One filter a channel runs by kernels for it, on a line as on a plane.
TEST(DepthwiseConv, ThreadsShareTheBatch) {
  for (const Shape& shape : {Shape{5, 30, 16}, Shape{5, 12, 12, 16}}) {
    Shape kernel{3, 16, 2};
    if (shape.rank() == 4) kernel = kernel.prepend(3);
    const Tensors ys{ops::depthwise_conv(input(0, shape), input(1, kernel), {.padding = "same"})};
    const std::vector<Array> in{uniform(shape), uniform(kernel, -1, 1, 3)};
    EXPECT_TRUE(array_equal(interpret(ys, in)[0], interpret(ys, in, {.threads = 3})[0]));
  }
}

}  // namespace
}  // namespace cornu::tests

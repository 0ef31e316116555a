#include "cornu/ops/composite/conv_transpose.h"

#include <gmock/gmock.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using ops::conv_transpose;
using ops::ConvTransposeConfig;
using Index = std::vector<std::int64_t>;

struct Case {
  std::string what;
  Shape x, kernel;
  ConvTransposeConfig config;
  Shape y;
  Index low;  // how many places of what the filters cover are cut off in front
};

/// Each number of x puts the filters, times itself, where its window lies.
F64 reference(const Case& c, const F64& x, const F64& kernel) {
  const auto of = [](const ops::PerAxis& numbers, std::size_t axis) { return numbers[numbers.size() == 1 ? 0 : axis]; };
  F64 y(c.y);
  for_each_index(c.x, [&](auto from) {
    for_each_index(c.kernel.drop_back(), [&](auto within) {
      Index kernel_at(within.begin(), within.end()), to{from[0]};
      for (std::size_t axis = 0; axis < c.low.size(); ++axis) {
        to.push_back(from[axis + 1] * of(c.config.strides, axis) + within[axis] * of(c.config.dilation_rate, axis) -
                     c.low[axis]);
        if (to.back() < 0 || to.back() >= c.y[static_cast<int>(axis) + 1]) return;
      }
      to.push_back(within.back());
      kernel_at.push_back(from.back());
      y.at(to) += x.at(from) * kernel.at(kernel_at);
    });
  });
  return y;
}

std::vector<Case> cases() {
  return {
      {"line", {2, 4, 3}, {3, 2, 3}, {}, {2, 6, 2}, {0}},
      {"line, gaps", {2, 3, 2}, {2, 3, 2}, {.strides = 3}, {2, 9, 3}, {0}},
      {"line, same, even", {2, 3, 2}, {4, 1, 2}, {.strides = 2, .padding = "same"}, {2, 6, 1}, {1}},
      {"line, dilated", {2, 4, 1}, {3, 2, 1}, {.dilation_rate = 2}, {2, 8, 2}, {0}},
      {"line, same, dilated", {2, 4, 1}, {3, 2, 1}, {.padding = "same", .dilation_rate = 2}, {2, 4, 2}, {2}},
      {"line, output padding", {1, 3, 1}, {3, 1, 1}, {.strides = 4, .output_padding = 2}, {1, 13, 1}, {0}},
      {"line, same, no output padding",
       {1, 3, 1},
       {4, 1, 1},
       {.strides = 3, .padding = "same", .output_padding = 0},
       {1, 6, 1},
       {2}},
      {"plane", {2, 3, 2, 3}, {3, 2, 2, 3}, {.strides = {2, 1}}, {2, 7, 3, 2}, {0, 0}},
      {"plane, same, output padding",
       {1, 3, 2, 2},
       {3, 5, 1, 2},
       {.strides = {2, 3}, .padding = "same", .output_padding = {1, 0}},
       {1, 6, 4, 1},
       {0, 2}},
      {"space, same",
       {1, 2, 2, 3, 1},
       {3, 2, 1, 2, 1},
       {.strides = {2, 1, 1}, .padding = "same"},
       {1, 4, 2, 3, 2},
       {0, 0, 0}},
  };
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Case& c : cases())
    all.push_back({.op = "convolution_backward_data",
                   .what = "conv_transpose: " + c.what,
                   .build = [c](const Tensors& in) { return conv_transpose(in[0], in[1], c.config); },
                   .inputs = {uniform(c.x, -1, 1, 2), uniform(c.kernel, -1, 1, 3)},
                   .reference = [c](const std::vector<F64>& in) { return reference(c, in[0], in[1]); },
                   .differentiable = {0, 1}});
  return all;
});

const bool errors = register_errors([] {
  const auto transposed = [](const Shape& x, const Shape& kernel, const ConvTransposeConfig& config = {}) {
    return [=] { conv_transpose(input(0, x), input(1, kernel), config); };
  };
  const Shape x{2, 3, 2}, kernel{3, 4, 2};
  return std::vector<OpError>{
      {"conv_transpose", "three to five axes, got shapes (2, 3) and (3, 4)", transposed({2, 3}, {3, 4})},
      {"conv_transpose", "a kernel of shape (3, 4, 3) reads 3 channels, got shape (2, 3, 2)", transposed(x, {3, 4, 3})},
      {"conv_transpose", "expected padding 'valid' or 'same', got 'causal'",
       transposed(x, kernel, {.padding = "causal"})},
      {"conv_transpose", "strides of at least 1", transposed(x, kernel, {.strides = 0})},
      {"conv_transpose", "dilations of at least 1 for each of 1 axes, or one for all, got (1, 2)",
       transposed(x, kernel, {.dilation_rate = {1, 2}})},
      {"conv_transpose", "output_padding of at least 0 and less than the strides (2,), got (2,)",
       transposed(x, kernel, {.strides = 2, .output_padding = 2})},
      {"conv_transpose", "output_padding of at least 0 and less than the strides (2,), got (-1,)",
       transposed(x, kernel, {.strides = 2, .output_padding = -1})},
      {"conv_transpose", "output_padding of at least 0 and less than the strides (2,), got (1, 1)",
       transposed(x, kernel, {.strides = 2, .output_padding = {1, 1}})},
      {"conv_transpose", "no output for an input of lengths (0,) and windows of lengths (3,)",
       transposed({2, 0, 2}, kernel)},
      {"conv_transpose", "no output for an input of lengths (1,) and windows of lengths (2,)",
       transposed({2, 1, 2}, {2, 4, 2}, {.padding = "same", .output_padding = 0})},
  };
});

TEST(ConvTranspose, LengthsAreKeras) {
  struct Length {
    std::int64_t x, kernel, y;
    ConvTransposeConfig config;
  };
  const std::vector<Length> lengths = {
      {5, 3, 7, {}},
      {5, 3, 11, {.strides = 2}},
      {5, 2, 15, {.strides = 3}},
      {5, 3, 12, {.strides = 2, .output_padding = 1}},
      {5, 3, 5, {.padding = "same"}},
      {5, 4, 10, {.strides = 2, .padding = "same"}},
      {5, 3, 9, {.strides = 2, .padding = "same", .output_padding = 0}},
      {5, 4, 9, {.strides = 2, .padding = "same", .output_padding = 1}},
      {5, 3, 9, {.dilation_rate = 2}},
  };
  for (const auto& [x, kernel, y, config] : lengths)
    EXPECT_EQ(conv_transpose(input(0, {2, x, 1}), input(1, {kernel, 4, 1}), config).shape(), (Shape{2, y, 4}));
}

TEST(ConvTranspose, OfNothingIsNothing) {
  const Tensor y = conv_transpose(input(0, {0, 4, 4, 3}), input(1, {3, 3, 8, 3}));
  EXPECT_EQ(interpret({y}, {uniform({0, 4, 4, 3}), uniform({3, 3, 8, 3})})[0].shape(), (Shape{0, 6, 6, 8}));
}

}  // namespace
}  // namespace cornu::tests

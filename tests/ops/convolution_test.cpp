#include "cornu/ops/convolution.h"

#include <gmock/gmock.h>

#include "cornu/ops/internal/convolution_op.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using ops::internal::Convolution;
using ops::internal::ConvolutionBackwardData;
using ops::internal::ConvolutionBackwardWeights;
using ops::internal::Windows;
using Index = std::vector<std::int64_t>;

struct Case {
  std::string what;
  Windows windows;
  Shape x, kernel;
  std::int64_t groups() const { return x.back() / kernel[kernel.rank() - 2]; }
  Shape y() const {
    Shape shape{x.front()};
    for (int axis = 0; axis < windows.axes(); ++axis)
      shape = shape.append(windows.count(axis, x[axis + 1], kernel[axis]));
    return shape.append(kernel.back());
  }
};

/// Calls f(index of x, index of the kernel, index of y) for each product that a convolution sums.
void for_each_product(const Case& c, const std::function<void(const Index&, const Index&, const Index&)>& f) {
  const int axes = c.windows.axes();
  const std::int64_t per_group = c.kernel[axes], filters = c.kernel.back() / c.groups();
  for_each_index(c.y(), [&](auto at_y) {
    for_each_index(c.kernel.drop_back(), [&](auto within) {
      Index x{at_y[0]}, kernel(within.begin(), within.end());
      const Index y(at_y.begin(), at_y.end());
      for (int axis = 0; axis < axes; ++axis) {
        const auto i = static_cast<std::size_t>(axis);
        x.push_back(y[i + 1] * c.windows.strides[i] + kernel[i] * c.windows.dilation[i] - c.windows.low[i]);
        if (x.back() < 0 || x.back() >= c.x[axis + 1]) return;
      }
      x.push_back(y.back() / filters * per_group + kernel.back());
      kernel.push_back(y.back());
      f(x, kernel, y);
    });
  });
}

F64 forward(const Case& c, const F64& x, const F64& kernel) {
  F64 y(c.y());
  for_each_product(c, [&](const Index& i, const Index& k, const Index& o) { y.at(o) += x.at(i) * kernel.at(k); });
  return y;
}
F64 backward_data(const Case& c, const F64& dy, const F64& kernel) {
  F64 dx(c.x);
  for_each_product(c, [&](const Index& i, const Index& k, const Index& o) { dx.at(i) += dy.at(o) * kernel.at(k); });
  return dx;
}
F64 backward_weights(const Case& c, const F64& x, const F64& dy) {
  F64 dw(c.kernel);
  for_each_product(c, [&](const Index& i, const Index& k, const Index& o) { dw.at(k) += x.at(i) * dy.at(o); });
  return dw;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"line", {{1}, {1}, {0}, {0}}, {3, 6, 2}, {3, 2, 4}},
      {"line, causal, dilated", {{1}, {2}, {4}, {0}}, {2, 5, 1}, {3, 1, 2}},
      {"plane", {{1, 1}, {1, 1}, {0, 0}, {0, 0}}, {2, 4, 5, 3}, {3, 2, 3, 2}},
      {"plane, strides and zeros", {{2, 3}, {1, 1}, {1, 0}, {0, 2}}, {2, 5, 4, 2}, {2, 3, 2, 3}},
      {"plane, dilated", {{1, 1}, {2, 3}, {1, 1}, {2, 1}}, {1, 6, 6, 1}, {2, 2, 1, 9}},
      {"plane, groups", {{1, 2}, {1, 1}, {0, 1}, {0, 1}}, {2, 3, 4, 4}, {2, 2, 2, 6}},
      {"plane, each channel alone", {{1, 1}, {1, 1}, {1, 1}, {1, 1}}, {1, 3, 3, 3}, {2, 3, 1, 6}},
      {"one row, sixteen filters", {{1, 1}, {1, 1}, {0, 0}, {0, 0}}, {1, 3, 3, 8}, {1, 1, 8, 16}},
      {"space", {{1, 2, 1}, {1, 1, 2}, {0, 1, 1}, {1, 0, 1}}, {2, 3, 4, 3, 2}, {2, 3, 2, 2, 2}},
  };
  return all;
}

template <class Op>
std::shared_ptr<Op> make(const Case& c) {
  auto op = std::make_shared<Op>();
  op->windows = c.windows;
  return op;
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Case& c : cases()) {
    all.push_back({.op = "convolution",
                   .what = c.what,
                   .build = [c](const Tensors& in) { return graph::apply1(make<Convolution>(c), in); },
                   .inputs = {uniform(c.x, -1, 1, 2), uniform(c.kernel, -1, 1, 3)},
                   .reference = [c](const std::vector<F64>& in) { return forward(c, in[0], in[1]); },
                   .differentiable = {0, 1}});
    all.push_back({.op = "convolution_backward_data",
                   .what = c.what,
                   .build =
                       [c](const Tensors& in) {
                         auto op = make<ConvolutionBackwardData>(c);
                         op->lengths = c.x.drop_front().drop_back();
                         op->groups = c.groups();
                         return graph::apply1(std::move(op), in);
                       },
                   .inputs = {uniform(c.y(), -1, 1, 2), uniform(c.kernel, -1, 1, 3)},
                   .reference = [c](const std::vector<F64>& in) { return backward_data(c, in[0], in[1]); },
                   .differentiable = {0, 1}});
    all.push_back({.op = "convolution_backward_weights",
                   .what = c.what,
                   .build =
                       [c](const Tensors& in) {
                         auto op = make<ConvolutionBackwardWeights>(c);
                         op->lengths = c.kernel.drop_back(2);
                         op->groups = c.groups();
                         return graph::apply1(std::move(op), in);
                       },
                   .inputs = {uniform(c.x, -1, 1, 2), uniform(c.y(), -1, 1, 3)},
                   .reference = [c](const std::vector<F64>& in) { return backward_weights(c, in[0], in[1]); },
                   .differentiable = {0, 1}});
  }
  return all;
});

const bool no_table = [] {
  for (const char* op : {"convolution", "convolution_backward_data", "convolution_backward_weights"})
    register_without_special_values(op, "sums of products, as matmul");
  return true;
}();

const bool errors = register_errors([] {
  const auto conv = [](const Shape& x, const Shape& kernel, const ops::ConvConfig& config = {}) {
    return [=] { ops::conv(input(0, x), input(1, kernel), config); };
  };
  return std::vector<OpError>{
      {"convolution", "three to five axes, got shapes (2, 3) and (3, 4)", conv({2, 3}, {3, 4})},
      {"convolution", "three to five axes, got shapes (2, 3, 3, 1) and (3, 1, 4)", conv({2, 3, 3, 1}, {3, 1, 4})},
      {"convolution", "5 channels of shape (2, 3, 5) are no multiple of the 2", conv({2, 3, 5}, {3, 2, 4})},
      {"convolution", "the 3 filters of shape (3, 2, 3) cannot be shared out among 2 groups",
       conv({2, 3, 4}, {3, 2, 3})},
      {"convolution", "no window of lengths (4,) fits into an input of lengths (3,)", conv({2, 3, 2}, {4, 2, 3})},
      {"convolution", "strides of at least 1", conv({2, 3, 2}, {3, 2, 3}, {.strides = 0})},
      {"convolution", "dilations of at least 1 for each of 1 axes, or one for all, got (1, 2)",
       conv({2, 3, 2}, {3, 2, 3}, {.dilation_rate = {1, 2}})},
      {"convolution", "expected padding 'valid' or 'same', or 'causal', got 'full'",
       conv({2, 3, 2}, {3, 2, 3}, {.padding = "full"})},
      {"convolution", "expected two tensors of one dtype, got float32(2, 3, 2) and bfloat16(3, 2, 3)",
       [] {
         ops::conv(input(0, {2, 3, 2}), input(1, {3, 2, 3}, graph::bfloat16));
       }},
      {"convolution_backward_data", "does not fit a convolution of (2, 6, 2)",
       [] {
         auto op = make<ConvolutionBackwardData>(cases()[0]);
         op->lengths = {6};
         graph::apply1(std::move(op), {input(0, {2, 3, 4}), input(1, {3, 2, 4})});
       }},
      {"convolution_backward_weights", "expected channels in 3 groups, got shape (3, 6, 2)",
       [] {
         auto op = make<ConvolutionBackwardWeights>(cases()[0]);
         op->lengths = {3};
         op->groups = 3;
         graph::apply1(std::move(op), {input(0, {3, 6, 2}), input(1, {3, 4, 4})});
       }},
  };
});

TEST(Convolution, SamePaddingIsTensorFlows) {
  // Of an odd number of zeros the larger part is behind.
  const Tensor x = input(0, {1, 4, 1}), kernel = input(1, {2, 1, 1});
  const Array ones = numbers({2, 1, 1}, {1, 10});
  const Array values = numbers({1, 4, 1}, {1, 2, 3, 4});
  EXPECT_THAT(F64(interpret({ops::conv(x, kernel, {.padding = "same"})}, {values, ones})[0]).v,
              testing::ElementsAre(21, 32, 43, 4));
  EXPECT_THAT(F64(interpret({ops::conv(x, kernel, {.strides = 3, .padding = "same"})}, {values, ones})[0]).v,
              testing::ElementsAre(21, 4));
}

TEST(Convolution, OfNothingIsNothing) {
  const Tensor x = input(0, {0, 4, 4, 3}), kernel = input(1, {3, 3, 3, 8});
  const Tensor y = ops::conv(x, kernel);
  EXPECT_EQ(y.shape(), (Shape{0, 2, 2, 8}));
  EXPECT_EQ(interpret({y}, {uniform({0, 4, 4, 3}), uniform({3, 3, 3, 8})})[0].shape(), (Shape{0, 2, 2, 8}));
}

TEST(Convolution, ThreadsShareTheBatch) {
  const Tensor x = input(0, {5, 12, 12, 8}), kernel = input(1, {3, 3, 8, 16});
  const Tensors ys{ops::conv(x, kernel, {.padding = "same"})};
  const std::vector<Array> in{uniform({5, 12, 12, 8}), uniform({3, 3, 8, 16}, -1, 1, 3)};
  EXPECT_TRUE(array_equal(interpret(ys, in)[0], interpret(ys, in, {.threads = 3})[0]));
}

}  // namespace
}  // namespace cornu::tests

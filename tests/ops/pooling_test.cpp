#include "cornu/ops/pooling.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using testing::ElementsAre;
using Index = std::vector<std::int64_t>;

struct Case {
  std::string what;
  Shape x;
  ops::PerAxis pool_size;
  ops::PoolConfig config;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"line", {3, 6, 2}, 2, {}},
      {"line, windows that overlap", {2, 5, 3}, {3}, {.strides = 1, .padding = "same"}},
      {"plane", {2, 4, 4, 3}, 2, {}},
      {"plane, one window for all", {2, 3, 4, 5}, {3, 4}, {}},
      {"plane, beyond the input", {1, 5, 4, 2}, {2, 3}, {.strides = {3, 2}, .padding = "same"}},
      {"plane, what is behind the last window counts nothing", {1, 5, 5, 1}, 2, {}},
      {"plane, many channels", {1, 2, 3, 70}, {2, 2}, {.strides = 1}},
      {"space", {2, 2, 3, 4, 2}, {2, 1, 3}, {.strides = {1, 2, 1}, .padding = "same"}},
  };
  return all;
}

/// Calls f(index of y, indices of x) for each window of one channel, as Keras defines them.
void for_each_window(const Case& c, const std::function<void(const Index&, const std::vector<Index>&)>& f) {
  const int axes = c.x.rank() - 2;
  const auto of = [&](const ops::PerAxis& p, int axis) {
    return p[p.size() == 1 ? 0 : static_cast<std::size_t>(axis)];
  };
  const ops::PerAxis& strides = c.config.strides.empty() ? c.pool_size : c.config.strides;
  Shape y{c.x.front()}, window;
  Index low;
  for (int axis = 0; axis < axes; ++axis) {
    const std::int64_t length = c.x[axis + 1], size = of(c.pool_size, axis), stride = of(strides, axis);
    const bool same = c.config.padding == "same";
    y = y.append(same ? (length + stride - 1) / stride : (length - size) / stride + 1);
    low.push_back(same ? std::max<std::int64_t>((y.back() - 1) * stride + size - length, 0) / 2 : 0);
    window = window.append(size);
  }
  for_each_index(y.append(c.x.back()), [&](auto at) {
    std::vector<Index> places;
    for_each_index(window, [&](auto within) {
      Index x{at[0]};
      for (int axis = 0; axis < axes; ++axis) {
        const auto i = static_cast<std::size_t>(axis);
        x.push_back(at[i + 1] * of(strides, axis) + within[i] - low[i]);
        if (x.back() < 0 || x.back() >= c.x[axis + 1]) return;
      }
      x.push_back(at.back());
      places.push_back(x);
    });
    f(Index(at.begin(), at.end()), places);
  });
}

Shape output(const Case& c) {
  Shape y;
  for_each_window(c, [&](const Index& at, const auto&) {
    y = {};
    for (const std::int64_t i : at) y = y.append(i + 1);
  });
  return y;
}

F64 pooled(const Case& c, const F64& x, bool largest) {
  F64 y(output(c));
  for_each_window(c, [&](const Index& at, const std::vector<Index>& places) {
    double sum = 0, most = -INFINITY;
    for (const Index& place : places) sum += x.at(place), most = std::max(most, x.at(place));
    y.at(at) = largest ? most : sum / static_cast<double>(places.size());
  });
  return y;
}

/// Numbers that are all apart, so that small steps do not change which is the largest.
Array apart(const Shape& shape) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < shape.elements(); ++i) values.push_back(static_cast<double>(i * 37 % 101) / 4 - 12);
  return numbers(shape, values);
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Case& c : cases()) {
    all.push_back({.op = "max_pool",
                   .what = c.what,
                   .build = [c](const Tensors& in) { return ops::max_pool(in[0], c.pool_size, c.config); },
                   .inputs = {apart(c.x)},
                   .reference = [c](const std::vector<F64>& in) { return pooled(c, in[0], true); },
                   .differentiable = {0}});
    all.push_back({.op = "average_pool",
                   .what = c.what,
                   .build = [c](const Tensors& in) { return ops::average_pool(in[0], c.pool_size, c.config); },
                   .inputs = {uniform(c.x)},
                   .reference = [c](const std::vector<F64>& in) { return pooled(c, in[0], false); },
                   .differentiable = {0}});
    // The gradients, as functions of the numbers that come back.
    const auto gradient = [c](Tensor (*pool)(const Tensor&, ops::PerAxis, ops::PoolConfig), const Tensor& x,
                              const Tensor& dy) {
      return autodiff::gradients(ops::sum(pool(x, c.pool_size, c.config) * dy), {x})[0];
    };
    all.push_back({.op = "max_pool_backward",
                   .what = c.what,
                   .build = [=](const Tensors& in) { return gradient(ops::max_pool, in[0], in[1]); },
                   .inputs = {apart(c.x), uniform(output(c), -2, 2, 3)},
                   .reference =
                       [c](const std::vector<F64>& in) {
                         F64 dx(c.x);
                         for_each_window(c, [&](const Index& at, const std::vector<Index>& places) {
                           const auto most = std::max_element(
                               places.begin(), places.end(),
                               [&](const Index& a, const Index& b) { return in[0].at(a) < in[0].at(b); });
                           dx.at(*most) += in[1].at(at);
                         });
                         return dx;
                       },
                   .differentiable = {1}});
    all.push_back({.op = "average_pool_backward",
                   .what = c.what,
                   .build = [=](const Tensors& in) { return gradient(ops::average_pool, in[0], in[1]); },
                   .inputs = {uniform(c.x), uniform(output(c), -2, 2, 3)},
                   .reference =
                       [c](const std::vector<F64>& in) {
                         F64 dx(c.x);
                         for_each_window(c, [&](const Index& at, const std::vector<Index>& places) {
                           for (const Index& place : places)
                             dx.at(place) += in[1].at(at) / static_cast<double>(places.size());
                         });
                         return dx;
                       },
                   .differentiable = {1}});
    all.push_back({.op = "max_pool_take",
                   .what = c.what,
                   .build =
                       [=](const Tensors& in) {
                         const Tensor dy = ops::average_pool(in[1], c.pool_size, c.config);  // any of its shape
                         const Tensor back = autodiff::gradients(
                             ops::sum(ops::max_pool(in[0], c.pool_size, c.config) * dy), {in[0]})[0];
                         return autodiff::gradients(ops::sum(back * in[1]), {dy})[0];
                       },
                   .inputs = {apart(c.x), uniform(c.x, -2, 2, 3)},
                   .reference =
                       [c](const std::vector<F64>& in) {
                         F64 y(output(c));
                         for_each_window(c, [&](const Index& at, const std::vector<Index>& places) {
                           y.at(at) = in[1].at(*std::max_element(
                               places.begin(), places.end(),
                               [&](const Index& a, const Index& b) { return in[0].at(a) < in[0].at(b); }));
                         });
                         return y;
                       },
                   .differentiable = {1}});
  }
  return all;
});

const bool no_table = [] {
  for (const char* op : {"max_pool", "max_pool_backward", "max_pool_take", "average_pool", "average_pool_backward"})
    register_without_special_values(op, "moves and adds numbers; NaN and equal numbers have tests");
  return true;
}();

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"max_pool", "expected a tensor of three to five axes, got shape (2, 3)",
       [] {
         ops::max_pool(input(0, {2, 3}), 2);
       }},
      {"max_pool", "no window of lengths (2, 4) fits into an input of lengths (3, 3)",
       [] {
         ops::max_pool(input(0, {1, 3, 3, 2}), {2, 4});
       }},
      {"average_pool", "expected lengths of at least 1",
       [] {
         ops::average_pool(input(0, {1, 3, 2}), 0);
       }},
      {"average_pool", "expected strides of at least 1",
       [] {
         ops::average_pool(input(0, {1, 3, 2}), 2, {.strides = 0});
       }},
      {"max_pool", "expected padding 'valid' or 'same', got 'causal'",
       [] {
         ops::max_pool(input(0, {1, 3, 3, 2}), 2, {.padding = "causal"});
       }},
  };
});

TEST(MaxPool, KeepsNaN) {
  const Tensor x = input(0, {1, 6, 1});
  const std::vector<double> y =
      F64(interpret({ops::max_pool(x, 2)}, {numbers({1, 6, 1}, {NAN, 1, 2, NAN, 3, -INFINITY})})[0]).v;
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]));
  EXPECT_EQ(y[2], 3);
}

TEST(MaxPool, TheFirstOfEqualNumbersGetsTheGradient) {
  const Tensor x = input(0, {1, 4, 1});
  const Tensor dx = autodiff::gradients(ops::sum(ops::max_pool(x, 4)), {x})[0];
  EXPECT_THAT(F64(interpret({dx}, {numbers({1, 4, 1}, {1, 2, 2, 2})})[0]).v, ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(F64(interpret({dx}, {numbers({1, 4, 1}, {1, NAN, 5, NAN})})[0]).v, ElementsAre(0, 1, 0, 0));
}

TEST(AveragePool, CountsWhatLiesInTheInput) {
  const Tensor x = input(0, {1, 3, 1});
  const Tensor y = ops::average_pool(x, 2, {.strides = 1, .padding = "same"});
  EXPECT_THAT(F64(interpret({y}, {numbers({1, 3, 1}, {1, 3, 7})})[0]).v, ElementsAre(2, 5, 7));
}

}  // namespace
}  // namespace cornu::tests

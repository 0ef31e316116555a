#include "cornu/ops/native/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "cornu/graph/array/random.h"
#include "cornu/graph/op.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

Array state(double key, double counter) { return numbers({2}, {key, counter}, graph::int64); }

std::uint32_t word(const F64& state, std::int64_t i) {
  return graph::random::philox(static_cast<std::uint64_t>(state[0]), static_cast<std::uint64_t>(state[1]),
                               static_cast<std::uint64_t>(i / 4))[i % 4];
}

F64 uniforms(const F64& state, const Shape& shape) {
  F64 y(shape);
  for (std::int64_t i = 0; i < y.size(); ++i) y[i] = std::floor(word(state, i) / 256.0) / 16777216.0;
  return y;
}

F64 normals(const F64& state, const Shape& shape) {
  F64 y(shape);
  for (std::int64_t i = 0; i < y.size(); ++i) {
    const std::int64_t even = i / 2 * 2;
    const double radius = std::sqrt(-2 * std::log((word(state, even) + 1.0) / 4294967296.0));
    const double angle = 2 * std::numbers::pi * word(state, even + 1) / 4294967296.0;
    y[i] = radius * (i == even ? std::cos(angle) : std::sin(angle));
  }
  return y;
}

const bool special = register_without_special_values("random_uniform", "it reads no floating numbers") &&
                     register_without_special_values("random_normal", "it reads no floating numbers") &&
                     register_without_special_values("random_state_after", "it reads no floating numbers");

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Shape& shape : {Shape{3, 5}, Shape{8}, Shape{}, Shape{0, 2}}) {
    all.push_back({.op = "random_uniform",
                   .what = to_string(shape),
                   .build = [shape](const Tensors& t) { return ops::random_uniform(t[0], shape); },
                   .inputs = {state(17, 3)},
                   .reference = [shape](const std::vector<F64>& t) { return uniforms(t[0], shape); },
                   .rtol = 0,
                   .atol = 0});
    all.push_back({.op = "random_normal",
                   .what = to_string(shape),
                   .build = [shape](const Tensors& t) { return ops::random_normal(t[0], shape); },
                   .inputs = {state(17, 3)},
                   .reference = [shape](const std::vector<F64>& t) { return normals(t[0], shape); }});
  }
  all.push_back({.op = "random_state_after",
                 .what = "counts on",
                 .build = [](const Tensors& t) { return ops::random_state_after(t[0]); },
                 .inputs = {state(17, 3)},
                 .reference =
                     [](const std::vector<F64>& t) {
                       return F64({2}, {t[0][0], t[0][1] + 1});
                     }});
  return all;
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"random_uniform", "expected an int64 state, got float32(2,)", [] { ops::random_uniform(input(0, {2}), {3}); }},
      {"random_normal", "expected a state of shape (2,), got (3,)",
       [] { ops::random_normal(input(0, {3}, graph::int64), {3}); }},
      {"random_uniform", "expected a known shape, got (None, 3)",
       [] {
         ops::random_uniform(input(0, {2}, graph::int64), {-1, 3});
       }},
      {"random_state_after", "expected a state of shape (2,), got ()",
       [] { ops::random_state_after(input(0, {}, graph::int64)); }},
  };
});

Array drawn(bool normal, const Array& from, const Shape& shape, int threads = 1) {
  const Tensor s = input(0, {2}, graph::int64);
  return interpret({normal ? ops::random_normal(s, shape) : ops::random_uniform(s, shape)}, {from},
                   {.threads = threads})[0];
}

TEST(RandomUniform, IsUniform) {
  const Array x = drawn(false, state(1, 0), {100000});
  EXPECT_GE(min(x).item<float>(), 0.f);
  EXPECT_LT(max(x).item<float>(), 1.f);
  EXPECT_NEAR(mean(x).item<float>(), 0.5, 0.004);
  EXPECT_NEAR(mean(x * x).item<float>(), 1.0 / 3, 0.004);
}

TEST(RandomNormal, IsNormal) {
  const Array x = drawn(true, state(1, 0), {100000});
  EXPECT_NEAR(mean(x).item<float>(), 0, 0.015);
  EXPECT_NEAR(mean(x * x).item<float>(), 1, 0.02);
  EXPECT_NEAR(mean(Array(abs(x) < 1).astype(graph::float32)).item<float>(), 0.6827, 0.006);
  EXPECT_TRUE(std::isfinite(max(x).item<float>()) && std::isfinite(min(x).item<float>()));
}

TEST(Random, TheStateDecidesAndThreadsDoNot) {
  for (bool normal : {false, true}) {
    const Shape shape{301, 203};
    const Array x = drawn(normal, state(5, 1), shape);
    EXPECT_TRUE(array_equal(x, drawn(normal, state(5, 1), shape, 3)));
    EXPECT_FALSE(array_equal(x, drawn(normal, state(5, 2), shape)));
    EXPECT_FALSE(array_equal(x, drawn(normal, state(6, 1), shape)));
  }
}

TEST(Random, IsMarkedAsStateful) {
  EXPECT_TRUE(ops::random_uniform(input(0, {2}, graph::int64), {3}).node().op().traits().stateful);
}

}  // namespace
}  // namespace cornu::tests

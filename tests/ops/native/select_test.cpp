#include "cornu/ops/native/select.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/where_nonzero.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

F64 chosen(const F64& c, const F64& a, const F64& b) {
  F64 y(graph::broadcast(graph::broadcast(c.shape, a.shape), b.shape));
  for_each_index(y.shape, [&](auto i) { y.at(i) = c.at(i) != 0 ? a.at(i) : b.at(i); });
  return y;
}

Array flags(const Shape& shape) { return Array(uniform(shape, -1, 1, 9) > 0.1); }

OpSample sample(std::string what, const Shape& c, const Shape& a, const Shape& b) {
  return {.op = "where",
          .what = std::move(what),
          .build = [](const Tensors& t) { return ops::where(t[0], t[1], t[2]); },
          .inputs = {flags(c), uniform(a, -2, 2, 2), uniform(b, -2, 2, 3)},
          .reference = [](const std::vector<F64>& t) { return chosen(t[0], t[1], t[2]); },
          .differentiable = {1, 2}};
}

OpSample by_number(std::string what, const Shape& flag, const Shape& a, const Shape& b) {
  OpSample made = sample(std::move(what), flag, a, b);
  made.op = "where_nonzero";
  made.build = [](const Tensors& t) { return ops::where_nonzero(t[0], t[1], t[2]); };
  made.inputs[0] = flags(flag).astype(graph::float32);
  return made;
}

const bool special = register_special_functions(
    {of_two("where", [](const Tensor& a,
                        const Tensor& b) { return ops::where(ops::greater(a, graph::constant(0, a.dtype())), a, b); }),
     of_two("where_nonzero", [](const Tensor& a, const Tensor& b) { return ops::where_nonzero(a, a, b); })});

const bool samples = register_samples([] {
  std::vector<OpSample> all{
      sample("same shapes", {3, 4}, {3, 4}, {3, 4}),
      sample("a scalar b", {3, 4}, {3, 4}, {}),
      sample("a scalar a", {3, 4}, {}, {3, 4}),
      sample("two scalars", {3, 4}, {}, {1, 1}),
      sample("condition by row", {3, 1}, {3, 4}, {4}),
      sample("condition by column", {4}, {3, 1}, {3, 4}),
      sample("scalar condition", {}, {2, 1}, {3}),
      sample("three ways", {2, 1, 3}, {4, 1}, {1, 1, 3}),
      sample("empty", {0, 3}, {3}, {1, 3}),
  };
  all.push_back(by_number("same shapes", {3, 4}, {3, 4}, {3, 4}));
  all.push_back(by_number("a scalar flag", {}, {2, 1}, {3}));
  all.push_back(by_number("flags by column", {4}, {}, {3, 4}));
  all.push_back({.op = "where",
                 .what = "int64",
                 .build = [](const Tensors& t) { return ops::where(t[0], t[1], t[2]); },
                 .inputs = {numbers({3}, {1, 0, 1}, graph::bool_), numbers({3}, {1, 2, 3}, graph::int64),
                            numbers({}, {-1}, graph::int64)},
                 .reference = [](const std::vector<F64>& t) { return chosen(t[0], t[1], t[2]); }});
  return all;
});

const bool errors = register_errors([] {
  const Tensor c = input(0, {2, 3}, graph::bool_), x = input(1, {2, 3}), n = input(2, {2, 3}, graph::int32);
  return std::vector<OpError>{
      {"where", "expected a bool condition, got float32", [=] { ops::where(x, x, x); }},
      {"where", "expected two tensors of one dtype, got float32(2, 3) and int32(2, 3)", [=] { ops::where(c, x, n); }},
      {"where", "(2, 3) and (4,)", [=] { ops::where(c, x, input(3, {4})); }},
      {"where_nonzero", "expected float32 or bfloat16 tensors of one dtype, got bool(2, 3), float32(2, 3) and",
       [=] { ops::where_nonzero(c, x, x); }},
  };
});

TEST(Where, TheBranchNotTakenAddsNothingToTheGradient) {
  const Tensor c = input(0, {2}, graph::bool_), a = input(1, {2}), b = input(2, {});
  const auto g = interpret(
      autodiff::gradients(ops::where(c, a, b), {a, b}),
      {numbers({2}, {1, 0}, graph::bool_),
       Array{std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}, Array::scalar(1.f)});
  EXPECT_TRUE(array_equal(g[0], Array{1.f, 0.f})) << g[0];
  EXPECT_EQ(g[1].item<float>(), 1.f);
}

TEST(WhereNonzero, ChoosesByAnythingButZero) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor y = ops::where_nonzero(input(0, {5}), input(1, {}), input(2, {}));
  EXPECT_TRUE(
      array_equal(interpret({y}, {Array{0.f, -0.f, 1.f, -1e-30f, nan}, Array::scalar(1.f), Array::scalar(2.f)})[0],
                  Array{2.f, 2.f, 1.f, 1.f, 1.f}));
}

TEST(WhereNonzero, BecomesPartOfALoop) {
  const graph::Function step([](const Tensor& flag, const Tensor& x) { return ops::where_nonzero(flag, x * 2 + 1, x); },
                             {});
  const std::string plan = step.describe({{graph::float32, {}}, {graph::float32, {1000}}});
  EXPECT_THAT(plan, testing::HasSubstr("fused(code="));
  EXPECT_THAT(plan, testing::Not(testing::HasSubstr("where_nonzero")));
}

TEST(Where, LargeOnSeveralThreadsIsTheSame) {
  const Array c = flags({301, 1}), a = uniform({301, 203}), b = uniform({203}, 5, 6);
  const Tensor y = ops::where(input(0, c.shape(), graph::bool_), input(1, a.shape()), input(2, b.shape()));
  const F64 want = chosen(F64(c), F64(a), F64(b)), got(interpret({y}, {c, a, b}, {.threads = 3})[0]);
  EXPECT_EQ(got.v, want.v);
}

}  // namespace
}  // namespace cornu::tests

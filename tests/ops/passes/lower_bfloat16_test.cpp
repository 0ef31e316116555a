// What becomes of bfloat16 on the way to the kernels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/matmul_op.h"
#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "tests/support/float64.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using graph::legalise;
using graph::Outputs;

/// The names of the nodes behind the arguments, inputs first, casts with their dtype: "cast:float32".
std::vector<std::string> steps(const Tensor& y) {
  std::vector<std::string> names;
  for (const graph::Node* node : nodes_of({y}))
    if (!node->inputs().empty())
      names.push_back(std::string(node->op().name()) +
                      (node->op().name() == "cast" ? graph::message(':', node->outputs()[0].dtype) : ""));
  return names;
}
std::vector<std::string> lowered(const Tensor& y) { return steps(legalise(Outputs{y}).tensors()[0]); }

using Steps = std::vector<std::string>;
Tensor narrow(int index, const Shape& shape) { return input(index, shape, graph::bfloat16); }

TEST(LowerBfloat16, ComputesInFloat32AndRoundsOnce) {
  const Tensor x = narrow(0, {3}), y = narrow(1, {3});
  EXPECT_EQ(lowered(x * y), (Steps{"cast:float32", "cast:float32", "multiply", "cast:bfloat16"}));
  EXPECT_EQ(lowered(ops::sum(x)), (Steps{"cast:float32", "sum", "cast:bfloat16"}));
  // Each op rounds: what lies between two is not skipped.
  EXPECT_EQ(lowered(ops::exp(ops::tanh(x))),
            (Steps{"cast:float32", "tanh", "cast:bfloat16", "cast:float32", "exp", "cast:bfloat16"}));
}

TEST(LowerBfloat16, LeavesAloneWhatMovesElements) {
  const Tensor x = narrow(0, {3, 4});
  EXPECT_EQ(lowered(ops::transpose(x)), (Steps{"transpose"}));
  EXPECT_EQ(lowered(ops::reshape(x, {12})), (Steps{"reshape"}));
  EXPECT_EQ(lowered(ops::greater(x, x)), (Steps{"greater"}));
  EXPECT_EQ(lowered(ops::cast(x, graph::int32)), (Steps{"cast:int32"}));
  EXPECT_EQ(lowered(ops::exp(input(0, {3}))), (Steps{"exp"}));
}

TEST(LowerBfloat16, KeepsRoundingsAndDropsWideningsThatAreTakenBack) {
  const Tensor x = input(0, {3}), n = narrow(0, {3});
  EXPECT_EQ(lowered(ops::cast(ops::cast(x, graph::bfloat16), float32)), (Steps{"cast:bfloat16", "cast:float32"}));
  EXPECT_TRUE(lowered(ops::cast(ops::cast(n, float32), graph::bfloat16)).empty());
}

TEST(LowerBfloat16, MatmulIsLeftToTheCpuThatHasIt) {
  const Tensor a = narrow(0, {8, 16}), b = narrow(1, {16, 4});
  const Steps native{"matmul"}, widened{"cast:float32", "cast:float32", "matmul", "cast:bfloat16"};
  EXPECT_EQ(lowered(ops::matmul(a, b)), ops::internal::multiplies_bfloat16() ? native : widened);
  // Nothing to multiply: no primitive.
  EXPECT_EQ(lowered(ops::matmul(narrow(0, {8, 0}), narrow(1, {0, 4}))), widened);
}

TEST(LowerBfloat16, NumbersAreWeak) {
  const Tensor x = narrow(0, {3});
  for (const Tensor& y : {x * 0.5, 1 - x, x / 3, 2 + x, -x, ops::power(x, 3), ops::clip(x, 0, 1)})
    EXPECT_EQ(y.dtype(), graph::bfloat16);
}

TEST(LowerBfloat16, GradientsAreBfloat16ThroughCastsFloat32) {
  const Tensor w = input(0, {4, 2}), x = narrow(1, {3, 4});
  const Tensor y = ops::relu(ops::matmul(x, ops::cast(w, graph::bfloat16)));
  const Tensors g = autodiff::gradients(ops::sum(y), {w, x});
  EXPECT_EQ(g[0].spec(), w.spec());
  EXPECT_EQ(g[1].spec(), x.spec());
}

TEST(LowerBfloat16, SumsAreNotMadeOfRoundedParts) {
  // 1 + 2^-8 is no bfloat16: one by one the numbers would never get beyond 256.
  const graph::Function f([](const Tensor& x) { return ops::sum(x); });
  EXPECT_EQ(f(graph::ones({2048}, graph::bfloat16)).one().item<float>(), 2048);
  const graph::Function product([](const Tensor& x) { return ops::matmul(x, ops::transpose(x)); });
  EXPECT_EQ(product(graph::ones({1, 2048}, graph::bfloat16)).one().item<float>(), 2048);
}

/// A layer and its gradients, with fusion and without.
TEST(LowerBfloat16, WithAndWithoutPasses) {
  const std::vector<Array> arguments{uniform({6, 33}, -1, 1, 1).astype(graph::bfloat16),
                                     uniform({33, 17}, -1, 1, 2).astype(graph::bfloat16),
                                     uniform({17}, -1, 1, 3).astype(graph::bfloat16)};
  for (const auto& activation : std::vector<std::function<Tensor(const Tensor&)>>{
           [](const Tensor& x) { return ops::relu(x); }, [](const Tensor& x) { return ops::tanh(x); }}) {
    const auto describe = [&](const Tensor& x, const Tensor& w, const Tensor& b) {
      const Tensor y = activation(ops::matmul(x, w) + b);
      Tensors all = autodiff::gradients(ops::mean(ops::square(y)), {x, w, b});
      all.push_back(y);
      return Outputs(all);
    };
    const auto run = [&](const std::string& disabled, bool wide) {
      const graph::passes::Disabled off(disabled);
      std::vector<Array> in = arguments;
      if (wide)
        for (Array& a : in) a = a.astype(float32);
      const graph::Results results = graph::Function(describe).call(in);
      return std::vector<Array>(results.begin(), results.end());
    };
    const auto want = run("", true);
    for (const char* disabled : {"", "all", "fusion", "simplification,constant_folding"}) {
      const auto got = run(disabled, false);
      for (std::size_t i = 0; i < want.size(); ++i) {
        EXPECT_EQ(got[i].dtype(), graph::bfloat16);
        const F64 g(got[i]), w(want[i]);
        double largest = 0;
        for (double v : w.v) largest = std::max(largest, std::abs(v));
        for (std::int64_t k = 0; k < w.size(); ++k)
          ASSERT_NEAR(g[k], w[k], largest / 32) << disabled << ", output " << i;
      }
    }
  }
}

TEST(LowerBfloat16, ConstantsAreFoldedAsTheyAreComputed) {
  const auto y = [] {
    const Tensor c(Array{1.f, 2.f, 3.f}.astype(graph::bfloat16));
    return Outputs{ops::exp(c * 0.1) + c};
  };
  const graph::Function f([&](std::span<const Tensor>) { return y(); });
  const Array folded = f.call({}).one();
  const graph::passes::Disabled off("all");
  const graph::Function g([&](std::span<const Tensor>) { return y(); });
  EXPECT_TRUE(array_equal(folded, g.call({}).one()));
}

/// An op of a user's, with a float32 kernel alone, and one that moves anything.
struct Doubled final : Op {
  std::string_view name() const override { return "doubled_of_lowering_test"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return {b.dy() * 2}; }
  Kernel plan(const PlanRequest& r) const override {
    EXPECT_EQ(r.in[0].dtype, float32);
    return Kernel::native([n = r.out[0].shape.elements()](const graph::Call& c) {
      for (std::int64_t i = 0; i < n; ++i) c.out<float>()[i] = 2 * c.in<float>()[i];
    });
  }
};

TEST(LowerBfloat16, OpsOfOnesOwnNeedNoKernelForIt) {
  const graph::Function f([](const Tensor& x) { return graph::apply1(std::make_shared<Doubled>(), {x}); });
  const Array y = f(Array{1.f, 1.5f}.astype(graph::bfloat16)).one();
  EXPECT_EQ(y.dtype(), graph::bfloat16);
  EXPECT_TRUE(array_equal(y.astype(float32), Array{2.f, 3.f}));
}

}  // namespace
}  // namespace cornu::tests

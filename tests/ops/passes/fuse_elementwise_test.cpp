#include <gtest/gtest.h>

#include <cstring>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/print.h"
#include "cornu/graph/variable.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

// What the whole-graph part of "fusion" makes of elementwise chains, alone and behind products.
namespace cornu::tests {
namespace {

using graph::Function;
using graph::Outputs;
using graph::Specs;

std::vector<std::string> ops_of(const Outputs& outputs) {
  std::vector<std::string> names;
  for (const auto& node : graph::reachable(outputs))
    if (!node->inputs().empty()) names.emplace_back(node->op().name());
  return names;
}
std::vector<std::string> fused(const Function& f, const Specs& arguments) {
  return ops_of(graph::optimise(f.trace(arguments)));
}
using Names = std::vector<std::string>;

const Spec kMatrix{graph::float32, {6, 40}};

void expect_same_bits(const Function::Callable& f, const std::vector<Array>& arguments) {
  const int n = static_cast<int>(arguments.size());
  const auto got = Function(f, n, {}).call(arguments), want = Function(f, n, {.disable_passes = "all"}).call(arguments);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_EQ(std::memcmp(got[i].bytes(), want[i].bytes(), got[i].nbytes()), 0) << got[i] << "\n" << want[i];
}

TEST(FuseElementwise, AChainBecomesOneLoop) {
  const Function f(
      [](const Tensor& x, const Tensor& y) { return ops::relu((x + y) * 2 - x) / ops::sqrt(ops::abs(y) + 1); });
  EXPECT_EQ(fused(f, {kMatrix, kMatrix}), Names{"fused"});
  EXPECT_EQ(ops_of(f.trace({kMatrix, kMatrix})).size(), 8u);
  expect_same_bits([](std::span<const Tensor> in) { return Outputs((in[0] + in[1]) * 2 - in[0] / in[1]); },
                   {uniform({6, 40}), uniform({6, 40}, 1, 2)});
}

TEST(FuseElementwise, WhatOthersReadIsWrittenToo) {
  const Function f([](const Tensor& x) {
    const Tensor h = x * 3 + 1, y = h - x;
    return Outputs{ops::max(h), y};
  });
  EXPECT_EQ(fused(f, {kMatrix}), (Names{"fused", "max"}));
  const auto r = f(ones({6, 40}));
  EXPECT_EQ(r[0].item<float>(), 4.f);
  EXPECT_EQ(r[1].span<float>()[0], 3.f);
}

TEST(FuseElementwise, ALoopEndsWhereAnotherOpStandsInBetween) {
  // max(h) needs h and gives what the second chain needs: no loop can hold both.
  const Function f([](const Tensor& x) {
    const Tensor h = x * 3 + 1;
    return (h - ops::max(h)) * 2 + 1;
  });
  EXPECT_EQ(fused(f, {kMatrix}), (Names{"fused", "max", "fused"}));
  // A sum is taken by the loop of what is summed, but no other can begin before it has ended.
  const Function g([](const Tensor& x) {
    const Tensor h = x * 3 + 1;
    return (h - ops::mean(h, 0)) * 2 + 1;
  });
  EXPECT_EQ(fused(g, {kMatrix}), (Names{"fused", "fused"}));
}

/// Two sums of columns, of which one is of numbers that nobody else reads, and one of what is stored, too.
Outputs sums_of_columns(std::span<const Tensor> in) {
  const Tensor h = ops::relu(in[0] * in[1] + 1), deviation = h - in[2];
  std::vector<int> leading;
  for (int axis = 0; axis + 1 < h.ndim(); ++axis) leading.push_back(axis);
  return {ops::sum(h, leading), h, ops::mean(ops::square(deviation), leading, graph::keepdims)};
}

TEST(FuseElementwise, SumsOverFirstAxesAreTakenOnTheWay) {
  for (const Shape& shape : {Shape{6, 40}, {3, 5, 7, 16}, {900, 3}, {70, 1}, {2, 600}, {33, 700}, {1, 8}, {5000, 24}}) {
    const std::vector<Array> arguments{uniform(shape, -1, 1, 1), uniform({shape.back()}, -1, 1, 2),
                                       uniform({shape.back()}, -1, 1, 3)};
    Specs specs;
    for (const Array& a : arguments) specs.push_back(a.spec());
    EXPECT_EQ(fused(Function(sums_of_columns, 3, {}), specs), Names{"fused"}) << shape;
    const auto got = Function(sums_of_columns, 3, {}).call(arguments),
               want = Function(sums_of_columns, 3, {.disable_passes = "all"}).call(arguments);
    EXPECT_TRUE(allclose(got[0], want[0], 1e-6, 1e-5)) << shape << got[0] << want[0];
    EXPECT_TRUE(array_equal(got[1], want[1])) << shape;
    EXPECT_TRUE(allclose(got[2], want[2], 1e-6, 1e-6)) << shape << got[2] << want[2];
    // The order of adding does not depend on who adds.
    const auto alone = Function(sums_of_columns, 3, {.threads = 1}).call(arguments);
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(array_equal(got[i], alone[i])) << shape << ", " << i;
  }
}

TEST(FuseElementwise, SumsOfOtherAxesAndOfWhatNoLoopComputesStayOps) {
  EXPECT_EQ(fused(Function([](const Tensor& x) { return ops::sum(x * 3 + 1, 1); }), {kMatrix}),
            (Names{"fused", "sum"}));
  EXPECT_EQ(fused(Function([](const Tensor& x) { return ops::sum(x, 0); }), {kMatrix}), Names{"sum"});
  // A number for each row may stand beside columns that are added up.
  EXPECT_EQ(
      fused(Function([](const Tensor& x) { return ops::sum(x * ops::max(x, 1, graph::keepdims) + 1, 0); }), {kMatrix}),
      (Names{"max", "fused"}));
}

// What stands between two loops and is small need not keep them apart.
TEST(FuseElementwise, SmallTensorsWaitForTheLoopsOverLargeOnes) {
  const Spec large{graph::float32, {100, 64}};
  const Function f([](const Tensor& x) {
    const Tensor h = ops::relu(x), total = ops::sum(h, 0), small = ops::softmax(total);
    return Outputs{small, ops::sum(h * x, 0)};
  });
  EXPECT_EQ(fused(f, {large}), (Names{"fused", "softmax"}));
}

TEST(FuseElementwise, RowsColumnsAndNumbersAreReadInPlace) {
  const auto f = [](std::span<const Tensor> in) { return Outputs((in[0] + in[1]) * in[2] - in[3]); };
  const std::vector<Array> arguments{uniform({6, 40}, -1, 1, 1), uniform({40}, -1, 1, 2), uniform({6, 1}, -1, 1, 3),
                                     uniform({}, -1, 1, 4)};
  Specs specs;
  for (const Array& a : arguments) specs.push_back(a.spec());
  EXPECT_EQ(fused(Function(f, 4, {}), specs), Names{"fused"});
  expect_same_bits(f, arguments);
  // Rows of the whole and of a part of it do not go together.
  const auto torn = [](std::span<const Tensor> in) { return Outputs((in[0] + in[1]) * in[2]); };
  expect_same_bits(torn, {uniform({4, 5, 6}), uniform({5, 6}, -1, 1, 2), uniform({6}, -1, 1, 3)});
  expect_same_bits(torn, {uniform({4, 5, 6}), uniform({5, 1}, -1, 1, 2), uniform({4, 1, 6}, -1, 1, 3)});
}

TEST(FuseElementwise, IntegersAndConditionsStayOps) {
  const Function f([](const Tensor& x) { return ops::where(ops::greater(x, x * x), x + 1, x * 2); });
  const auto names = fused(f, {kMatrix});
  EXPECT_NE(std::find(names.begin(), names.end(), "where"), names.end());
  const Function integers([](const Tensor& x) { return (x + 1) * 2; });
  EXPECT_EQ(fused(integers, {{graph::int32, {3}}}), (Names{"add", "multiply"}));
}

TEST(FuseElementwise, CastsAreReadAndWrittenByTheLoop) {
  const Function f([](const Tensor& x) { return ops::cast(ops::cast(x, graph::float32) * 2 + 1, graph::bfloat16); });
  EXPECT_EQ(fused(f, {{graph::bfloat16, {33}}}), Names{"fused"});
  const Array x = uniform({33}).astype(graph::bfloat16);
  EXPECT_TRUE(array_equal(f(x).one().astype(graph::float32),
                          (x.astype(graph::float32) * 2 + 1).astype(graph::bfloat16).astype(graph::float32)));
}

TEST(FuseElementwise, TheGradientOfAChainIsFusedToo) {
  const auto f = [](std::span<const Tensor> in) {
    const Tensor loss = ops::sum(ops::square(ops::relu(in[0] * in[1] - 0.5)) * 0.25);
    return Outputs(autodiff::gradients(loss, {in[0], in[1]}));
  };
  expect_same_bits(f, {uniform({9, 31}, -1, 1, 1), uniform({9, 31}, -1, 1, 2)});
}

TEST(FuseElementwise, LongChainsAreCutWhereALoopHasTooManyOperands) {
  const auto f = [](std::span<const Tensor> in) {
    Tensor y = in[0];
    for (std::size_t i = 1; i < in.size(); ++i) y = y * in[i] + in[i];
    return Outputs(y);
  };
  std::vector<Array> many;
  for (unsigned i = 0; i < 40; ++i) many.push_back(uniform({50}, -1, 1, i + 1));
  expect_same_bits(f, many);
}

TEST(FuseEpilogue, WorkOnAProductIsItsEpilogue) {
  const Function f(
      [](const Tensor& x, const Tensor& w, const Tensor& m) { return ops::relu(ops::matmul(x, w)) * m + 1; });
  EXPECT_EQ(fused(f, {{graph::float32, {6, 7}}, {graph::float32, {7, 40}}, kMatrix}), Names{"matmul"});
}

TEST(FuseEpilogue, AProductThatOthersReadHasNone) {
  const Function f([](const Tensor& x, const Tensor& w) {
    const Tensor y = ops::matmul(x, w);
    return Outputs{ops::sum(y), ops::relu(y)};
  });
  const auto names = fused(f, {{graph::float32, {6, 7}}, {graph::float32, {7, 40}}});
  EXPECT_EQ(std::count(names.begin(), names.end(), "matmul"), 1);
  EXPECT_EQ(names.size(), 3u);
}

TEST(FuseEpilogue, OfTwoProductsOneTakesTheOther) {
  const auto f = [](std::span<const Tensor> in) {
    return Outputs(ops::matmul(in[0], in[1]) * ops::matmul(in[0], in[2]));
  };
  EXPECT_EQ(fused(Function(f, 3, {}), {{graph::float32, {6, 7}}, {graph::float32, {7, 5}}, {graph::float32, {7, 5}}}),
            (Names{"matmul", "matmul"}));
  const std::vector<Array> in{uniform({6, 7}, -1, 1, 1), uniform({7, 5}, -1, 1, 2), uniform({7, 5}, -1, 1, 3)};
  EXPECT_TRUE(allclose(Function(f, 3, {}).call(in).one(), Function(f, 3, {.disable_passes = "fusion"}).call(in).one(),
                       1e-6, 1e-6));
}

TEST(FuseEpilogue, BatchesOfProductsStayPlain) {
  const auto f = [](std::span<const Tensor> in) { return Outputs(ops::relu(ops::matmul(in[0], in[1]))); };
  const std::vector<Array> in{uniform({3, 6, 7}, -1, 1, 1), uniform({3, 7, 5}, -1, 1, 2)};
  EXPECT_TRUE(allclose(Function(f, 2, {}).call(in).one(), Function(f, 2, {.disable_passes = "all"}).call(in).one(),
                       1e-6, 1e-6));
}

// The gates of an LSTM: sections of one tensor in, sections of another one out.
Tensor gates(const Tensor& x, int axis) {
  const Tensors in = ops::split(x, 4, axis);
  const Tensor open = ops::sigmoid(in[0]);
  return ops::concatenate({open * in[1], open + ops::tanh(in[3]), in[2] - open}, axis);
}

TEST(FuseElementwise, SectionsAreReadAndWrittenWhereTheyLie) {
  for (const auto& [shape, axis] :
       {std::pair{Shape{5, 4 * 64}, 1}, {Shape{3, 4 * 2, 40}, 1}, {Shape{8, 100}, 0}, {Shape{2, 3, 4 * 72}, -1}}) {
    const Function f([axis = axis](const Tensor& x) { return gates(x, axis); });
    EXPECT_EQ(fused(f, {{graph::float32, shape}}), Names{"fused"}) << shape << ' ' << axis;
    expect_same_bits([axis = axis](std::span<const Tensor> in) { return Outputs(gates(in[0], axis)); },
                     {uniform(shape, -2, 2)});
  }
}

TEST(FuseElementwise, ShortRowsAreCopied) {
  const Function f([](const Tensor& x) { return gates(x, 1); });
  EXPECT_EQ(fused(f, {{graph::float32, {6, 40}}}), (Names{"slice", "slice", "slice", "slice", "fused", "concatenate"}));
}

TEST(FuseElementwise, SectionsThatOthersReadStayWhatTheyAre) {
  const auto f = [](std::span<const Tensor> in) {
    const Tensors parts = ops::split(in[0], 2, 1);
    const Tensor sum = parts[0] + parts[1] * in[1], both = ops::concatenate({sum, parts[0] * 3}, 1);
    return Outputs{both, sum, ops::max(parts[1])};
  };
  expect_same_bits(f, {uniform({4, 160}), uniform({80})});
  expect_same_bits(f, {uniform({4, 160}), uniform({4, 1})});
}

// A variable whose new value is made of its own halves, exchanged.
TEST(FuseElementwise, SectionsOfWhatIsUpdatedAreReadBeforeTheyAreWritten) {
  const Variable w(arange(0, 3 * 256).reshape({3, 256}).astype(graph::float32), "w");
  const Function f([&](const Tensor& x) {
    const Tensors halves = ops::split(Tensor(w), 2, 1);
    return Outputs{x}.update(w, ops::concatenate({halves[1] * 2, halves[0] + 1}, 1));
  });
  const Array before = w.value().copy();
  f(Array{1.f});
  EXPECT_TRUE(array_equal(Array(w.value().slice(0, 128, 1, 1)), Array(before.slice(128, 256, 1, 1)) * 2));
  EXPECT_TRUE(array_equal(Array(w.value().slice(128, 256, 1, 1)), Array(before.slice(0, 128, 1, 1)) + 1));
}

}  // namespace
}  // namespace cornu::tests

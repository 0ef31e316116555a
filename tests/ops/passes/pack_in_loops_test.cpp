#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/graph/function.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/matmul_weights.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using graph::Function;
using graph::Outputs;

/// Steps h' = tanh(h w + x); what else a step reads of w is up to `more`.
template <class F>
Outputs steps(const Tensor& x, const Tensor& w, bool transposed, F&& more) {
  const auto made = ops::scan(
      [&](const Tensors& h, const Tensors& at) -> ops::StepResult {
        const Tensor next = ops::tanh(ops::matmul(h[0], w, {.transpose_b = transposed}) + at[0]);
        return {{next}, {more(next)}};
      },
      {ops::full({x.shape()[1], x.shape()[2]}, 0)}, {x});
  return Outputs{made.carry[0], made.ys[0]};
}

std::ptrdiff_t packed(const Function& f, const graph::Specs& arguments) {
  const auto nodes = graph::reachable(f.optimised(arguments));
  return std::count_if(nodes.begin(), nodes.end(),
                       [](const auto& node) { return node->op().name() == "matmul_weights"; });
}

/// Whether this processor's product has a layout of its own.
bool has_layout() {
  ops::internal::MatmulWeights weights;
  weights.size = {24, 96, 96};
  return weights.choose_layout();
}

TEST(PackInLoops, AMatrixOfAllStepsIsPackedOnce) {
  for (const bool transposed : {false, true}) {
    const auto f = [&](const Tensor& x, const Tensor& w) {
      return steps(x, w, transposed, [](const Tensor& h) { return h * 2; });
    };
    const Array x = uniform({6, 24, 96}), w = uniform({96, 96}, -0.1, 0.1);
    EXPECT_EQ(packed(Function(f), {x.spec(), w.spec()}), has_layout() ? 1 : 0);
    const auto got = Function(f)(x, w), want = Function(f, {.disable_passes = "all"})(x, w);
    for (const int i : {0, 1}) EXPECT_TRUE(allclose(got[i], want[i], 1e-5, 1e-6)) << transposed << ' ' << i;
  }
}

TEST(PackInLoops, NotWhatASmallProductOrAnotherNodeReads) {
  const auto plain = [](const Tensor& h) { return h * 2; };
  const Function few([&](const Tensor& x, const Tensor& w) { return steps(x, w, false, plain); });
  EXPECT_EQ(packed(few, {{graph::float32, {6, 24, 8}}, {graph::float32, {8, 8}}}), 0);
  EXPECT_EQ(packed(few, {{graph::float32, {2, 24, 96}}, {graph::float32, {96, 96}}}), 0);  // two steps
  const auto f = [&](const Tensor& x, const Tensor& w) {
    return steps(x, w, false, [&](const Tensor& h) { return ops::sum(ops::matmul(w, w) * 0.1 + w) * h; });
  };
  const Array x = uniform({6, 24, 96}), w = uniform({96, 96}, -0.1, 0.1);
  const auto got = Function(f)(x, w), want = Function(f, {.disable_passes = "all"})(x, w);
  for (const int i : {0, 1}) EXPECT_TRUE(allclose(got[i], want[i], 1e-4, 1e-5)) << i;
}

}  // namespace
}  // namespace cornu::tests

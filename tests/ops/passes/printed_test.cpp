#include <gtest/gtest.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"

namespace cornu::tests {
namespace {

// The example of docs/passes.md.
TEST(Printed, ALayerAsItIsRun) {
  const graph::Variable kernel(zeros({784, 512}), "dense/kernel"), bias(zeros({512}), "dense/bias");
  const graph::Function step([&](const graph::Tensor& x) { return ops::relu(ops::matmul(x, kernel) + bias) * 0.5; });
  EXPECT_EQ(step.to_string({{float32, {256, 784}}}), R"(parameters
  %0 : float32(256, 784)
variables
  %w0:"dense/kernel" : float32(784, 512)
  %w1:"dense/bias" : float32(512,)
nodes
  %1 = matmul(%0, %w0:"dense/kernel", %w1:"dense/bias", bias=true, epilogue=v2 = select x0 <= 0 ? 0 : x0; v4 = multiply v2 0.5; -> v4) : float32(256, 512)
outputs
  %1
)");
}

// What training spends its time on has no step for special values.
TEST(Printed, AReluGradientAndAnUpdateAsTheyAreRun) {
  const graph::Variable kernel(zeros({64, 64}), "kernel"), slot(zeros({64, 64}), "slot");
  const graph::Function step([&](const graph::Tensor& x, const graph::Tensor& dy) {
    const graph::Tensor y = ops::relu(x), dx = autodiff::gradients({y}, {ops::matmul(dy, kernel)}, {x})[0];
    const graph::Tensor g = ops::matmul(dx, dx), mean = slot * 0.9f + ops::square(g) * 0.1f;
    return graph::Outputs{}.update(slot, mean).update(kernel, kernel - 0.001f * g / ops::sqrt(mean + 1e-7f));
  });
  EXPECT_EQ(step.to_string({{float32, {64, 64}}, {float32, {64, 64}}}),
            R"(parameters
  %0 : float32(64, 64)
  %1 : float32(64, 64)
variables
  %w0:"kernel" : float32(64, 64)
  %w1:"slot" : float32(64, 64)
nodes
  %2 = matmul(%1, %w0:"kernel", %0, epilogue=)"
            R"(v3 = select x1 <= 0 ? 0 : x1; v4 = select v3 > 0 ? x0 : 0; -> v4) : float32(64, 64)
  %3, %4 = matmul(%2, %2, %w1:"slot", %w0:"kernel", epilogue=v3 = multiply x0 x0; )"
            R"(v5 = multiply v3 0.1; v7 = multiply x1 0.9; v8 = add v7 v5; v10 = add v8 1e-07; v11 = sqrt v10; )"
            R"(v13 = multiply 0.001 x0; v14 = divide v13 v11; v15 = subtract x2 v14; -> v8 v15) : )"
            R"(float32(64, 64), float32(64, 64)
updates
  %w1:"slot" <- %3
  %w0:"kernel" <- %4
)");
}

}  // namespace
}  // namespace cornu::tests

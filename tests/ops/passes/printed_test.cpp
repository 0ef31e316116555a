#include <gtest/gtest.h>

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

}  // namespace
}  // namespace cornu::tests

#include "cornu/keras/operations/elementwise.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/operations/arithmetic.h"
#include "cornu/ops/composite/activations.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/softmax.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/operation_samples.h"

namespace cornu::keras {
namespace {

using tests::operation;
using tests::some;

const bool samples = cornu::tests::register_operation_samples([] {
  const std::vector<Array> x{some({3, 4}) * 3.f}, positive{some({3, 4}) + 2.f};
  return std::vector<cornu::tests::OperationSample>{
      operation("Absolute", x, [](const auto& x) { return ops::abs(x[0]); }),
      operation("Exp", x, [](const auto& x) { return ops::exp(x[0]); }),
      operation("Log", positive, [](const auto& x) { return ops::log(x[0]); }),
      operation("Sqrt", positive, [](const auto& x) { return ops::sqrt(x[0]); }),
      operation("Square", x, [](const auto& x) { return ops::square(x[0]); }),
      operation("Sin", x, [](const auto& x) { return ops::sin(x[0]); }),
      operation("Cos", x, [](const auto& x) { return ops::cos(x[0]); }),
      operation("Tanh", x, [](const auto& x) { return ops::tanh(x[0]); }),
      operation("Relu", x, [](const auto& x) { return ops::relu(x[0]); }),
      operation("Relu6", x, [](const auto& x) { return ops::relu6(x[0]); }),
      operation("Sigmoid", x, [](const auto& x) { return ops::sigmoid(x[0]); }),
      operation("Softplus", x, [](const auto& x) { return ops::softplus(x[0]); }),
      operation("Softsign", x, [](const auto& x) { return ops::softsign(x[0]); }),
      operation("Silu", x, [](const auto& x) { return ops::silu(x[0]); }),
      operation("Selu", x, [](const auto& x) { return ops::selu(x[0]); }),
      operation(
          "Elu", x, [](const auto& x) { return ops::elu(x[0], 0.5); }, false),
      operation("Gelu", x, [](const auto& x) { return ops::gelu(x[0], false); }),
      operation("Softmax", x, [](const auto& x) { return ops::softmax(x[0], -1); }),
      operation("Cast", x, [](const auto& x) { return ops::cast(x[0], int32); }),
      operation("Negative", x, [](const auto& x) { return ops::negative(x[0]); }),
  };
});

TEST(ElementwiseTest, ValuesAreThoseOfKeras) {
  const layers::Input x({.shape = {3}});
  const Array a{{1.f, -2.f, 3.f}};
  const auto value = [&](const KerasTensor& y) { return models::Model(x, y).predict(a); };
  // Keras 3.15; `ops.gelu` is the tanh form unless asked otherwise.
  EXPECT_TRUE(allclose(value(ops::gelu(x)), Array{{0.841192f, -0.04540223f, 2.9963627f}}, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(value(ops::gelu(x, false)), Array{{0.8413447f, -0.04550026f, 2.9959502f}}, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(value(ops::elu(x, 0.5)), Array{{1.f, -0.43233237f, 3.f}}, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(value(ops::selu(x)), Array{{1.050701f, -1.5201665f, 3.152103f}}, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(value(ops::silu(x)), Array{{0.7310586f, -0.23840584f, 2.8577223f}}, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(value(ops::softmax(x)), Array{{0.11849965f, 0.00589975f, 0.8756006f}}, 1e-5, 1e-6));
}

TEST(ElementwiseTest, FunctionsOfWholeNumbersAreFractionsWhereKerasSaysSo) {
  const layers::Input i({.shape = {3}, .dtype = "int32"});
  const Array v{{1, 4, 9}};
  const auto value = [&](const KerasTensor& y) { return models::Model(i, y).predict(v); };
  for (const KerasTensor& y : {ops::exp(i), ops::log(i), ops::sqrt(i), ops::sin(i), ops::cos(i), ops::tanh(i)})
    EXPECT_EQ(y.dtype(), float32) << y;
  EXPECT_TRUE(array_equal(value(ops::sqrt(i)), Array{{1.f, 2.f, 3.f}}));
  for (const KerasTensor& y : {ops::abs(i), ops::square(i), ops::relu(i), ops::negative(i)})
    EXPECT_EQ(y.dtype(), int32) << y;
  EXPECT_TRUE(array_equal(value(ops::square(i)), Array{{1, 16, 81}}));
}

}  // namespace
}  // namespace cornu::keras

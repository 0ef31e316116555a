#include "cornu/keras/operations/elementwise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/operations/arithmetic.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/activations.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/elementary.h"
#include "cornu/ops/softmax.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/operation_samples.h"

namespace cornu::keras {
namespace {

using tests::operation;
using tests::some;

const bool samples = cornu::tests::register_operation_samples([] {
  const std::vector<Array> x{some({3, 4}) * 3.f}, positive{some({3, 4}) + 2.f}, small{clip(some({3, 4}), -0.9, 0.9)},
      special{Array{{NAN, INFINITY}, {0.f, 2.f}}};
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
      operation("LeakyRelu", x, [](const auto& x) { return ops::leaky_relu(x[0], 0.3); }),
      operation("Gelu", x, [](const auto& x) { return ops::gelu(x[0], false); }),
      operation("Softmax", x, [](const auto& x) { return ops::softmax(x[0], -1); }),
      operation("Cast", x, [](const auto& x) { return ops::cast(x[0], int32); }),
      operation("Negative", x, [](const auto& x) { return ops::negative(x[0]); }),
      operation(
          "Exp2", x, [](const auto& x) { return ops::exp2(x[0]); }, false),
      operation("Expm1", x, [](const auto& x) { return ops::expm1(x[0]); }),
      operation(
          "Log2", positive, [](const auto& x) { return ops::log2(x[0]); }, false),
      operation(
          "Log10", positive, [](const auto& x) { return ops::log10(x[0]); }, false),
      operation("Log1p", positive, [](const auto& x) { return ops::log1p(x[0]); }),
      operation("Rsqrt", positive, [](const auto& x) { return ops::rsqrt(x[0]); }),
      operation("Reciprocal", positive, [](const auto& x) { return ops::reciprocal(x[0]); }),
      operation("Sign", x, [](const auto& x) { return ops::sign(x[0]); }),
      operation("Floor", x, [](const auto& x) { return ops::floor(x[0]); }),
      operation("Ceil", x, [](const auto& x) { return ops::ceil(x[0]); }),
      operation(
          "Trunc", x, [](const auto& x) { return ops::trunc(x[0]); }, false),
      operation(
          "Round", x, [](const auto& x) { return ops::round(x[0], 1); }, false),
      operation("Tan", x, [](const auto& x) { return ops::tan(x[0]); }),
      operation("Arcsin", small, [](const auto& x) { return ops::arcsin(x[0]); }),
      operation("Arccos", small, [](const auto& x) { return ops::arccos(x[0]); }),
      operation("Arctan", x, [](const auto& x) { return ops::arctan(x[0]); }),
      operation("Sinh", x, [](const auto& x) { return ops::sinh(x[0]); }),
      operation("Cosh", x, [](const auto& x) { return ops::cosh(x[0]); }),
      operation("Arcsinh", x, [](const auto& x) { return ops::arcsinh(x[0]); }),
      operation("Arccosh", positive, [](const auto& x) { return ops::arccosh(x[0]); }),
      operation("Arctanh", small, [](const auto& x) { return ops::arctanh(x[0]); }),
      operation("Erf", x, [](const auto& x) { return ops::erf(x[0]); }),
      operation("Erfinv", small, [](const auto& x) { return ops::erfinv(x[0]); }),
      operation("Isnan", special, [](const auto& x) { return ops::isnan(x[0]); }),
      operation("Isinf", special, [](const auto& x) { return ops::isinf(x[0]); }),
      operation("Isfinite", special, [](const auto& x) { return ops::isfinite(x[0]); }),
      operation(
          "NanToNum", special, [](const auto& x) { return ops::nan_to_num(x[0], 1, 2); }, false),
      operation("LogicalNot", special, [](const auto& x) { return ops::logical_not(x[0]); }),
      operation("Clip", x, [](const auto& x) { return ops::clip(x[0], -0.5, 1); }),
      operation("LogSigmoid", x, [](const auto& x) { return ops::log_sigmoid(x[0]); }),
      operation(
          "HardSigmoid", x, [](const auto& x) { return ops::hard_sigmoid(x[0]); }, false),
      operation(
          "HardSilu", x, [](const auto& x) { return ops::hard_silu(x[0]); }, false),
      operation(
          "HardTanh", x, [](const auto& x) { return ops::hard_tanh(x[0]); }, false),
      operation(
          "TanhShrink", x, [](const auto& x) { return ops::tanh_shrink(x[0]); }, false),
      operation(
          "SparsePlus", x, [](const auto& x) { return ops::sparse_plus(x[0]); }, false),
      operation(
          "SparseSigmoid", x, [](const auto& x) { return ops::sparse_sigmoid(x[0]); }, false),
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

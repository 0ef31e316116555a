#include "cornu/keras/operations/arithmetic.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/operations/elementwise.h"
#include "cornu/keras/operations/operation.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/operation_samples.h"

namespace cornu::keras {
namespace {

using tests::error_text;
using tests::operation;
using tests::some;

const bool samples = cornu::tests::register_operation_samples([] {
  const std::vector<Array> two{some({3, 4}), some({3, 4}, 2)}, equal{Array{{1.f, 2.f}}, Array{{1.f, 3.f}}},
      logical{Array{{true, true, false, false}}, Array{{true, false, true, false}}};
  return std::vector<cornu::tests::OperationSample>{
      operation("Add", two, [](const auto& x) { return x[0] + x[1]; }),
      operation("Subtract", two, [](const auto& x) { return ops::subtract(x[0], x[1]); }),
      operation("Multiply", two, [](const auto& x) { return x[0] * x[1]; }),
      operation("TrueDivide", two, [](const auto& x) { return x[0] / x[1]; }),
      operation("Divide", two, [](const auto& x) { return ops::divide(x[0], x[1]); }),
      operation("Power", {some({3, 4}) + 2.f, some({3, 4}, 2)}, [](const auto& x) { return ops::power(x[0], x[1]); }),
      operation("Maximum", two, [](const auto& x) { return ops::maximum(x[0], x[1]); }),
      operation("Minimum", two, [](const auto& x) { return ops::minimum(x[0], x[1]); }),
      operation("Equal", equal, [](const auto& x) { return ops::equal(x[0], x[1]); }),
      operation("NotEqual", equal, [](const auto& x) { return ops::not_equal(x[0], x[1]); }),
      operation("Greater", two, [](const auto& x) { return ops::greater(x[0], x[1]); }),
      operation("Less", two, [](const auto& x) { return ops::less(x[0], x[1]); }),
      operation("GreaterEqual", equal, [](const auto& x) { return ops::greater_equal(x[0], x[1]); }),
      operation("LessEqual", equal, [](const auto& x) { return ops::less_equal(x[0], x[1]); }),
      operation("FloorDivide", two, [](const auto& x) { return ops::floor_divide(x[0], x[1]); }),
      operation("Mod", two, [](const auto& x) { return ops::mod(x[0], x[1]); }),
      operation("Arctan2", two, [](const auto& x) { return ops::arctan2(x[0], x[1]); }),
      operation(
          "Hypot", two, [](const auto& x) { return ops::hypot(x[0], x[1]); }, false),
      operation(
          "Logaddexp", two, [](const auto& x) { return ops::logaddexp(x[0], x[1]); }, false),
      operation("LogicalAnd", logical, [](const auto& x) { return ops::logical_and(x[0], x[1]); }),
      operation("LogicalOr", logical, [](const auto& x) { return ops::logical_or(x[0], x[1]); }),
      operation("LogicalXor", logical, [](const auto& x) { return ops::logical_xor(x[0], x[1]); }),
      operation("Matmul", {some({3, 4, 2}), some({3, 2, 5}, 2)}, [](const auto& x) { return ops::matmul(x[0], x[1]); }),
      operation("Negative", {some({3, 4})}, [](const auto& x) { return -x[0]; }),
      // Numbers on either side.
      operation("Multiply", {some({3, 4})}, [](const auto& x) { return x[0] * 0.5; }),
      operation("Subtract", {some({3, 4})}, [](const auto& x) { return 1.5 - x[0]; }),
      operation("TrueDivide", {some({3, 4})}, [](const auto& x) { return 2.0 / x[0]; }),
      operation("Add", {some({3, 4})}, [](const auto& x) { return 2 + x[0]; }),
  };
});

Array value(const KerasTensor& x, const KerasTensor& y, const Array& data) { return models::Model(x, y).predict(data); }

TEST(ArithmeticTest, ReadsAsItIsWritten) {
  const layers::Input x({.shape = {3}});
  const Array a{{1.f, -2.f, 3.f}, {0.5f, 4.f, -1.f}};
  // Keras 3.15.
  EXPECT_TRUE(allclose(value(x, 1.5 - x * 0.5 + ops::relu(x), a), Array{{2.f, 2.5f, 3.f}, {1.75f, 3.5f, 2.f}}));
  EXPECT_TRUE(allclose(value(x, -x / 2 - 1, a), a / -2.f - 1.f));
  EXPECT_TRUE(array_equal(value(x, ops::maximum(x, 0.75), a), Array{{1.f, 0.75f, 3.f}, {0.75f, 4.f, 0.75f}}));
  EXPECT_TRUE(array_equal(value(x, ops::power(x, 2), a), a * a));
}

TEST(ArithmeticTest, WholeNumbersMeetFractionsAsInKeras) {
  const layers::Input i({.shape = {3}, .dtype = "int32"}), x({.shape = {3}});
  const Array v{{1, -2, 3}, {0, 4, -5}};
  const std::vector<std::pair<KerasTensor, DType>> cases{{i * 0.5, float32},
                                                         {i * 2, int32},
                                                         {i / 2, float32},
                                                         {i / i, float32},
                                                         {2.5 - i, float32},
                                                         {3 - i, int32},
                                                         {-i, int32},
                                                         {i + i, int32},
                                                         {ops::maximum(i, 0.5), float32},
                                                         {ops::greater(i, 1), bool_}};
  for (const auto& [y, dtype] : cases) {
    EXPECT_EQ(y.dtype(), dtype) << y;
    EXPECT_EQ(value(i, y, v).dtype(), dtype) << y;
  }
  EXPECT_EQ((i + x).dtype(), float32);
  EXPECT_TRUE(array_equal(value(i, i * 0.5, v), Array{{0.5f, -1.f, 1.5f}, {0.f, 2.f, -2.5f}}));
  EXPECT_TRUE(array_equal(value(i, i / 2, v), Array{{0.5f, -1.f, 1.5f}, {0.f, 2.f, -2.5f}}));
  EXPECT_TRUE(array_equal(value(i, ops::greater(i, 1), v), Array{{false, false, true}, {false, true, false}}));
}

TEST(ArithmeticTest, EachUseIsALayerOfItsOwnName) {
  const layers::Input x({.shape = {3}, .name = "x"});
  const models::Model model(x, x * 2 + x * 3);
  std::vector<std::string> names;
  for (const auto& layer : model.layers()) names.push_back(layer->name());
  EXPECT_THAT(names, testing::ElementsAre("x", "multiply", "multiply_1", "add"));
}

TEST(ArithmeticTest, WhatDoesNotFitIsRefusedByName) {
  const layers::Input a({.shape = {3}}), b({.shape = {4}});
  EXPECT_THAT(error_text<ShapeError>([&] { a + b; }), testing::StartsWith("[Add] "));
  EXPECT_EQ(error_text<ValueError>([&] { operations::apply("Nothing", {{"x", a}}); }), "unknown operation 'Nothing'");
  EXPECT_EQ(error_text<ValueError>([&] {
              operations::apply("Add", {{"x1", a}, {"y", b}});
            }),
            "operation 'Add' has no parameter 'y'");
  EXPECT_EQ(error_text<ValueError>([&] {
              operations::apply("Add", {{"x1", a}});
            }),
            "[Add] argument 'x2' needs a tensor or a number");
}

}  // namespace
}  // namespace cornu::keras

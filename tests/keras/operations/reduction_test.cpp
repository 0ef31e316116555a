#include "cornu/keras/operations/reduction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/composite/in_top_k.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/sort.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/operation_samples.h"

namespace cornu::keras {
namespace {

using ops::KeepDims;
using tests::operation;
using tests::some;

const bool samples = cornu::tests::register_operation_samples([] {
  const std::vector<Array> x{some({3, 4, 2})}, zeros{round(some({3, 4, 2}))};
  return std::vector<cornu::tests::OperationSample>{
      operation("Sum", x, [](const auto& x) { return ops::sum(x[0], 1); }),
      operation("Sum", x,
                [](const auto& x) {
                  return ops::sum(x[0], {1, 2}, KeepDims::yes);
                }),
      operation("Mean", x, [](const auto& x) { return ops::mean(x[0], -1, KeepDims::yes); }),
      operation("Max", x, [](const auto& x) { return ops::max(x[0], -1); }),
      operation("Min", x,
                [](const auto& x) {
                  return ops::min(x[0], {1, 2});
                }),
      operation("Prod", x,
                [](const auto& x) {
                  return ops::prod(x[0], {1, 2});
                }),
      operation("Any", zeros,
                [](const auto& x) {
                  return ops::any(x[0], {1, 2});
                }),
      operation("All", zeros, [](const auto& x) { return ops::all(x[0], 2); }),
      operation("Var", x, [](const auto& x) { return ops::var(x[0], 1); }),
      operation("Std", x,
                [](const auto& x) {
                  return ops::std(x[0], {1, 2}, KeepDims::yes);
                }),
      operation("Logsumexp", x, [](const auto& x) { return ops::logsumexp(x[0], -1); }),
      operation(
          "Median", x, [](const auto& x) { return ops::median(x[0], 1); }, false),
      operation(
          "Quantile", x, [](const auto& x) { return ops::quantile(x[0], 0.3, 1, "higher"); }, false),
      operation(
          "CountNonzero", zeros, [](const auto& x) { return ops::count_nonzero(x[0], 1); }, false),
      operation(
          "Norm", x,
          [](const auto& x) {
            return ops::norm(x[0], 1, {1, 2});
          },
          false),
      operation(
          "Norm", x,
          [](const auto& x) {
            return ops::norm(x[0], "fro", {1, 2}, KeepDims::yes);
          },
          false),
      operation(
          "Norm", x, [](const auto& x) { return ops::norm(x[0], -INFINITY, 1); }, false),
      operation(
          "Norm", x, [](const auto& x) { return ops::norm(x[0], {}, -1); }, false),
      operation(
          "Argmax", x, [](const auto& x) { return ops::argmax(x[0], 1); }, false),
      operation(
          "Argmin", x, [](const auto& x) { return ops::argmin(x[0], -1, KeepDims::yes); }, false),
      operation(
          "Cumsum", x, [](const auto& x) { return ops::cumsum(x[0], 1); }, false),
      operation(
          "Cumprod", x, [](const auto& x) { return ops::cumprod(x[0], -1); }, false),
      operation(
          "Sort", x, [](const auto& x) { return ops::sort(x[0], 1); }, false),
      operation(
          "Argsort", x, [](const auto& x) { return ops::argsort(x[0], 1); }, false),
      operation("InTopK", {Array{0, 1, 2}, some({3, 4})}, [](const auto& x) { return ops::in_top_k(x[0], x[1], 2); }),
  };
});

TEST(ReductionOperationsTest, LengthsThatAreUnknownStaySo) {
  const layers::Input x({.shape = {kUnknown, 4}});
  EXPECT_EQ(ops::sum(x, 1).shape(), (Shape{kUnknown, 4}));
  EXPECT_EQ(ops::mean(x, -1).shape(), (Shape{kUnknown, kUnknown}));
  EXPECT_EQ(ops::sum(x).shape(), Shape{}) << "all axes, the batch's too";
  EXPECT_EQ(ops::argmax(x, 1).shape(), (Shape{kUnknown, 4}));
  EXPECT_EQ(ops::argmax(x).shape(), Shape{});
  EXPECT_EQ(ops::sort(x, 1).shape(), (Shape{kUnknown, kUnknown, 4}));
}

TEST(ReductionOperationsTest, AMeanOfWholeNumbersIsAFraction) {
  const layers::Input i({.shape = {3}, .dtype = "int32"});
  EXPECT_EQ(ops::mean(i, 1).dtype(), float32);
  // Keras 3.15.
  EXPECT_TRUE(allclose(models::Model(i, ops::mean(i, 1)).predict(Array{{1, -2, 3}, {0, 4, -5}}),
                       Array{0.6666667f, -0.33333334f}));
}

TEST(ReductionOperationsTest, SumsOfWholeNumbersHaveTheDtypesOfKeras) {
  for (const auto& [dtype, want] : {std::pair{"bool", int32}, std::pair{"int32", int32}, std::pair{"int64", int64}}) {
    const layers::Input x({.shape = {3}, .dtype = dtype});
    for (const KerasTensor& y : {ops::sum(x, 1), ops::prod(x, 1), ops::cumsum(x, 1), ops::cumprod(x, 1)})
      EXPECT_EQ(y.dtype(), want) << dtype;
  }
}

TEST(ReductionOperationsTest, WithoutAnAxisAllElementsAreTaken) {
  const layers::Input x({.shape = {3}, .batch_size = 2});
  const Array a{{1.f, -2.f, 3.f}, {7.f, 4.f, -5.f}};
  const auto value = [&](const KerasTensor& y) { return models::Model(x, y).predict(a, {.batch_size = 2}); };
  EXPECT_EQ(ops::argmax(x).shape(), Shape{});
  EXPECT_EQ(ops::cumsum(x).shape(), Shape{6});
  EXPECT_EQ(ops::cumprod(x).shape(), Shape{6});
  EXPECT_TRUE(array_equal(value(ops::cumsum(x, 1)), Array{{1.f, -1.f, 2.f}, {7.f, 11.f, 6.f}}));
}

}  // namespace
}  // namespace cornu::keras

#include "cornu/keras/layers/normalization/unit_normalization.h"

#include <gmock/gmock.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "UnitNormalization",
       .config = R"({"axis": [1, 2], BASE})",
       .example = {.inputs = {tests::some({3, 4, 5}) + 1.5}, .config = R"({"axis": -1, BASE})", .free_axes = {1, 2}}},
  };
});

// shared/golden/layers/unitnorm.
TEST(UnitNormalizationTest, ComputesWhatKerasDoes) {
  EXPECT_TRUE(allclose(
      run_layer(UnitNormalization(), Array{{1.5607f, 0.918709f, 0.141588f, -0.257819f, -0.199289f, 1.2889f}}).output,
      Array{{0.693314f, 0.408121f, 0.0628981f, -0.114532f, -0.0885308f, 0.572574f}}, 1e-4, 1e-6));
}

TEST(UnitNormalizationTest, TakesSeveralAxesAndIntegers) {
  EXPECT_TRUE(allclose(run_layer(UnitNormalization(1), Array{{3.f, 4.f}, {0.f, -2.f}}).output,
                       Array{{0.6f, 0.8f}, {0.f, -1.f}}));
  EXPECT_TRUE(allclose(run_layer(UnitNormalization(), Array{{3, 4}}).output, Array{{0.6f, 0.8f}}));
  EXPECT_TRUE(allclose(run_layer(UnitNormalization({.axis = {1, 2}}), graph::ones({2, 2, 2})).output,
                       graph::full({2, 2, 2}, 0.5)));
}

TEST(UnitNormalizationTest, WhatHasNoLengthStaysAndHasAFiniteGradient) {
  const UnitNormalization layer;
  const Function f([&](const Tensor& x) {
    Context ctx;
    const Tensor y = (*layer)(x, ctx);
    return Outputs{y, autodiff::gradients(ops::sum(y), {x})[0]};
  });
  const auto [y, gradient] = f(Array{{0.f, 0.f}, {1.f, 0.f}}).get<2>();
  EXPECT_TRUE(array_equal(y, Array{{0.f, 0.f}, {1.f, 0.f}}));
  EXPECT_TRUE(allclose(gradient, Array{{1e12f, 1e12f}, {0.f, 1.f}})) << gradient;
}

TEST(UnitNormalizationTest, RefusesAxesThatAreNotThere) {
  EXPECT_EQ(error_text<ShapeError>([] {
              UnitNormalization({.axis = 2, .name = "u"})->ensure_built({kUnknown, 3});
            }),
            "[UnitNormalization \"u\"] axis 2 is out of bounds for input shape (None, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers

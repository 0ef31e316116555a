// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/merging/dot.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Dot",
       .config = R"({"axes": [2, 1], "normalize": true, BASE})",
       .example = {.inputs = {some({3, 4, 5}), some({3, 5, 2}, 2)}, .mask = cornu::tests::LayerExample::Mask::none}}};
});

const Array kA{{1.f, -2.f, 3.f}, {0.5f, 4.f, -1.f}}, kB{{2.f, 2.f, -1.f}, {-3.f, 0.25f, 5.f}};
const Array kP = graph::arange(0, 12).reshape({2, 2, 3}).astype(float32) / 4.f,
            kQ = graph::arange(0, 12).reshape({2, 3, 2}).astype(float32) / 8.f - 0.5f;

TEST(DotTest, SumsProductsSampleBySample) {
  EXPECT_TRUE(array_equal(call_layer(Dot(1), {kA, kB}).output(), Array{{-5.f}, {-5.5f}}));
  EXPECT_TRUE(array_equal(call_layer(Dot({.axes = {-1}}), {kA, kB}).output(), Array{{-5.f}, {-5.5f}}));
  EXPECT_TRUE(
      allclose(call_layer(Dot(1, {.normalize = true}), {kA, kB}).output(), Array{{-0.4454354f}, {-0.22689758f}}));
}

TEST(DotTest, OtherAxesStay) {
  EXPECT_TRUE(allclose(call_layer(Dot({.axes = {2, 1}}), {kP, kQ}).output(),
                       Array{{{-0.0625f, 0.03125f}, {-0.625f, -0.25f}}, {{2.75f, 3.40625f}, {3.875f, 4.8125f}}}));
  EXPECT_TRUE(
      allclose(call_layer(Dot({.axes = {1, 2}}), {kP, kQ}).output(),
               Array{{{-0.28125f, -0.09375f, 0.09375f}, {-0.5f, -0.1875f, 0.125f}, {-0.71875f, -0.28125f, 0.15625f}},
                     {{1.21875f, 2.15625f, 3.09375f}, {1.375f, 2.4375f, 3.5f}, {1.53125f, 2.71875f, 3.90625f}}}));
  EXPECT_TRUE(allclose(
      call_layer(Dot({.axes = {1, 2}, .normalize = true}), {kP, kQ}).output(),
      Array{
          {{-0.6f, -0.4472136f, 1.f}, {-0.77611405f, -0.6507914f, 0.9701425f}, {-0.8541985f, -0.7474093f, 0.9284767f}},
          {{1.f, 0.9962406f, 0.99273384f},
           {0.9997419f, 0.9979518f, 0.9952116f},
           {0.99916804f, 0.9989447f, 0.9968152f}}},
      1e-5, 1e-6));
  EXPECT_TRUE(allclose(call_layer(Dot({.axes = {2, 1}}), {kP, kA}).output(), Array{{1.f, 2.5f}, {5.75f, 8.375f}}));
  EXPECT_TRUE(allclose(call_layer(Dot({.axes = {1, 2}}), {kA, kP}).output(), Array{{1.f, 2.5f}, {5.75f, 8.375f}}));
}

TEST(DotTest, TakesMasksAway) {
  const Array mask{{true, false}, {true, true}};
  EXPECT_FALSE(call_layer(Dot({.axes = {2, 2}}), {kP, kP}, {mask, mask}).mask);
}

TEST(DotTest, WhatDoesNotFitIsRefused) {
  const Input three({.shape = {3}}), four({.shape = {4}});
  EXPECT_EQ(error_text<ShapeError>([&] {
              dot({three, four}, 1, {.name = "d"});
            }),
            "[Dot \"d\"] axis 1 of (None, 3) and axis 1 of (None, 4) have different lengths");
  EXPECT_EQ(error_text<ValueError>([&] { dot({three, three, three}); }), "[Dot] expected exactly 2 inputs, got 3");
  EXPECT_EQ(error_text<ValueError>([&] {
              dot({three, three}, 0);
            }),
            "[Dot] axis 0 is the batch and cannot be summed over");
  EXPECT_EQ(error_text<ValueError>([&] { Dot({.axes = {1, 2, 3}}); }), "[Dot] expected one axis or two, got 3");
}

}  // namespace
}  // namespace cornu::keras::layers

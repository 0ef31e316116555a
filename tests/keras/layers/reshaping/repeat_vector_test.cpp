#include "cornu/keras/layers/reshaping/repeat_vector.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "RepeatVector",
                                     .config = R"({"n": 3, BASE})",
                                     .example = {.inputs = {tests::some({3, 4})}, .free_axes = {1}}}};
});

TEST(RepeatVectorTest, GivesEachSampleSeveralTimes) {
  const Array y = call_layer(RepeatVector(2), {Array{{1, 2, 3}, {4, 5, 6}}}).output();
  EXPECT_TRUE(array_equal(y, Array{{{1, 2, 3}, {1, 2, 3}}, {{4, 5, 6}, {4, 5, 6}}}));
  EXPECT_EQ(y.dtype(), int32);
  EXPECT_EQ(RepeatVector({.n = 4})(Input({.shape = {3}})).shape(), (Shape{kUnknown, 4, 3}));
}

TEST(RepeatVectorTest, WhatCannotBeRepeatedIsRefused) {
  EXPECT_EQ(error_text<ValueError>([] { RepeatVector(0, {.name = "r"}); }),
            "[RepeatVector \"r\"] expected a positive n, got 0");
  EXPECT_THROW(RepeatVector(), ValueError);
  EXPECT_EQ(error_text<ShapeError>([] {
              call_layer(RepeatVector(2), {graph::ones({2, 3, 4})});
            }),
            "[RepeatVector] expected an input of two axes, got shape (24, 3, 4)");
}

}  // namespace
}  // namespace cornu::keras::layers

// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/core/masking.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Masking",
       .config = R"({"mask_value": -1.5, BASE})",
       .example = {
           .inputs = {tests::some({3, 4, 2})}, .free_axes = {1, 2}, .mask = cornu::tests::LayerExample::Mask::own}}};
});

const Array kX{{{0.f, 0.f}, {1.f, 0.f}, {2.f, 3.f}}, {{-1.f, -1.f}, {0.f, 0.f}, {4.f, -1.f}}};

TEST(MaskingLayerTest, MasksStepsOfThatValueAlone) {
  const auto zero = call_layer(Masking(), {kX});
  EXPECT_TRUE(array_equal(zero.output(), kX));
  EXPECT_TRUE(array_equal(*zero.mask, Array{{false, true, true}, {true, false, true}}));
  const auto other = call_layer(Masking(-1.0), {kX});
  EXPECT_TRUE(
      array_equal(other.output(), Array{{{0.f, 0.f}, {1.f, 0.f}, {2.f, 3.f}}, {{0.f, 0.f}, {0.f, 0.f}, {4.f, -1.f}}}));
  EXPECT_TRUE(array_equal(*other.mask, Array{{true, true, true}, {false, true, true}}));
  EXPECT_TRUE(array_equal(*call_layer(Masking({.mask_value = -1}), {kX}).mask, *other.mask));
}

TEST(MaskingLayerTest, AMaskOfBeforeDoesNotCount) {
  const Array nothing = graph::zeros({2, 3}, bool_);
  EXPECT_TRUE(array_equal(*call_layer(Masking(), {kX}, {nothing}).mask, *call_layer(Masking(), {kX}).mask));
}

TEST(MaskingLayerTest, TakesWholeNumbers) {
  const auto y = call_layer(Masking(1), {Array{{{1, 1}, {2, 3}}}});
  EXPECT_EQ(y.output().dtype(), int32);
  EXPECT_TRUE(array_equal(y.output(), Array{{{0, 0}, {2, 3}}}));
  EXPECT_TRUE(array_equal(*y.mask, Array{{false, true}}));
}

TEST(MaskingLayerTest, NeedsAnAxisOfFeatures) {
  EXPECT_EQ(tests::error_text<ShapeError>([] { call_layer(Masking({.name = "m"}), {graph::ones({3})}); }),
            "[Masking \"m\"] expected an input of at least two axes, got shape (24,)");
}

}  // namespace
}  // namespace cornu::keras::layers

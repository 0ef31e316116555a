#include "cornu/keras/layers/reshaping/cropping.h"

#include <gtest/gtest.h>

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
       .class_name = "Cropping1D",
       .config = R"({"cropping": [2, 1], BASE})",
       .example = {.inputs = {tests::some({3, 7, 2})}, .free_axes = {1, 2}}},
      {.kind = "layer",
       .class_name = "Cropping2D",
       .config = R"({"cropping": [[1, 0], [2, 1]], "data_format": "channels_first", BASE})",
       .example = {.inputs = {tests::some({3, 2, 5, 6})}, .free_axes = {2, 3}}},
      {.kind = "layer",
       .class_name = "Cropping3D",
       .config = R"({"cropping": [[1, 0], [0, 2], [1, 1]], "data_format": "channels_first", BASE})",
       .example = {.inputs = {tests::some({3, 3, 4, 4, 2})},
                   .config = R"({"cropping": [[1, 0], [0, 2], [1, 1]], BASE})",
                   .free_axes = {1, 2, 3}}},
  };
});

TEST(CroppingTest, TakesWhatLiesAtTheEndsAway) {
  const Array line = graph::arange(0, 10).reshape({1, 5, 2});
  EXPECT_TRUE(array_equal(run_layer(Cropping1D(), line).output, line.reshape({5, 2}).slice(1, 4).reshape({1, 3, 2})));
  EXPECT_TRUE(array_equal(run_layer(Cropping1D({.cropping = {2, 0}}), line).output,
                          line.reshape({5, 2}).slice(2, 5).reshape({1, 3, 2})));
  const Array plane = graph::arange(0, 20).reshape({1, 4, 5, 1});
  EXPECT_TRUE(array_equal(run_layer(Cropping2D(), plane).output, plane));
  const Array middle = Array{6.f, 7.f, 8.f, 11.f, 12.f, 13.f}.reshape({1, 2, 3, 1});
  EXPECT_TRUE(array_equal(run_layer(Cropping2D(1), plane).output, middle));
  EXPECT_TRUE(array_equal(run_layer(Cropping2D({.cropping = {1, 1}}), plane).output, middle));
  EXPECT_TRUE(array_equal(run_layer(Cropping2D({.cropping = {{3, 0}, {1, 2}}}), plane).output,
                          Array{16.f, 17.f}.reshape({1, 1, 2, 1})));
  EXPECT_EQ(run_layer(Cropping3D(), graph::ones({1, 3, 4, 5, 2}, int32)).output.shape(), (Shape{1, 1, 2, 3, 2}));
}

TEST(CroppingTest, RefusesWhatIsNoCropping) {
  EXPECT_EQ(error_text<ValueError>([] {
              Cropping1D({.cropping = {1, 2, 3}, .name = "c"});
            }),
            "[Cropping1D \"c\"] expected cropping of two numbers of at least 0, or one for both, got (1, 2, 3)");
  EXPECT_EQ(error_text<ValueError>([] {
              Cropping2D({.cropping = {{1, 2}, {0, -3}}, .name = "c"});
            }),
            "[Cropping2D \"c\"] expected cropping of 2 pairs of numbers of at least 0, a number for each, or one for "
            "all, got ((1, 2), (0, -3))");
  EXPECT_EQ(error_text<ValueError>([] {
              Cropping3D({.cropping = {1, 2}, .name = "c"});
            }),
            "[Cropping3D \"c\"] expected cropping of 3 pairs of numbers of at least 0, a number for each, or one for "
            "all, got (1, 2)");
  EXPECT_THROW(Cropping2D(1, {.data_format = "NHWC"}), ValueError);
}

TEST(CroppingTest, SomethingMustBeLeft) {
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(Cropping1D({.cropping = {1, 2}, .name = "c"}), graph::ones({1, 3, 2}));
            }),
            "[Cropping1D \"c\"] cropping of 1 and 2 leaves nothing of an axis of length 3");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(Cropping2D(1, {.name = "c"}), graph::ones({4, 3, 2}));
            }),
            "[Cropping2D \"c\"] expected an input of 4 axes, got shape (None, 3, 2)");
}

}  // namespace
}  // namespace cornu::keras::layers

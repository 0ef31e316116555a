#include "cornu/keras/layers/pooling/global_pooling.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/masking.h"
#include "cornu/keras/models/sequential.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  cornu::tests::KerasSamples all;
  const Shape shapes[] = {{3, 4, 2}, {3, 3, 4, 2}, {3, 3, 3, 4, 1}};
  for (const std::string kind : {"GlobalMax", "GlobalAverage"})
    for (int axes = 1; axes <= 3; ++axes) {
      std::vector<int> free;
      for (int axis = 1; axis <= axes; ++axis) free.push_back(axis);
      all.push_back({.kind = "layer",
                     .class_name = kind + "Pooling" + std::to_string(axes) + "D",
                     .config = R"({"data_format": "channels_first", "keepdims": true, BASE})",
                     .example = {.inputs = {tests::some(shapes[axes - 1])},
                                 .config = "{BASE}",
                                 .free_axes = free,
                                 .mask = tests::LayerExample::Mask::none}});
    }
  return all;
});

const Array kLine = Array{{1.f, 10.f}, {2.f, 40.f}, {6.f, 10.f}}.reshape({1, 3, 2});

TEST(GlobalPoolingTest, PoolsEverything) {
  EXPECT_TRUE(array_equal(run_layer(GlobalMaxPooling1D(), kLine).output, Array{{6.f, 40.f}}));
  EXPECT_TRUE(array_equal(run_layer(GlobalAveragePooling1D(), kLine).output, Array{{3.f, 20.f}}));
  EXPECT_EQ(run_layer(GlobalMaxPooling1D({.keepdims = true}), kLine).output.shape(), (Shape{1, 1, 2}));
  const Array first =
      run_layer(GlobalAveragePooling1D({.data_format = "channels_first", .keepdims = true}), kLine).output;
  EXPECT_TRUE(allclose(first, Array{5.5f, 21.f, 8.f}.reshape({1, 3, 1})));
  EXPECT_EQ(run_layer(GlobalAveragePooling2D(), graph::ones({2, 3, 4, 5})).output.shape(), (Shape{2, 5}));
  EXPECT_EQ(
      run_layer(GlobalMaxPooling3D({.data_format = "channels_first"}), graph::ones({2, 3, 4, 5, 6})).output.shape(),
      (Shape{2, 3}));
}

TEST(GlobalPoolingTest, TheMeanIsThatOfStepsThatAreNotMasked) {
  models::Sequential model({Masking({.mask_value = 2, .input_shape = {3, 1}}), GlobalAveragePooling1D()});
  EXPECT_TRUE(allclose(model.predict(Array{1.f, 2.f, 5.f}.reshape({1, 3, 1})), Array{{3.f}}));
}

TEST(GlobalPoolingTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { GlobalMaxPooling2D({.data_format = "first", .name = "p"}); }),
            "[GlobalMaxPooling2D \"p\"] expected data_format 'channels_last' or 'channels_first', got 'first'");
  EXPECT_EQ(error_text<ShapeError>([] { run_layer(GlobalMaxPooling2D({.name = "p"}), kLine); }),
            "[GlobalMaxPooling2D \"p\"] expected an input of 4 axes, got shape (None, 3, 2)");
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/layers/preprocessing/max_num_bounding_boxes.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "MaxNumBoundingBoxes",
       .config = R"({"max_number": 40, "fill_value": 2, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}}};
});

TEST(MaxNumBoundingBoxesTest, FillsUpAndCutsOff) {
  const Array images = tests::some({2, 3, 4, 1}), boxes = tests::some({2, 3, 4}), labels = tests::some({2, 3});
  const auto more = call_layer(MaxNumBoundingBoxes(5), {images, boxes, labels}).outputs;
  ASSERT_EQ(more.size(), 3u);
  EXPECT_TRUE(array_equal(more[0], images));
  EXPECT_EQ(more[1].shape(), (Shape{2, 5, 4}));
  EXPECT_TRUE(array_equal(more[1][1].slice(0, 3), boxes[1]));
  EXPECT_TRUE(array_equal(more[1][1][4], Array{-1.f, -1.f, -1.f, -1.f}));
  EXPECT_TRUE(array_equal(more[2][0].slice(3, 5), Array{-1.f, -1.f}));
  const auto fewer = call_layer(MaxNumBoundingBoxes(2), {images, boxes, labels}).outputs;
  EXPECT_TRUE(array_equal(fewer[1][0], boxes[0].slice(0, 2)));
  EXPECT_TRUE(array_equal(fewer[2][1], labels[1].slice(0, 2)));
  const auto one = call_layer(MaxNumBoundingBoxes(4, {.fill_value = 9}), {images[0], boxes[0], labels[0]}).outputs;
  EXPECT_EQ(one[1].at<float>({3, 0}), 9);
}

TEST(MaxNumBoundingBoxesTest, InAGraphOfLayers) {
  const KerasTensor images = Input({.shape = {4, 4, 1}}), boxes = Input({.shape = {kUnknown, 4}}),
                    labels = Input({.shape = {kUnknown}});
  const auto y = MaxNumBoundingBoxes(6)({images, boxes, labels}).outputs();
  ASSERT_EQ(y.size(), 3u);
  EXPECT_EQ(y[1].shape(), (Shape{kUnknown, 6, 4}));
  EXPECT_EQ(y[2].shape(), (Shape{kUnknown, 6}));
}

TEST(MaxNumBoundingBoxesTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error_text<ValueError>([] { MaxNumBoundingBoxes(0, {.name = "m"}); }),
            "[MaxNumBoundingBoxes \"m\"] expected a positive max_number, got 0");
  const MaxNumBoundingBoxes layer(4, {.name = "m"});
  const Array images = graph::zeros({2, 3, 4, 1});
  EXPECT_EQ(error_text<ValueError>([&] {
              call_layer(layer, {images, images});
            }),
            "[MaxNumBoundingBoxes \"m\"] expected pictures alone, or pictures, boxes and labels, got 2 inputs");
  EXPECT_EQ(error_text<ShapeError>([&] {
              call_layer(layer, {images, graph::zeros({2, 3, 5}), graph::zeros({2, 3})});
            }),
            "[MaxNumBoundingBoxes \"m\"] expected boxes of four numbers, (batch, n, 4), got shape (None, 3, 5)");
  EXPECT_EQ(
      error_text<ShapeError>([&] {
        call_layer(layer, {images, graph::zeros({2, 3, 4}), graph::zeros({2, 2})});
      }),
      "[MaxNumBoundingBoxes \"m\"] expected a label for each box, boxes of shape (None, 3, 4), got labels of shape "
      "(None, 2)");
}

}  // namespace
}  // namespace cornu::keras::layers

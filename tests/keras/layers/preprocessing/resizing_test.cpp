#include "cornu/keras/layers/preprocessing/resizing.h"

#include <gtest/gtest.h>

#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

// The two aspect ratio flags exclude each other.
const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Resizing",
       .config = R"({"height": 3, "width": 2, "interpolation": "bicubic", "crop_to_aspect_ratio": false,
         "pad_to_aspect_ratio": true, "fill_mode": "constant", "fill_value": 0.5, "antialias": true,
         "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}},
  };
});

TEST(ResizingTest, WholeNumbersStaySuch) {
  const Array x = Array{1.f, 2.f, 3.f, 5.f}.reshape({1, 2, 2, 1});
  const Array y = run_layer(Resizing(1, 1), x).output;
  EXPECT_TRUE(array_equal(y, graph::full({1, 1, 1, 1}, 2.75)));
  EXPECT_TRUE(array_equal(run_layer(Resizing(1, 1), x.astype(uint8)).output, graph::full({1, 1, 1, 1}, 3, uint8)));
  EXPECT_TRUE(array_equal(run_layer(Resizing({.height = 1, .width = 1}), x.reshape({2, 2, 1})).output,
                          graph::full({1, 1, 1}, 2.75)));
}

TEST(ResizingTest, AnyPicturesBecomeOfOneSize) {
  EXPECT_EQ(Resizing(4, 5)->compute_output_shape({kUnknown, kUnknown, kUnknown, 3}), (Shape{kUnknown, 4, 5, 3}));
  EXPECT_EQ(Resizing(4, 5, {.crop_to_aspect_ratio = true})->compute_output_shape({kUnknown, 2, kUnknown, 3}),
            (Shape{kUnknown, 4, 5, 3}));
}

TEST(ResizingTest, FilesOfKeras2HoldWhatItHas) {
  const auto keras2 = [](ResizingConfig config) {
    config.height = config.width = 2;
    config.name = "r";
    return saving::serialize_config(*Resizing(std::move(config)), saving::KerasVersion::keras2);
  };
  EXPECT_EQ(keras2({}).find("fill"), std::string::npos);
  EXPECT_EQ(keras2({}).find("antialias"), std::string::npos);
  EXPECT_EQ(error_text<ValueError>([&] { keras2({.antialias = true}); }),
            "layer 'r' cannot be saved for Keras 2, which has no argument 'antialias'");
  EXPECT_EQ(error_text<ValueError>([&] { keras2({.data_format = "channels_first"}); }),
            "layer 'r' cannot be saved for Keras 2, which has no argument 'data_format'");
}

TEST(ResizingTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { Resizing(2, 0, {.name = "r"}); }),
            "[Resizing \"r\"] expected a positive height and width, got 2 and 0");
  EXPECT_EQ(error_text<ValueError>(
                [] { Resizing(2, 2, {.crop_to_aspect_ratio = true, .pad_to_aspect_ratio = true, .name = "r"}); }),
            "[Resizing \"r\"] crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other");
  EXPECT_EQ(error_text<ValueError>([] { Resizing(2, 2, {.data_format = "last", .name = "r"}); }),
            "[Resizing \"r\"] expected data_format 'channels_last' or 'channels_first', got 'last'");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(Resizing(2, 2, {.name = "r"}), graph::ones({2, 3}));
            }),
            "[Resizing \"r\"] expected pictures of three axes, or four with a batch, got shape (None, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers

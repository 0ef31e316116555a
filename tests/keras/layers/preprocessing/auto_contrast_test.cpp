#include "cornu/keras/layers/preprocessing/auto_contrast.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::expect_numbers;
using tests::picture;
using tests::run_layer;

// Each column of the second and third axis has a smallest and a largest number of its own, none near another.
Array smooth() {
  Array x = graph::empty({3, 3, 5, 4});
  for (std::int64_t i = 0; i < x.size(); ++i) x.data<float>()[i] = static_cast<float>(i * 71 % 180) / 45;
  return x;
}

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "AutoContrast",
       .config = R"({"value_range": [0.0, 200.0], "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {smooth()},
                   .config = R"({"value_range": [0.0, 5.0], "data_format": "channels_first",
                                                               BASE})",
                   .free_axes = {1, 2, 3}}}};
});

TEST(AutoContrastTest, StretchesAsKerasDoes) {
  expect_numbers(run_layer(AutoContrast(), picture()).output[0][0],
                 {0, 37.5325, 75.0649, 122.532, 160.065, 197.597, 245.065, 0, 37.5325, 85, 122.532, 160.065});
  expect_numbers(
      run_layer(AutoContrast({.value_range = {1, 0}}), picture() / 512 + 0.1).output[0][0],
      {0, 0.147186, 0.294372, 0.480519, 0.627706, 0.774892, 0.961039, 0, 0.147186, 0.333333, 0.480519, 0.627706}, 1e-6);
  // Keras looks at the same axes whatever the format.
  EXPECT_TRUE(array_equal(run_layer(AutoContrast({.data_format = "channels_first"}), picture()).output,
                          run_layer(AutoContrast(), picture()).output));
  EXPECT_TRUE(array_equal(run_layer(AutoContrast(), picture().astype(uint8)[0]).output,
                          run_layer(AutoContrast(), picture(), true).output[0]));
}

TEST(AutoContrastTest, OneColorStays) {
  const Array x = graph::full({2, 3, 3, 1}, 77);
  EXPECT_TRUE(array_equal(run_layer(AutoContrast(), x).output, x));
}

TEST(AutoContrastTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] {
              AutoContrast({.value_range = {0, 1, 2}, .name = "a"});
            }),
            "[AutoContrast \"a\"] expected a value_range of two numbers, got (0, 1, 2)");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(AutoContrast({.name = "a"}), graph::zeros({2, 2}));
            }),
            "[AutoContrast \"a\"] expected pictures of three axes, or four with a batch, got shape (None, 2)");
}

}  // namespace
}  // namespace cornu::keras::layers

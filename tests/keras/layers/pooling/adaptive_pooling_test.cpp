#include "cornu/keras/layers/pooling/adaptive_pooling.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

// Numbers that differ by 0.25 at least, in no order.
Array apart(const Shape& shape) {
  Array x(shape);
  for (std::int64_t i = 0; i < x.size(); ++i) x.data<float>()[i] = static_cast<float>(i * 37 % x.size()) / 4 - 5;
  return x;
}

const bool samples = cornu::tests::register_keras_samples([] {
  cornu::tests::KerasSamples all;
  const std::string sizes[] = {"[3]", "[2, 3]", "[2, 1, 3]"};
  const Shape shapes[] = {{3, 7, 2}, {3, 4, 5, 2}, {3, 3, 4, 5, 1}};
  for (const std::string kind : {"Max", "Average"})
    for (int axes = 1; axes <= 3; ++axes) {
      const auto i = static_cast<std::size_t>(axes - 1);
      std::vector<int> free;
      for (int axis = 1; axis <= axes; ++axis) free.push_back(axis);
      all.push_back({.kind = "layer",
                     .class_name = "Adaptive" + kind + "Pooling" + std::to_string(axes) + "D",
                     .config = R"({"output_size": )" + sizes[i] + R"(, "data_format": "channels_first", BASE})",
                     .in_keras2 = false,
                     .example = {.inputs = {apart(shapes[i])},
                                 .config = R"({"output_size": )" + sizes[i] + ", BASE}",
                                 .free_axes = free,
                                 .mask = tests::LayerExample::Mask::none}});
    }
  return all;
});

const Array kLine = graph::arange(0, 8).reshape({1, 8, 1});

TEST(AdaptivePoolingTest, WindowsAreThoseOfKeras) {
  EXPECT_TRUE(array_equal(run_layer(AdaptiveMaxPooling1D(3), kLine).output.flatten(), Array{2.f, 5.f, 7.f}));
  EXPECT_TRUE(array_equal(run_layer(AdaptiveAveragePooling1D(3), kLine).output.flatten(), Array{1.f, 3.5f, 6.f}));
  EXPECT_TRUE(
      array_equal(run_layer(AdaptiveAveragePooling1D(5), graph::arange(0, 3).reshape({1, 3, 1})).output.flatten(),
                  Array{0.f, 0.5f, 1.f, 1.5f, 2.f}))
      << "more windows than numbers";
  EXPECT_TRUE(array_equal(run_layer(AdaptiveMaxPooling1D(1), kLine).output.flatten(), Array{7.f}));
  EXPECT_TRUE(array_equal(run_layer(AdaptiveMaxPooling1D(8), kLine).output, kLine));
}

TEST(AdaptivePoolingTest, TakesEveryForm) {
  const Array image = tests::some({2, 6, 5, 3});
  const Array expected = run_layer(AdaptiveMaxPooling2D({2, 2}), image).output;
  EXPECT_EQ(expected.shape(), (Shape{2, 2, 2, 3}));
  EXPECT_TRUE(array_equal(run_layer(AdaptiveMaxPooling2D(2), image).output, expected));
  EXPECT_TRUE(array_equal(run_layer(AdaptiveMaxPooling2D({.output_size = 2}), image).output, expected));
  const Array first =
      run_layer(AdaptiveMaxPooling2D(2, {.data_format = "channels_first"}), image.transpose({0, 3, 1, 2})).output;
  EXPECT_TRUE(array_equal(first.transpose({0, 2, 3, 1}), expected));
  EXPECT_EQ(AdaptiveAveragePooling3D({1, 2, 3})(Input({.shape = {kUnknown, kUnknown, 9, 4}})).shape(),
            (Shape{kUnknown, 1, 2, 3, 4}));
}

TEST(AdaptivePoolingTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { AdaptiveMaxPooling2D({.name = "p"}); }),
            "[AdaptiveMaxPooling2D \"p\"] expected output_size of 2 positive numbers, or one for all, got ()");
  EXPECT_EQ(error_text<ValueError>([] { AdaptiveMaxPooling1D(0, {.name = "p"}); }),
            "[AdaptiveMaxPooling1D \"p\"] expected output_size of 1 positive numbers, or one for all, got (0,)");
  EXPECT_EQ(error_text<ValueError>([] { AdaptiveMaxPooling1D(1, {.data_format = "last", .name = "p"}); }),
            "[AdaptiveMaxPooling1D \"p\"] expected data_format 'channels_last' or 'channels_first', got 'last'");
  EXPECT_EQ(error_text<ShapeError>([] { run_layer(AdaptiveAveragePooling2D(2, {.name = "p"}), kLine); }),
            "[AdaptiveAveragePooling2D \"p\"] expected an input of 4 axes, got shape (None, 8, 1)");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(AdaptiveMaxPooling1D(2, {.name = "p"}), graph::zeros({1, 0, 3}));
            }),
            "[AdaptiveMaxPooling1D \"p\"] adaptive_max_pool: there is nothing to pool in an input of lengths (0,)");
}

}  // namespace
}  // namespace cornu::keras::layers

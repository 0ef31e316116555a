#include "cornu/keras/layers/pooling/pooling.h"

#include <gmock/gmock.h>

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
  const std::string sizes[] = {"[3]", "[3, 1]", "[1, 3, 2]"}, strides[] = {"[2]", "[1, 2]", "[2, 1, 1]"};
  const Shape shapes[] = {{3, 7, 2}, {3, 4, 5, 2}, {3, 3, 4, 3, 1}};
  for (const std::string kind : {"Max", "Average"})
    for (int axes = 1; axes <= 3; ++axes) {
      const auto i = static_cast<std::size_t>(axes - 1);
      std::vector<int> free;
      for (int axis = 1; axis <= axes; ++axis) free.push_back(axis);
      all.push_back({.kind = "layer",
                     .class_name = kind + "Pooling" + std::to_string(axes) + "D",
                     .config = R"({"pool_size": )" + sizes[i] + R"(, "strides": )" + strides[i] +
                               R"(, "padding": "same", "data_format": "channels_first", BASE})",
                     .example = {.inputs = {tests::some(shapes[i])},
                                 .config = R"({"pool_size": )" + sizes[i] + R"(, "strides": )" + strides[i] +
                                           R"(, "padding": "same", BASE})",
                                 .free_axes = free,
                                 .mask = tests::LayerExample::Mask::none}});
    }
  return all;
});

const Array kImage = graph::arange(0, 16).reshape({1, 4, 4, 1});

TEST(PoolingTest, WordsInCapitals) {
  const auto pool = MaxPooling2D({.padding = "SAME", .data_format = "CHANNELS_LAST"});
  EXPECT_NE(get_config(*pool).find(R"("padding":"same","data_format":"channels_last")"), std::string::npos);
  EXPECT_EQ(pool->compute_output_shape({1, 3, 5, 2}), (Shape{1, 2, 3, 2}));
}

TEST(PoolingTest, TakesEveryForm) {
  const Array expected = Array{5.f, 7.f, 13.f, 15.f}.reshape({1, 2, 2, 1});
  for (const Layer::Of<PoolingConfig<"MaxPooling", 2>>& pool :
       {MaxPooling2D(), MaxPooling2D(2), MaxPooling2D({2, 2}), MaxPooling2D({.pool_size = {2, 2}}),
        MaxPooling2D(2, {.strides = 2}), MaxPooling2D({2, 2}, {.name = "p"})})
    EXPECT_TRUE(array_equal(run_layer(pool, kImage).output, expected));
  EXPECT_EQ(run_layer(MaxPooling2D({1, 3}), kImage).output.shape(), (Shape{1, 4, 1, 1}));
}

TEST(PoolingTest, AveragesWhatLiesInTheInput) {
  const Array y = run_layer(AveragePooling2D(3, {.strides = 3, .padding = "same"}), kImage).output;
  EXPECT_TRUE(array_equal(y, Array{2.5f, 4.5f, 10.5f, 12.5f}.reshape({1, 2, 2, 1})));
  EXPECT_TRUE(array_equal(
      run_layer(AveragePooling2D(3, {.data_format = "channels_first"}), kImage.transpose({0, 3, 1, 2})).output,
      Array{5.f}.reshape({1, 1, 1, 1})));
}

TEST(PoolingTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { MaxPooling1D(0, {.name = "p"}); }),
            "[MaxPooling1D \"p\"] expected pool_size of 1 positive numbers, or one for all, got (0,)");
  EXPECT_EQ(error_text<ValueError>([] {
              AveragePooling3D({2, 2}, {.name = "p"});
            }),
            "[AveragePooling3D \"p\"] expected pool_size of 3 positive numbers, or one for all, got (2, 2)");
  EXPECT_EQ(error_text<ValueError>([] { MaxPooling2D(2, {.padding = "causal", .name = "p"}); }),
            "[MaxPooling2D \"p\"] expected padding 'valid' or 'same', got 'causal'");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(MaxPooling2D(2, {.name = "p"}), graph::zeros({2, 3}));
            }),
            "[MaxPooling2D \"p\"] expected an input of 4 axes, got shape (None, 3)");
  EXPECT_EQ(error_text<ShapeError>([] { run_layer(MaxPooling2D(5, {.name = "p"}), kImage); }),
            "[MaxPooling2D \"p\"] max_pool: no window of lengths (5, 5) fits into an input of lengths (4, 4)");
}

}  // namespace
}  // namespace cornu::keras::layers

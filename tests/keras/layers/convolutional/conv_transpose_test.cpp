#include "cornu/keras/layers/convolutional/conv_transpose.h"

#include <gmock/gmock.h>

#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

/// Over as many axes as the input has between the batch and the channels; the lengths are JSON.
cornu::tests::KerasSample sample(const Array& x, const std::string& kernel, const std::string& strides,
                                 const std::string& output_padding) {
  const std::string ones = std::vector<std::string>{"[1]", "[1, 1]", "[1, 1, 1]"}[x.shape().rank() - 3],
                    windows = R"({"filters": 2, "kernel_size": )" + kernel + R"(, "strides": )" + strides +
                              R"(, "padding": "same", )";
  cornu::tests::KerasSample made{
      .kind = "layer",
      .class_name = "Conv" + std::to_string(x.shape().rank() - 2) + "DTranspose",
      .config = windows + R"("output_padding": )" + output_padding +
                R"(, "data_format": "channels_first", "dilation_rate": )" + ones +
                R"(, "activation": "relu", "use_bias": false,
                   "kernel_initializer": "he_normal", "bias_initializer": "ones", "kernel_regularizer": "l1",
                   "bias_regularizer": "l2", "activity_regularizer": "L1", "kernel_constraint": "max_norm",
                   "bias_constraint": "non_neg", BASE})",
      .example = {.inputs = {x},
                  .config = windows + R"("activation": "tanh", "kernel_regularizer": "l2", BASE})",
                  .mask = tests::LayerExample::Mask::none}};
  for (int axis = 1; axis < x.shape().rank() - 1; ++axis) made.example.free_axes.push_back(axis);
  return made;
}

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{sample(tests::some({3, 5, 2}), "[3]", "[2]", "[1]"),
                                    sample(tests::some({3, 4, 3, 2}), "[3, 2]", "[1, 3]", "[0, 2]"),
                                    sample(tests::some({3, 3, 3, 3, 1}), "[1, 2, 3]", "[2, 1, 1]", "[1, 0, 0]")};
});

TEST(ConvTransposeTest, TakesItsFirstArgumentsByPosition) {
  EXPECT_TRUE(same_config(*Conv2DTranspose(8, 3), *Conv2DTranspose({.filters = 8, .kernel_size = {3, 3}})));
  EXPECT_TRUE(same_config(*Conv2DTranspose(8, 3, {.strides = 2, .output_padding = 1}),
                          *Conv2DTranspose(8, 3, {.strides = 2, .output_padding = {1, 1}})));
  EXPECT_FALSE(same_config(*Conv1DTranspose(8, 3, {.output_padding = 0}), *Conv1DTranspose(8, 3)));
  EXPECT_EQ(error_text<ValueError>([] { Conv1DTranspose(8, 3, {.kernel_size = 4}); }),
            "Conv1DTranspose(8, …, {.filters = 0, …}): filters or kernel_size are given twice");
}

TEST(ConvTransposeTest, WeightsAreNamedAndShapedAsInKeras) {
  const Conv2DTranspose conv(6, {3, 2}, {.strides = 2, .name = "c"});
  conv->ensure_built({kUnknown, kUnknown, kUnknown, 4});
  ASSERT_EQ(conv->weights().size(), 2);
  EXPECT_EQ(conv->weights()[0].name(), "c/kernel");
  EXPECT_EQ(conv->weights()[0].shape(), (Shape{3, 2, 6, 4}));
  EXPECT_EQ(conv->weights()[1].shape(), (Shape{6}));
  EXPECT_EQ(conv->compute_output_shape({kUnknown, kUnknown, 9, 4}), (Shape{kUnknown, kUnknown, 18, 6}));
}

TEST(ConvTransposeTest, ChannelsFirstIsTheSameMoved) {
  const Array x = tests::some({2, 4, 3, 3});
  const Conv2DTranspose last(2, {2, 3}, {.strides = {2, 1}, .padding = "same"});
  const Conv2DTranspose first(2, {2, 3}, {.strides = {2, 1}, .padding = "same", .data_format = "channels_first"});
  const Array y = run_layer(last, x).output;
  first->ensure_built({kUnknown, 3, 4, 3});
  first->set_weights(last->get_weights());
  EXPECT_EQ(y.shape(), (Shape{2, 8, 3, 2}));
  EXPECT_TRUE(allclose(run_layer(first, x.transpose({0, 3, 1, 2})).output, y.transpose({0, 3, 1, 2}), 1e-6, 1e-6));
}

TEST(ConvTransposeTest, PutsFiltersWhereNumbersStand) {
  const Conv1DTranspose conv(1, 2, {.strides = 3, .output_padding = 1, .kernel_initializer = "ones"});
  const Array y = run_layer(conv, Array{1.f, 2.f}.reshape({1, 2, 1})).output;
  EXPECT_TRUE(array_equal(y.reshape({6}), Array{1.f, 1.f, 0.f, 2.f, 2.f, 0.f}));
}

TEST(ConvTransposeTest, ReadsWhatKeras2Writes) {
  for (const std::string name : {"Conv2DTranspose", "Convolution2DTranspose", "Deconvolution2D"}) {
    const auto read = saving::deserialize(registry(), R"({"class_name": ")" + name +
                                                          R"(", "config": {"filters": 2, "kernel_size": [3, 3],
                                                              "groups": 1}})");
    EXPECT_TRUE(same_config(*read, *Conv2DTranspose(2, 3)));
  }
}

TEST(ConvTransposeTest, ErrorsSayWhatWasExpected) {
  const auto text = [](ConvTransposeConfig<2> config) {
    config.name = "c";
    return error_text<ValueError>([&] { Conv2DTranspose layer(config); });
  };
  EXPECT_EQ(text({.kernel_size = 3}), "[Conv2DTranspose \"c\"] expected a positive number of filters, got 0");
  EXPECT_EQ(text({.filters = 2}),
            "[Conv2DTranspose \"c\"] expected kernel_size of 2 positive numbers, or one for all, got ()");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .padding = "causal"}),
            "[Conv2DTranspose \"c\"] expected padding 'valid' or 'same', got 'causal'");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .strides = 2, .dilation_rate = 2}),
            "[Conv2DTranspose \"c\"] strides above 1 and a dilation_rate above 1 exclude each other");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .strides = {2, 1}, .output_padding = {1, 1}}),
            "[Conv2DTranspose \"c\"] expected output_padding of 2 numbers from 0 and less than the strides (2, 1), or "
            "one for all, got (1, 1)");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .output_padding = {0, 0, 0}}),
            "[Conv2DTranspose \"c\"] expected output_padding of 2 numbers from 0 and less than the strides (1, 1), or "
            "one for all, got (0, 0, 0)");

  const auto built = [](const Shape& input) {
    return error_text<ShapeError>([&] { Conv2DTranspose(4, 3, {.name = "c"})->ensure_built(input); });
  };
  EXPECT_EQ(built({4, 8, 4}), "[Conv2DTranspose \"c\"] expected an input of 4 axes, got shape (None, 8, 4)");
  EXPECT_EQ(built({4, 8, 8, kUnknown}),
            "[Conv2DTranspose \"c\"] the number of channels must be known, got shape (None, 8, 8, None)");
  EXPECT_EQ(built({4, 8, 8, 0}), "[Conv2DTranspose \"c\"] expected an input with channels, got shape (None, 8, 8, 0)");
  const Conv2DTranspose conv(4, 3, {.name = "c"});
  conv->ensure_built({4, 8, 8, 2});
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(conv, graph::zeros({1, 8, 8, 3}));
            }),
            "[Conv2DTranspose \"c\"] expected 2 channels, got 3 (input shape (1, 8, 8, 3))");
}

}  // namespace
}  // namespace cornu::keras::layers

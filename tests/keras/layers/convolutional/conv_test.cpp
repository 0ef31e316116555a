#include "cornu/keras/layers/convolutional/conv.h"

#include <gmock/gmock.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

/// Every argument with another value than its default. `kernel` and so on: as JSON lists.
std::string arguments(const std::string& kernel, const std::string& strides, const std::string& ones,
                      const std::string& padding) {
  return R"({"filters": 4, "kernel_size": )" + kernel + R"(, "strides": )" + strides + R"(, "padding": ")" + padding +
         R"(", "data_format": "channels_first", "dilation_rate": )" + ones +
         R"(, "groups": 2, "activation": "relu", "use_bias": false, "kernel_initializer": "he_normal",
            "bias_initializer": "ones", "kernel_regularizer": "l1", "bias_regularizer": "l2",
            "activity_regularizer": "L1", "kernel_constraint": "max_norm", "bias_constraint": "non_neg", BASE})";
}

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Conv1D",
       .config = arguments("[3]", "[1]", "[2]", "causal"),
       .example = {.inputs = {tests::some({3, 5, 2})},
                   .config = R"({"filters": 2, "kernel_size": [2], "padding": "causal", "activation": "tanh",
                                "kernel_regularizer": "l2", BASE})",
                   .free_axes = {1},
                   .mask = tests::LayerExample::Mask::none}},
      {.kind = "layer",
       .class_name = "Conv2D",
       .config = arguments("[3, 2]", "[2, 1]", "[1, 1]", "same"),
       .example = {.inputs = {tests::some({3, 4, 5, 2})},
                   .config = R"({"filters": 4, "kernel_size": [2, 3], "strides": [1, 2], "padding": "same",
                                "groups": 2, BASE})",
                   .free_axes = {1, 2},
                   .mask = tests::LayerExample::Mask::none}},
      {.kind = "layer",
       .class_name = "Conv3D",
       .config = arguments("[1, 2, 3]", "[1, 1, 1]", "[1, 2, 1]", "same"),
       .example = {.inputs = {tests::some({3, 3, 4, 3, 1})},
                   .config = R"({"filters": 2, "kernel_size": [2, 1, 2], "padding": "valid", BASE})",
                   .free_axes = {1, 2, 3},
                   .mask = tests::LayerExample::Mask::none}},
  };
});

// As Keras takes them, which writes them in small letters.
TEST(ConvTest, WordsInCapitals) {
  const std::string config = get_config(*Conv2D(2, 3, {.padding = "SAME", .data_format = "Channels_First"}));
  EXPECT_NE(config.find(R"("padding":"same","data_format":"channels_first")"), std::string::npos) << config;
  EXPECT_NE(get_config(*Conv1D(2, 3, {.padding = "Causal"})).find(R"("padding":"causal")"), std::string::npos);
  EXPECT_EQ(error_text<ValueError>([] { Conv2D(2, 3, {.padding = "FULL", .name = "c"}); }),
            "[Conv2D \"c\"] expected padding 'valid' or 'same', got 'FULL'");
  EXPECT_EQ(error_text<ValueError>([] { Conv2D(2, 3, {.data_format = "NHWC", .name = "c"}); }),
            "[Conv2D \"c\"] expected data_format 'channels_last' or 'channels_first', got 'NHWC'");
}

TEST(ConvTest, TakesItsFirstArgumentsByPosition) {
  EXPECT_TRUE(same_config(*Conv2D(8, 3), *Conv2D({.filters = 8, .kernel_size = {3, 3}})));
  EXPECT_TRUE(
      same_config(*Conv2D(8, {3, 1}, {.name = "c"}), *Conv2D({.filters = 8, .kernel_size = {3, 1}, .name = "c"})));
  EXPECT_EQ(error_text<ValueError>([] { Conv2D(8, 3, {.filters = 4}); }),
            "Conv2D(8, …, {.filters = 4, …}): filters or kernel_size are given twice");
}

TEST(ConvTest, WeightsAreNamedAndShapedAsInKeras) {
  const Conv2D conv(6, {3, 2}, {.groups = 2, .name = "c"});
  conv->ensure_built({kUnknown, kUnknown, kUnknown, 4});
  ASSERT_EQ(conv->weights().size(), 2);
  EXPECT_EQ(conv->weights()[0].shape(), (Shape{3, 2, 2, 6}));
  EXPECT_EQ(conv->weights()[1].shape(), (Shape{6}));
  EXPECT_EQ(conv->compute_output_shape({kUnknown, kUnknown, 9, 4}), (Shape{kUnknown, kUnknown, 8, 6}));
}

TEST(ConvTest, ChannelsFirstIsTheSameMoved) {
  const Array x = graph::arange(0, 2 * 4 * 5 * 3).reshape({2, 4, 5, 3}) / 60;
  const Conv2D last(2, {2, 3}, {.strides = {2, 1}, .padding = "same"});
  const Conv2D first(2, {2, 3}, {.strides = {2, 1}, .padding = "same", .data_format = "channels_first"});
  const Array y = run_layer(last, x).output;
  first->ensure_built({kUnknown, 3, 4, 5});
  first->set_weights(last->get_weights());
  EXPECT_EQ(y.shape(), (Shape{2, 2, 5, 2}));
  EXPECT_TRUE(allclose(run_layer(first, x.transpose({0, 3, 1, 2})).output, y.transpose({0, 3, 1, 2}), 1e-6, 1e-6));
}

TEST(ConvTest, ErrorsSayWhatWasExpected) {
  const auto text = [](ConvConfig<2> config) {
    config.name = "c";
    return error_text<ValueError>([&] { Conv2D layer(config); });
  };
  EXPECT_EQ(text({.kernel_size = 3}), "[Conv2D \"c\"] expected a positive number of filters, got 0");
  EXPECT_EQ(text({.filters = 2}), "[Conv2D \"c\"] expected kernel_size of 2 positive numbers, or one for all, got ()");
  EXPECT_EQ(text({.filters = 2, .kernel_size = {3, 3, 3}}),
            "[Conv2D \"c\"] expected kernel_size of 2 positive numbers, or one for all, got (3, 3, 3)");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .strides = 0}),
            "[Conv2D \"c\"] expected strides of 2 positive numbers, or one for all, got (0,)");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .padding = "causal"}),
            "[Conv2D \"c\"] expected padding 'valid' or 'same', got 'causal'");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .data_format = "nhwc"}),
            "[Conv2D \"c\"] expected data_format 'channels_last' or 'channels_first', got 'nhwc'");
  EXPECT_EQ(text({.filters = 3, .kernel_size = 3, .groups = 2}),
            "[Conv2D \"c\"] expected groups that divide the 3 filters, got 2");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .strides = 2, .dilation_rate = {1, 2}}),
            "[Conv2D \"c\"] strides above 1 and a dilation_rate above 1 exclude each other");

  const auto built = [](const Shape& input) {
    return error_text<ShapeError>([&] { Conv2D(4, 3, {.groups = 2, .name = "c"})->ensure_built(input); });
  };
  EXPECT_EQ(built({4, 8, 4}), "[Conv2D \"c\"] expected an input of 4 axes, got shape (None, 8, 4)");
  EXPECT_EQ(built({4, 8, 8, kUnknown}),
            "[Conv2D \"c\"] the number of channels must be known, got shape (None, 8, 8, None)");
  EXPECT_EQ(built({4, 8, 8, 3}),
            "[Conv2D \"c\"] expected channels that 2 groups divide, got 3 (input shape (None, 8, 8, 3))");
  const Conv2D conv(4, 3, {.name = "c"});
  conv->ensure_built({4, 8, 8, 2});
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(conv, graph::zeros({1, 2, 8, 2}));
            }),
            "[Conv2D \"c\"] convolution: no window of lengths (3, 3) fits into an input of lengths (2, 8)");
}

}  // namespace
}  // namespace cornu::keras::layers

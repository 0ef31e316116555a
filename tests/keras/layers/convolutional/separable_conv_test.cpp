#include "cornu/keras/layers/convolutional/separable_conv.h"

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

/// Every argument with another value than its default, behind the windows, which are JSON without the closing brace.
std::string with_others(const std::string& windows) {
  return windows + R"(, "depth_multiplier": 2, "activation": "relu", "use_bias": false,
    "depthwise_initializer": "he_normal", "pointwise_initializer": "he_uniform", "bias_initializer": "ones",
    "depthwise_regularizer": "l1", "pointwise_regularizer": "l2", "bias_regularizer": "l2",
    "activity_regularizer": "L1", "depthwise_constraint": "max_norm", "pointwise_constraint": "unit_norm",
    "bias_constraint": "non_neg", BASE})";
}

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "SeparableConv1D",
       .config = with_others(R"({"filters": 4, "kernel_size": [3], "strides": [1], "padding": "causal",
                                "data_format": "channels_first", "dilation_rate": [2])"),
       .example = {.inputs = {tests::some({3, 5, 2})},
                   .config = R"({"filters": 2, "kernel_size": [2], "padding": "same", "activation": "tanh",
                                "pointwise_regularizer": "l2", BASE})",
                   .free_axes = {1},
                   .mask = tests::LayerExample::Mask::none}},
      {.kind = "layer",
       .class_name = "SeparableConv2D",
       .config = with_others(R"({"filters": 4, "kernel_size": [3, 2], "strides": [2, 2], "padding": "same",
                                "data_format": "channels_first", "dilation_rate": [1, 1])"),
       .example = {.inputs = {tests::some({3, 5, 5, 2})},
                   .config = R"({"filters": 3, "kernel_size": [2, 3], "strides": [2, 2], "padding": "same",
                                "depth_multiplier": 2, "depthwise_regularizer": "l2", BASE})",
                   .free_axes = {1, 2},
                   .mask = tests::LayerExample::Mask::none}},
  };
});

TEST(SeparableConvTest, TakesItsFirstArgumentsByPosition) {
  EXPECT_TRUE(same_config(*SeparableConv2D(8, 3), *SeparableConv2D({.filters = 8, .kernel_size = {3, 3}})));
  EXPECT_EQ(error_text<ValueError>([] { SeparableConv2D(8, 3, {.filters = 4}); }),
            "SeparableConv2D(8, …, {.filters = 4, …}): filters or kernel_size are given twice");
}

TEST(SeparableConvTest, WeightsAreNamedAndShapedAsInKeras) {
  const SeparableConv2D conv(6, {3, 2}, {.depth_multiplier = 2, .name = "s"});
  conv->ensure_built({kUnknown, kUnknown, kUnknown, 4});
  ASSERT_EQ(conv->weights().size(), 3);
  EXPECT_EQ(conv->weights()[0].name(), "s/depthwise_kernel");
  EXPECT_EQ(conv->weights()[0].shape(), (Shape{3, 2, 4, 2}));
  EXPECT_EQ(conv->weights()[1].name(), "s/pointwise_kernel");
  EXPECT_EQ(conv->weights()[1].shape(), (Shape{1, 1, 8, 6}));
  EXPECT_EQ(conv->weights()[2].shape(), (Shape{6}));
  EXPECT_EQ(conv->compute_output_shape({kUnknown, kUnknown, 9, 4}), (Shape{kUnknown, kUnknown, 8, 6}));
}

TEST(SeparableConvTest, CausalWindowsEndWhereTheirOutputIs) {
  const SeparableConv1D conv(1, 3,
                             {.padding = "causal", .depthwise_initializer = "ones", .pointwise_initializer = "ones"});
  const Array y = run_layer(conv, Array{1.f, 10.f, 100.f, 1000.f}.reshape({1, 4, 1})).output;
  EXPECT_TRUE(array_equal(y.reshape({4}), Array{1.f, 11.f, 111.f, 1110.f}));
}

// Its Conv has a kernel and groups, of which its separable one makes no use.
TEST(SeparableConvTest, ReadsWhatKeras2Writes) {
  const auto read = saving::deserialize(registry(), R"({"class_name": "SeparableConvolution2D", "config": {
      "filters": 2, "kernel_size": [3, 3], "groups": 1, "kernel_initializer": {"class_name": "GlorotUniform",
      "config": {"seed": null}}, "kernel_regularizer": null, "kernel_constraint": null, "depth_multiplier": 2}})");
  EXPECT_TRUE(same_config(*read, *SeparableConv2D(2, 3, {.depth_multiplier = 2})));
}

TEST(SeparableConvTest, ErrorsSayWhatWasExpected) {
  const auto text = [](SeparableConvConfig<2> config) {
    config.name = "s";
    return error_text<ValueError>([&] { SeparableConv2D layer(config); });
  };
  EXPECT_EQ(text({.kernel_size = 3}), "[SeparableConv2D \"s\"] expected a positive number of filters, got 0");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .depth_multiplier = -1}),
            "[SeparableConv2D \"s\"] expected a positive depth_multiplier, got -1");
  EXPECT_EQ(text({.filters = 2, .kernel_size = 3, .padding = "causal"}),
            "[SeparableConv2D \"s\"] expected padding 'valid' or 'same', got 'causal'");
  EXPECT_EQ(error_text<ValueError>([] { SeparableConv1D(2, 3, {.padding = "full", .name = "s"}); }),
            "[SeparableConv1D \"s\"] expected padding 'valid' or 'same', or 'causal', got 'full'");
  EXPECT_EQ(error_text<ShapeError>([] {
              SeparableConv2D(2, 3, {.name = "s"})->ensure_built({4, 8, 4});
            }),
            "[SeparableConv2D \"s\"] expected an input of 4 axes, got shape (None, 8, 4)");
}

}  // namespace
}  // namespace cornu::keras::layers

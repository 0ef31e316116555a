#include "cornu/keras/layers/convolutional/depthwise_conv.h"

#include <gmock/gmock.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const std::string kOthers = R"(, "activation": "relu", "use_bias": false, "depthwise_initializer": "he_normal",
    "bias_initializer": "ones", "depthwise_regularizer": "l1", "bias_regularizer": "l2", "activity_regularizer": "L1",
    "depthwise_constraint": "max_norm", "bias_constraint": "non_neg", BASE})";

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "DepthwiseConv1D",
       .config = R"({"kernel_size": [3], "strides": [1], "padding": "same", "depth_multiplier": 2,
                    "data_format": "channels_first", "dilation_rate": [2])" +
                 kOthers,
       .example = {.inputs = {tests::some({3, 5, 2})},
                   .config = R"({"kernel_size": [2], "padding": "same", "depth_multiplier": 2, "activation": "tanh",
                                "depthwise_regularizer": "l2", BASE})",
                   .free_axes = {1},
                   .mask = tests::LayerExample::Mask::none}},
      {.kind = "layer",
       .class_name = "DepthwiseConv2D",
       .config = R"({"kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "depth_multiplier": 3,
                    "data_format": "channels_first", "dilation_rate": [1, 1])" +
                 kOthers,
       .example = {.inputs = {tests::some({3, 5, 5, 2})},
                   .config = R"({"kernel_size": [2, 3], "strides": [2, 2], "padding": "same", BASE})",
                   .free_axes = {1, 2},
                   .mask = tests::LayerExample::Mask::none}},
  };
});

TEST(DepthwiseConvTest, TakesEveryForm) {
  for (const Layer::Of<DepthwiseConvConfig<2>>& conv :
       {DepthwiseConv2D(3), DepthwiseConv2D({3, 3}), DepthwiseConv2D({.kernel_size = {3, 3}}),
        DepthwiseConv2D(3, {.strides = 1})})
    EXPECT_TRUE(same_config(*conv, *DepthwiseConv2D({.kernel_size = 3})));
}

TEST(DepthwiseConvTest, WeightsAreNamedAndShapedAsInKeras) {
  const auto conv = DepthwiseConv2D({3, 2}, {.depth_multiplier = 2, .name = "d"});
  conv->ensure_built({kUnknown, kUnknown, kUnknown, 4});
  ASSERT_EQ(conv->weights().size(), 2);
  EXPECT_EQ(conv->weights()[0].name(), "d/kernel");
  EXPECT_EQ(conv->weights()[0].shape(), (Shape{3, 2, 4, 2}));
  EXPECT_EQ(conv->weights()[1].shape(), (Shape{8}));
  EXPECT_EQ(conv->compute_output_shape({kUnknown, kUnknown, 9, 4}), (Shape{kUnknown, kUnknown, 8, 8}));
}

TEST(DepthwiseConvTest, FiltersOfAChannelFollowOneAnother) {
  const auto conv = DepthwiseConv1D(1, {.depth_multiplier = 2});
  conv->ensure_built({kUnknown, 1, 2});
  conv->set_weights({Array{1.f, 2.f, 3.f, 4.f}.reshape({1, 2, 2}), Array{0.f, 0.f, 0.f, 100.f}});
  const Array y = run_layer(conv, Array{1.f, 10.f}.reshape({1, 1, 2})).output;
  EXPECT_TRUE(array_equal(y.reshape({4}), Array{1.f, 2.f, 30.f, 140.f}));
}

TEST(DepthwiseConvTest, ChannelsFirstIsTheSameMoved) {
  const Array x = tests::some({2, 5, 3});
  const auto last = DepthwiseConv1D(3, {.strides = 2, .padding = "same", .depth_multiplier = 2});
  const auto first =
      DepthwiseConv1D(3, {.strides = 2, .padding = "same", .depth_multiplier = 2, .data_format = "channels_first"});
  const Array y = run_layer(last, x).output;
  first->ensure_built({kUnknown, 3, 5});
  first->set_weights(last->get_weights());
  EXPECT_EQ(y.shape(), (Shape{2, 3, 6}));
  EXPECT_TRUE(allclose(run_layer(first, x.transpose({0, 2, 1})).output, y.transpose({0, 2, 1}), 1e-6, 1e-6));
}

TEST(DepthwiseConvTest, ErrorsSayWhatWasExpected) {
  const auto text = [](DepthwiseConvConfig<1> config) {
    config.name = "d";
    return error_text<ValueError>([&] { DepthwiseConv1D(config); });
  };
  EXPECT_EQ(text({}), "[DepthwiseConv1D \"d\"] expected kernel_size of 1 positive numbers, or one for all, got ()");
  EXPECT_EQ(text({.kernel_size = 3, .depth_multiplier = 0}),
            "[DepthwiseConv1D \"d\"] expected a positive depth_multiplier, got 0");
  EXPECT_EQ(text({.kernel_size = 3, .padding = "causal"}),
            "[DepthwiseConv1D \"d\"] expected padding 'valid' or 'same', got 'causal'");
  EXPECT_EQ(text({.kernel_size = 3, .strides = 2, .dilation_rate = 2}),
            "[DepthwiseConv1D \"d\"] strides above 1 and a dilation_rate above 1 exclude each other");
  EXPECT_EQ(error_text<ShapeError>([] {
              DepthwiseConv1D(3, {.name = "d"})->ensure_built({4, 8, kUnknown});
            }),
            "[DepthwiseConv1D \"d\"] the number of channels must be known, got shape (None, 8, None)");
  EXPECT_EQ(error_text<ShapeError>([] {
              DepthwiseConv1D(3, {.name = "d"})->ensure_built({4, 2, 3});
            }),
            "[DepthwiseConv1D \"d\"] convolution: no window of lengths (3,) fits into an input of lengths (2,)");
}

}  // namespace
}  // namespace cornu::keras::layers

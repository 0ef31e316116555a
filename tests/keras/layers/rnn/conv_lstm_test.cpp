#include "cornu/keras/layers/rnn/conv_lstm.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/rnn/bidirectional.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/rnn/arguments.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::some;

std::string config(const std::string& kernel, const std::string& ones) {
  return "{" + tests::kRecurrentJson + R"(, "filters": 2, "kernel_size": )" + kernel + R"(, "strides": )" + ones +
         R"(, "padding": "same", "data_format": "channels_first", "dilation_rate": )" + ones +
         R"(, "activation": "relu", "recurrent_activation": "softsign", "use_bias": false,
            "unit_forget_bias": false, )" +
         tests::weights_json(true) + R"(, "seed": null, BASE})";
}

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "ConvLSTM1D",
       .config = config("[3]", "[1]"),
       .example = {.inputs = {some({3, 3, 4, 2})},
                   .config = R"({"filters": 2, "kernel_size": [2], "return_sequences": true, BASE})",
                   .free_axes = {1}}},
      {.kind = "layer",
       .class_name = "ConvLSTM2D",
       .config = config("[3, 2]", "[1, 1]"),
       .example = {.inputs = {some({3, 3, 4, 3, 1})},
                   .config = R"({"filters": 2, "kernel_size": [2, 2], "strides": [2, 1], "padding": "same",
                                 "return_state": true, BASE})",
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}},
      {.kind = "layer",
       .class_name = "ConvLSTM3D",
       .config = config("[3, 2, 1]", "[1, 1, 1]"),
       .example = {.inputs = {some({3, 3, 2, 3, 2, 1})},
                   .config = R"({"filters": 1, "kernel_size": [2, 2, 1], "padding": "same", BASE})",
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

TEST(ConvLSTMTest, OverASinglePlaceItIsAnLSTM) {
  const ConvLSTM2D conv(3, 1, {.return_sequences = true});
  const LSTM lstm(3, {.return_sequences = true});
  const Array x = some({2, 4, 1, 1, 2}), y = call_layer(conv, {x}).output();
  lstm->ensure_built({kUnknown, kUnknown, 2});
  std::vector<Array> weights = conv->get_weights();
  weights[0] = weights[0].reshape({2, 12}), weights[1] = weights[1].reshape({3, 12});
  lstm->set_weights(weights);
  EXPECT_TRUE(allclose(y.reshape({2, 4, 3}), call_layer(lstm, {x.reshape({2, 4, 2})}).output(), 1e-5, 1e-6));
}

TEST(ConvLSTMTest, ChannelsFirstIsTheSameMoved) {
  const ConvLSTM2D last(3, {2, 3},
                        {.strides = {2, 1}, .padding = "same", .return_sequences = true, .return_state = true});
  const ConvLSTM2D first(3, {2, 3},
                         {.strides = {2, 1},
                          .padding = "same",
                          .data_format = "channels_first",
                          .return_sequences = true,
                          .return_state = true});
  const Array x = some({2, 3, 4, 5, 2});
  const auto want = call_layer(last, {x}).outputs;
  first->ensure_built({kUnknown, kUnknown, 2, 4, 5});
  first->set_weights(last->get_weights());
  const auto y = call_layer(first, {x.transpose({0, 1, 4, 2, 3})}).outputs;
  EXPECT_TRUE(allclose(y[0].transpose({0, 1, 3, 4, 2}), want[0], 1e-5, 1e-6));
  EXPECT_TRUE(allclose(y[2].transpose({0, 2, 3, 1}), want[2], 1e-5, 1e-6));
}

TEST(ConvLSTMTest, WeightsAndShapesAreKerass) {
  const ConvLSTM2D conv(6, {3, 2}, {.name = "c"});
  conv->ensure_built({kUnknown, kUnknown, 8, 9, 4});
  const auto weights = conv->weights();
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_EQ(weights[0].name(), "conv_lstm_cell/kernel");
  EXPECT_EQ(weights[0].shape(), (Shape{3, 2, 4, 24}));
  EXPECT_EQ(weights[1].shape(), (Shape{3, 2, 6, 24}));
  EXPECT_EQ(weights[2].value().data<float>()[6], 1.f) << "of the forget gate";
  EXPECT_EQ(conv->output_shape(), (Shape{kUnknown, 6, 8, 6}));
}

TEST(ConvLSTMTest, MasksDropoutAndTwoDirections) {
  const auto all = tests::padded({3, 1}, 3, 8, false);
  const ConvLSTM1D conv(2, 2);
  const Array y = call_layer(conv, {all.x.reshape({2, 3, 4, 2})}, {all.mask}).output();
  const Array alone = tests::unpadded(all, 1, 1, false).reshape({1, 1, 4, 2});
  EXPECT_TRUE(allclose(y.slice(1, 2), call_layer(conv, {alone}).output(), 1e-5, 1e-6));
  EXPECT_EQ(call_layer(Bidirectional(conv), {some({2, 3, 4, 2})}).output().shape(), (Shape{2, 3, 4}));
  const ConvLSTM1D drops(2, 2, {.dropout = 0.5, .recurrent_dropout = 0.5, .seed = 1});
  const Array x = some({2, 3, 4, 2});
  EXPECT_FALSE(allclose(tests::run_layer(drops, x, true).output, tests::run_layer(drops, x).output, 1e-3, 1e-3));
}

TEST(ConvLSTMTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error_text<ValueError>([] { ConvLSTM2D(0, 3, {.name = "c"}); }),
            "[ConvLSTM2D \"c\"] expected a positive number of filters, got 0");
  EXPECT_EQ(error_text<ShapeError>([] {
              ConvLSTM2D(2, 3, {.name = "c"})(Input({.shape = {5, kUnknown, 8, 1}}));
            }),
            "[ConvLSTM2D \"c\"] expected an input of 5 axes, of which only batch and steps may be unknown, got shape "
            "(None, 5, None, 8, 1)");
  EXPECT_EQ(error_text<ValueError>([] { ConvLSTM2D(2, 3, {.padding = "causal", .name = "c"}); }),
            "[ConvLSTM2D \"c\"] expected padding 'valid' or 'same', got 'causal'");
}

}  // namespace
}  // namespace cornu::keras::layers

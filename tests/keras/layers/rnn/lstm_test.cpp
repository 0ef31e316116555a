#include "cornu/keras/layers/rnn/lstm.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/rnn/rnn.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/rnn/arguments.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  const std::string gates = R"("units": 3, "activation": "relu", "recurrent_activation": "softsign",
                               "use_bias": false, "unit_forget_bias": false, )";
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "LSTM",
       .config = "{" + tests::kRecurrentJson + ", " + gates + tests::weights_json(true) +
                 R"(, "implementation": null, "seed": null, BASE})",
       .example = {.inputs = {some({3, 4, 2})},
                   .config = R"({"units": 3, "return_sequences": true, "return_state": true, BASE})",
                   .free_axes = {1}}},
      {.kind = "layer",
       .class_name = "LSTMCell",
       .config = "{" + gates + tests::weights_json(false) + R"(, "implementation": null, "seed": null, BASE})",
       .example = {.inputs = {some({3, 2}), some({3, 3}, 2), some({3, 3}, 3)},
                   .config = R"({"units": 3, "recurrent_activation": "tanh", BASE})"}}};
});

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

TEST(LSTMTest, GatesAreInKerasOrder) {
  const LSTM lstm(1, {.return_state = true, .name = "l"});
  lstm->ensure_built({kUnknown, kUnknown, 1});
  lstm->set_weights({Array{{0.5f, -1.f, 2.f, 0.25f}}, Array{{1.f, 0.5f, -0.5f, 2.f}}, Array{0.1f, 0.2f, 0.3f, 0.4f}});
  float h = 0, c = 0;
  for (const float x : {1.f, -2.f}) {
    const float i = sigmoid(0.5f * x + h + 0.1f), f = sigmoid(-x + 0.5f * h + 0.2f);
    const float candidate = std::tanh(2 * x - 0.5f * h + 0.3f), o = sigmoid(0.25f * x + 2 * h + 0.4f);
    c = f * c + i * candidate;
    h = o * std::tanh(c);
  }
  const auto y = call_layer(lstm, {Array{{{1.f}, {-2.f}}}}).outputs;
  ASSERT_EQ(y.size(), 3u);
  EXPECT_NEAR(y[0].item<double>(), h, 1e-6);
  EXPECT_NEAR(y[1].item<double>(), h, 1e-6);
  EXPECT_NEAR(y[2].item<double>(), c, 1e-6);
}

TEST(LSTMTest, WeightsAreNamedAndBeginAsInKeras) {
  const LSTM lstm(2, {.name = "l"});
  lstm->ensure_built({kUnknown, kUnknown, 3});
  const auto weights = lstm->weights();
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_EQ(weights[0].name(), "lstm_cell/kernel");
  EXPECT_EQ(weights[1].name(), "lstm_cell/recurrent_kernel");
  EXPECT_EQ(weights[0].shape(), (Shape{3, 8}));
  EXPECT_EQ(weights[1].shape(), (Shape{2, 8}));
  EXPECT_TRUE(array_equal(weights[2].value(), Array{0.f, 0.f, 1.f, 1.f, 0.f, 0.f, 0.f, 0.f}));
  const LSTM other(1, {.bias_initializer = "ones", .unit_forget_bias = false});
  other->ensure_built({kUnknown, kUnknown, 3});
  EXPECT_TRUE(array_equal(other->weights()[2].value(), Array{1.f, 1.f, 1.f, 1.f}));
}

TEST(LSTMTest, IsAnRNNOverItsCell) {
  const LSTM lstm(3, {.recurrent_activation = "hard_sigmoid", .return_sequences = true});
  const RNN rnn(LSTMCell(3, {.recurrent_activation = "hard_sigmoid"}), {.return_sequences = true});
  const Array x = some({2, 5, 4});
  const Array y = call_layer(lstm, {x}).output();
  rnn->ensure_built({kUnknown, kUnknown, 4});
  rnn->set_weights(lstm->get_weights());
  EXPECT_TRUE(array_equal(call_layer(rnn, {x}).output(), y));
}

// Through a kernel of ones and no activations the last step's output grows with the sum of the inputs that are left.
TEST(LSTMTest, DropsTheSameInputsInEachStep) {
  for (const int implementation : {1, 2}) {
    const LSTM lstm(1, {.activation = nullptr,
                        .recurrent_activation = nullptr,
                        .use_bias = false,
                        .kernel_initializer = "ones",
                        .recurrent_initializer = "zeros",
                        .dropout = 0.5,
                        .seed = 3,
                        .return_sequences = true,
                        .implementation = implementation});
    const Array y = tests::run_layer(lstm, graph::ones({4, 2, 10}), true).output;
    bool differ = false;
    for (std::int64_t row = 0; row < 4; ++row) {
      // s: with one mask for all gates the first output is s^3, the second one s (s * s^2 + s^2) = s^4 + s^3.
      const double first = y[row][0].item<double>(), second = y[row][1].item<double>(), s = std::cbrt(first);
      EXPECT_GT(first, 0);
      differ = differ || std::abs(second - s * first - first) > 1e-2 * second;
    }
    EXPECT_EQ(differ, implementation == 1) << "then each gate has a mask of its own";
    EXPECT_TRUE(allclose(tests::run_layer(lstm, graph::ones({1, 1, 10})).output, Array{{{1000.f}}}, 1e-5, 1e-5));
  }
}

TEST(LSTMTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error_text<ValueError>([] { LSTM(0, {.name = "l"}); }),
            "[LSTM \"l\"] expected a positive number of units, got 0");
  EXPECT_EQ(error_text<ValueError>([] { LSTMCell({.name = "c"}); }),
            "[LSTMCell \"c\"] expected a positive number of units, got 0");
  EXPECT_EQ(error_text<ValueError>([] { LSTM(2, {.dropout = 1.5, .name = "l"}); }),
            "[LSTM \"l\"] expected a dropout from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ShapeError>([] { LSTM(2, {.name = "l"})
                                        (Input({.shape = {3}})); }),
            "[LSTM \"l\"] expected an input (batch, steps, features), got shape (None, 3)");
  EXPECT_EQ(error_text<ShapeError>([] {
              LSTM(2, {.name = "l"})(Input({.shape = {3, kUnknown}}));
            }),
            "[LSTM \"l\"] the last axis of the input must be known, got shape (None, 3, None)");
}

TEST(LSTMTest, FilesOfKeras1AreRead) {
  const auto layer =
      saving::deserialize(registry(),
                          R"({"class_name": "LSTM", "config": {"name": "l", "trainable": true, "return_sequences": true,
          "go_backwards": false, "stateful": false, "unroll": false, "consume_less": "cpu", "input_dim": 3,
          "input_length": null, "output_dim": 4, "init": "glorot_uniform", "inner_init": "orthogonal",
          "forget_bias_init": "zero", "activation": "tanh", "inner_activation": "hard_sigmoid",
          "W_regularizer": null, "U_regularizer": null, "b_regularizer": null, "dropout_W": 0.25, "dropout_U": 0.5}})",
                          saving::KerasVersion::keras2);
  const LSTM want(4, {.recurrent_activation = "hard_sigmoid_keras2",
                      .unit_forget_bias = false,
                      .dropout = 0.25,
                      .recurrent_dropout = 0.5,
                      .return_sequences = true,
                      .name = "l",
                      .input_shape = {kUnknown, 3}});
  EXPECT_EQ(get_config(*layer), get_config(*want));
}

}  // namespace
}  // namespace cornu::keras::layers

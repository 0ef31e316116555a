#include "cornu/keras/layers/rnn/simple_rnn.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/rnn/arguments.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  const std::string cell = R"("units": 3, "activation": "relu", "use_bias": false, )";
  const std::string rest = R"(, "implementation": null, "seed": null, BASE})";
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "SimpleRNN",
       .config = "{" + tests::kRecurrentJson + ", " + cell + tests::weights_json(true) + rest,
       .example = {.inputs = {some({3, 4, 2})},
                   .config = R"({"units": 3, "go_backwards": true, "return_sequences": true, BASE})",
                   .free_axes = {1}}},
      {.kind = "layer",
       .class_name = "SimpleRNNCell",
       .config = "{" + cell + tests::weights_json(false) + rest,
       .example = {.inputs = {some({3, 2}), some({3, 3}, 2)}, .config = R"({"units": 3, BASE})"}}};
});

TEST(SimpleRNNTest, HandsItsOutputOn) {
  const SimpleRNN rnn(1, {.return_sequences = true});
  rnn->ensure_built({kUnknown, kUnknown, 1});
  rnn->set_weights({Array{{2.f}}, Array{{-0.5f}}, Array{0.25f}});
  const float first = std::tanh(2.f + 0.25f), second = std::tanh(-1.f - 0.5f * first + 0.25f);
  EXPECT_TRUE(allclose(call_layer(rnn, {Array{{{1.f}, {-0.5f}}}}).output(), Array{{{first}, {second}}}, 1e-6, 1e-6));
  EXPECT_EQ(rnn->weights()[0].name(), "simple_rnn_cell/kernel");
}

TEST(SimpleRNNTest, PenaltiesOfItsWeightsAndOutputsAreAdded) {
  const SimpleRNN rnn(2, {.kernel_initializer = "ones",
                          .recurrent_initializer = "zeros",
                          .kernel_regularizer = "l1",
                          .activity_regularizer = "l2",
                          .trainable = true});
  const auto run = tests::run_layer(rnn, graph::zeros({4, 3, 5}));
  EXPECT_NEAR(run.added_loss, 0.01 * 10, 1e-6) << "the outputs are zeros";
  const auto other = tests::run_layer(rnn, graph::ones({4, 3, 5}));
  const double y = std::tanh(5.0);
  EXPECT_NEAR(other.added_loss, 0.1 + 0.01 * 8 * y * y / 4, 1e-6) << "the activity's per sample";
}

TEST(SimpleRNNTest, DropoutsMeanIsTheInput) {
  const SimpleRNN rnn(1, {.activation = nullptr,
                          .use_bias = false,
                          .kernel_initializer = "ones",
                          .recurrent_initializer = "zeros",
                          .dropout = 0.5,
                          .seed = 1});
  const Array y = tests::run_layer(rnn, graph::ones({64, 1, 64}), true).output;
  double sum = 0;
  for (std::int64_t i = 0; i < 64; ++i) sum += y.data<float>()[i];
  EXPECT_NEAR(sum / 64, 64, 3);
  EXPECT_TRUE(allclose(tests::run_layer(rnn, graph::ones({2, 1, 64})).output, graph::full({2, 1}, 64), 1e-5, 1e-5));
  const SimpleRNN none(1, {.dropout = 1.0});
  EXPECT_TRUE(allclose(tests::run_layer(none, graph::ones({2, 1, 3}), true).output, graph::zeros({2, 1}), 0, 0));
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/layers/rnn/gru.h"

#include <gmock/gmock.h>

#include <cmath>

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
  const std::string gates =
      R"("units": 3, "activation": "relu", "recurrent_activation": "softsign", "use_bias": false, )";
  const std::string rest = R"(, "implementation": null, "reset_after": false, "seed": null, BASE})";
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "GRU",
       .config = "{" + tests::kRecurrentJson + ", " + gates + tests::weights_json(true) + rest,
       .example = {.inputs = {some({3, 4, 2})},
                   .config = R"({"units": 3, "reset_after": false, BASE})",
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}},
      {.kind = "layer",
       .class_name = "GRUCell",
       .config = "{" + gates + tests::weights_json(false) + rest,
       .example = {.inputs = {some({3, 2}), some({3, 3}, 2)}, .config = R"({"units": 3, BASE})"}}};
});

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

TEST(GRUTest, TheResetGateIsAfterOrBeforeTheKernel) {
  for (const bool after : {true, false}) {
    const GRU gru(1, {.reset_after = after});
    gru->ensure_built({kUnknown, kUnknown, 1});
    const Array bias = after ? Array{{0.1f, 0.2f, 0.3f}, {0.4f, 0.5f, 0.6f}} : Array{0.1f, 0.2f, 0.3f};
    gru->set_weights({Array{{0.5f, -1.f, 2.f}}, Array{{1.f, 0.5f, -0.5f}}, bias});
    const float b[] = {after ? 0.4f : 0, after ? 0.5f : 0, after ? 0.6f : 0};
    float h = 0;
    for (const float x : {1.f, -2.f}) {
      const float z = sigmoid(0.5f * x + 0.1f + h + b[0]), r = sigmoid(-x + 0.2f + 0.5f * h + b[1]);
      const float inner = after ? r * (-0.5f * h + b[2]) : -0.5f * (r * h);
      h = z * h + (1 - z) * std::tanh(2 * x + 0.3f + inner);
    }
    EXPECT_NEAR(call_layer(gru, {Array{{{1.f}, {-2.f}}}}).output().item<double>(), h, 1e-6);
  }
}

TEST(GRUTest, ItsBiasHasTwoRowsIfTheResetGateIsAfter) {
  const GRU after(2), before(2, {.reset_after = false});
  for (const auto& gru : {after, before}) gru->ensure_built({kUnknown, kUnknown, 3});
  EXPECT_EQ(after->weights()[2].shape(), (Shape{2, 6}));
  EXPECT_EQ(before->weights()[2].shape(), (Shape{6}));
  EXPECT_EQ(after->weights()[0].name(), "gru_cell/kernel");
}

TEST(GRUTest, IsAnRNNOverItsCell) {
  for (const bool after : {true, false}) {
    const GRU gru(3, {.return_sequences = true, .reset_after = after});
    const RNN rnn(GRUCell(3, {.reset_after = after}), {.return_sequences = true});
    const Array x = some({2, 5, 4});
    const Array y = call_layer(gru, {x}).output();
    rnn->ensure_built({kUnknown, kUnknown, 4});
    rnn->set_weights(gru->get_weights());
    EXPECT_TRUE(array_equal(call_layer(rnn, {x}).output(), y));
  }
}

TEST(GRUTest, DropsTheStateThatItsKernelsRead) {
  const GRU gru(8, {.activation = nullptr, .recurrent_dropout = 0.5, .seed = 3});
  const Array x = some({3, 4, 2});
  const Array trained = tests::run_layer(gru, x, true).output;
  EXPECT_FALSE(allclose(trained, tests::run_layer(gru, x).output, 1e-3, 1e-3));
  EXPECT_FALSE(array_equal(trained, tests::run_layer(gru, x, true).output)) << "drawn again";
}

TEST(GRUTest, FilesOfOlderKerasHaveTheResetGateBefore) {
  const auto read = [](const std::string& more) {
    return get_config(*saving::deserialize(registry(),
                                           R"({"class_name": "GRU", "config": {"name": "g", "units": 2)" + more + "}}",
                                           saving::KerasVersion::keras2));
  };
  EXPECT_THAT(read(R"(, "implementation": 0)"), testing::HasSubstr(R"("reset_after":false)"));
  EXPECT_THAT(read(R"(, "consume_less": "gpu")"), testing::HasSubstr(R"("reset_after":false)"));
  EXPECT_THAT(read(R"(, "implementation": 2, "reset_after": true)"), testing::HasSubstr(R"("reset_after":true)"));
  EXPECT_THAT(read(""), testing::HasSubstr(R"("reset_after":true)"));
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/layers/rnn/bidirectional.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/layers/rnn/simple_rnn.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
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
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Bidirectional",
       .config = R"({"layer": {"class_name": "GRU", "config": {"name": "forward_a", "units": 3}}, "merge_mode": "sum",
                     "backward_layer": {"class_name": "LSTM",
                                        "config": {"name": "backward_b", "units": 3, "go_backwards": true}}, BASE})",
       .example = {.inputs = {some({3, 4, 2})},
                   .config = R"({"layer": {"class_name": "LSTM", "config": {"name": "forward_a", "units": 3,
                                                                           "return_sequences": true}}, BASE})",
                   .free_axes = {1}}}};
});

Array first_half(const Array& x, std::int64_t length) {
  return x.transpose({2, 1, 0}).slice(0, length).transpose({2, 1, 0});
}
Array second_half(const Array& x, std::int64_t length) {
  return x.transpose({2, 1, 0}).slice(length, 2 * length).transpose({2, 1, 0});
}
bool close(const Array& a, const Array& b) { return a.shape() == b.shape() && allclose(a, b, 1e-5, 1e-6); }

TEST(BidirectionalTest, MergesTheDirections) {
  const Array x = some({2, 4, 3});
  const Bidirectional both(LSTM(2, {.return_sequences = true}));
  const Array all = call_layer(both, {x}).output();
  ASSERT_EQ(all.shape(), (Shape{2, 4, 4}));
  const Array a = first_half(all, 2), b = second_half(all, 2);
  const std::pair<const char*, Array> wanted[] = {{"sum", a + b}, {"ave", (a + b) / 2}, {"mul", a * b}};
  for (const auto& [mode, want] : wanted) {
    const Bidirectional merged(LSTM(2, {.return_sequences = true}), {.merge_mode = mode});
    merged->ensure_built({kUnknown, kUnknown, 3});
    merged->set_weights(both->get_weights());
    EXPECT_TRUE(close(call_layer(merged, {x}).output(), want)) << mode;
  }
  const Bidirectional apart(LSTM(2, {.return_sequences = true}), {.merge_mode = ""});
  apart->ensure_built({kUnknown, kUnknown, 3});
  apart->set_weights(both->get_weights());
  const auto y = call_layer(apart, {x}).outputs;
  ASSERT_EQ(y.size(), 2u);
  EXPECT_TRUE(close(y[0], a));
  EXPECT_TRUE(close(y[1], b));
}

TEST(BidirectionalTest, TheBackwardOutputsStandWhereTheirStepsDo) {
  const Array x = some({2, 4, 3});
  const Bidirectional both(GRU(2, {.return_sequences = true}));
  const Array backward = second_half(call_layer(both, {x}).output(), 2);
  const GRU alone(2, {.return_sequences = true, .go_backwards = true});
  alone->ensure_built({kUnknown, kUnknown, 3});
  const auto weights = both->get_weights();
  alone->set_weights({weights[3], weights[4], weights[5]});
  const Array y = call_layer(alone, {x}).output().transpose({1, 0, 2}), z = backward.transpose({1, 0, 2});
  for (std::int64_t t = 0; t < 4; ++t) EXPECT_TRUE(close(z[t], y[3 - t]));
}

TEST(BidirectionalTest, NamesAndLayersAreKerass) {
  const LSTM lstm(2, {.name = "words"});
  const Bidirectional both(lstm, {.name = "b"});
  both->ensure_built({kUnknown, kUnknown, 3});
  ASSERT_EQ(both->sublayers().size(), 2u);
  EXPECT_EQ(both->sublayers()[0].name, "forward_layer");
  EXPECT_EQ(both->sublayers()[0].layer->name(), "forward_words");
  EXPECT_EQ(both->sublayers()[1].layer->name(), "backward_words");
  EXPECT_FALSE(lstm->built()) << "it is the pattern alone";
  EXPECT_EQ(both->weights().size(), 6u);
  EXPECT_EQ(Bidirectional(LSTM(2))->sublayers()[1].layer->name(), "backward_lstm");
}

TEST(BidirectionalTest, StatesAreForwardThenBackward) {
  const Input x({.shape = {5, 3}});
  const Bidirectional both(LSTM(2, {.return_state = true}));
  const auto outputs = both(x).outputs();
  ASSERT_EQ(outputs.size(), 5u);
  EXPECT_EQ(outputs[0].shape(), (Shape{kUnknown, 4}));
  const Bidirectional second(LSTM(2));
  const KerasTensor y = second(x, {.initial_state = {outputs[1], outputs[2], outputs[3], outputs[4]}});
  const models::Model model(x, y);
  const Array data = some({2, 5, 3}), want = model.predict(data);
  EXPECT_FALSE(close(want, models::Model(x, second(x)).predict(data)));
  models::Model read = models::model_from_json(model.to_json());
  read.set_weights(model.get_weights());
  EXPECT_TRUE(close(read.predict(data), want));
  EXPECT_EQ(error_text<ValueError>([&] { Bidirectional(GRU(2), {.name = "b"})(x, {.initial_state = {outputs[1]}}); }),
            "[Bidirectional \"b\"] expected an even number of initial states, got 1");
}

TEST(BidirectionalTest, PaddingDoesNotReachTheOutputs) {
  const std::vector<std::int64_t> lengths{4, 2, 1};
  for (const bool in_front : {false, true}) {
    const auto all = tests::padded(lengths, 4, 2, in_front);
    const Bidirectional both(GRU(3, {.return_sequences = true}));
    const auto y = call_layer(both, {all.x}, {all.mask});
    EXPECT_TRUE(array_equal(*y.mask, all.mask));
    for (std::int64_t row = 0; row < 3; ++row) {
      const std::int64_t length = lengths[static_cast<std::size_t>(row)];
      const Array alone = call_layer(both, {tests::unpadded(all, row, length, in_front)}).output();
      const tests::Padded outputs{y.output(), all.mask};
      EXPECT_TRUE(close(tests::unpadded(outputs, row, length, in_front), alone)) << row;
      if (length == 4) continue;
      const Array zeros = in_front ? y.output()[row].slice(0, 4 - length) : y.output()[row].slice(length, 4);
      EXPECT_TRUE(array_equal(zeros, graph::zeros({4 - length, 6}))) << "zeros where nothing was";
    }
  }
}

TEST(BidirectionalTest, AStatefulOneGoesOnAndIsReset) {
  const Bidirectional both(GRU(2, {.stateful = true}));
  both->ensure_built({2, 3, 1});
  const Array x = some({2, 3, 1}), first = tests::run_layer(both, x).output;
  EXPECT_FALSE(close(tests::run_layer(both, x).output, first));
  ASSERT_EQ(both->states().size(), 2u);
  both->reset_state();
  EXPECT_TRUE(close(tests::run_layer(both, x).output, first));
}

TEST(BidirectionalTest, FilesOfBothKerasesGiveItBack) {
  const tests::TemporaryFolder folder;
  models::Sequential model({Input({.shape = {4, 3}}),
                            Bidirectional(LSTM(2, {.return_sequences = true, .name = "inner"}), {.name = "outer"}),
                            Bidirectional(GRU(2), {.backward_layer = SimpleRNN(2, {.go_backwards = true})})});
  const Array x = some({2, 4, 3}), want = model.predict(x);
  model.save(folder.path() / "m.h5");
  EXPECT_TRUE(close(models::load_model(folder.path() / "m.h5").predict(x), want));
  const std::string keras2 = saving::serialize(*model.layers()[0], saving::KerasVersion::keras2);
  EXPECT_THAT(keras2, testing::HasSubstr(R"("name":"inner")"));
  EXPECT_THAT(keras2, testing::Not(testing::HasSubstr("backward_layer"))) << "Keras 2 makes it from the layer";
  const std::string other = saving::serialize(*model.layers()[1], saving::KerasVersion::keras2);
  EXPECT_THAT(other, testing::HasSubstr("backward_layer"));
  const std::string keras3 = saving::serialize(*model.layers()[0], saving::KerasVersion::keras3);
  EXPECT_THAT(keras3, testing::HasSubstr(R"("name":"backward_inner")"));
}

TEST(BidirectionalTest, RefusesLayersThatAreNoPair) {
  EXPECT_EQ(error_text<ValueError>([] { Bidirectional({.name = "b"}); }),
            "[Bidirectional \"b\"] expected a recurrent layer, got none");
  EXPECT_EQ(error_text<ValueError>([] { Bidirectional(Dense(2, {.name = "d"}), {.name = "b"}); }),
            "[Bidirectional \"b\"] expected a recurrent layer, got layer 'd'");
  EXPECT_EQ(error_text<ValueError>([] { Bidirectional(GRU(2), {.merge_mode = "max", .name = "b"}); }),
            "[Bidirectional \"b\"] expected a merge_mode \"sum\", \"mul\", \"ave\", \"concat\" or none, got \"max\"");
  EXPECT_EQ(error_text<ValueError>([] { Bidirectional(GRU(2), {.backward_layer = GRU(2), .name = "b"}); }),
            "[Bidirectional \"b\"] expected layers of different directions, got go_backwards = 0 of both");
  EXPECT_EQ(error_text<ValueError>([] {
              Bidirectional(GRU(2),
                            {.backward_layer = GRU(2, {.return_sequences = true, .go_backwards = true}), .name = "b"});
            }),
            "[Bidirectional \"b\"] expected layers with the same return_sequences, got 0 and 1");
}

}  // namespace
}  // namespace cornu::keras::layers

// What holds for all recurrent layers: masks, states, directions, errors.
#include "cornu/keras/layers/rnn/recurrent.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/layers/rnn/simple_rnn.h"
#include "cornu/keras/models/sequential.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/rnn/arguments.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/copied_state.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::padded;
using tests::some;
using tests::unpadded;

bool close(const Array& a, const Array& b) { return a.shape() == b.shape() && allclose(a, b, 1e-5, 1e-6); }

TEST(RecurrentTest, APaddedBatchGivesTheNumbersOfTheRowsAlone) {
  const std::vector<std::int64_t> lengths{4, 1, 6, 3};
  for (const bool in_front : {false, true}) {
    const auto all = padded(lengths, 6, 2, in_front);
    const Shared<Layer> layers[] = {LSTM(3), GRU(3), GRU(3, {.reset_after = false}), SimpleRNN(3),
                                    LSTM(3, {.go_backwards = true})};
    for (const auto& layer : layers) {
      const Array y = call_layer(layer, {all.x}, {all.mask}).output();
      for (std::int64_t row = 0; row < 4; ++row) {
        const Array alone = unpadded(all, row, lengths[static_cast<std::size_t>(row)], in_front);
        EXPECT_TRUE(close(y.slice(row, row + 1), call_layer(layer, {alone}).output())) << layer->class_name() << row;
      }
    }
  }
}

TEST(RecurrentTest, GoingBackwardsIsTheSequenceTheOtherWayRound) {
  const Array x = some({2, 3, 2});
  const LSTM ahead(3, {.return_sequences = true}), back(3, {.return_sequences = true, .go_backwards = true});
  const Array y = call_layer(ahead, {x}).output();
  back->ensure_built({kUnknown, kUnknown, 2});
  back->set_weights(ahead->get_weights());
  std::vector<Array> steps;
  for (std::int64_t t : {2, 1, 0}) steps.push_back(x.transpose({1, 0, 2})[t]);
  const Array reversed = graph::stack(steps).transpose({1, 0, 2});
  EXPECT_TRUE(close(call_layer(back, {reversed}).output(), y));
}

TEST(RecurrentTest, TimeMajorHasTheStepsInFront) {
  const auto all = padded({3, 2}, 3, 2, false);
  const GRU usual(3, {.return_sequences = true}), turned(3, {.return_sequences = true, .time_major = true});
  const Array y = call_layer(usual, {all.x}, {all.mask}).output();
  turned->ensure_built({kUnknown, kUnknown, 2});
  turned->set_weights(usual->get_weights());
  const auto z = call_layer(turned, {all.x.transpose({1, 0, 2})}, {all.mask.transpose({1, 0})});
  EXPECT_TRUE(close(z.output().transpose({1, 0, 2}), y));
  EXPECT_EQ(turned->compute_output_shape({7, kUnknown, 2}), (Shape{7, kUnknown, 3}));
}

TEST(RecurrentTest, LengthsMayBeUnknown) {
  const auto [y, h, c] =
      LSTM(4, {.return_sequences = true, .return_state = true})(Input({.shape = {kUnknown, 2}})).get<3>();
  EXPECT_EQ(y.shape(), (Shape{kUnknown, kUnknown, 4}));
  EXPECT_EQ(h.shape(), (Shape{kUnknown, 4}));
  EXPECT_EQ(c.shape(), (Shape{kUnknown, 4}));
  const Input x({.shape = {kUnknown, 2}});
  const models::Model model(x, GRU(3, {.return_sequences = true})(x));
  for (const std::int64_t steps : {1, 5, 2})
    EXPECT_EQ(model.predict(some({3, steps, 2})).shape(), (Shape{3, steps, 3}));
}

TEST(RecurrentTest, AnEncodersStatesBeginADecoder) {
  const Input source({.shape = {kUnknown, 2}, .name = "source"}), target({.shape = {kUnknown, 3}, .name = "target"});
  const LSTM encoder(4, {.return_state = true, .name = "encoder"}),
      decoder(4, {.return_sequences = true, .name = "decoder"});
  const auto [unused, h, c] = encoder(source).get<3>();
  const models::Model model({source, target}, decoder(target, {.initial_state = {h, c}}));
  const models::Model as_keras2({source, target}, decoder({target, h, c}));
  const Array a = some({2, 5, 2}), b = some({2, 3, 3}, 2);
  const Array want = model.predict({a, b})[0];
  EXPECT_TRUE(close(as_keras2.predict({a, b})[0], want));

  const auto states = call_layer(encoder, {a}).outputs;
  const Input x({.shape = {3, 3}}), first({.shape = {4}}), second({.shape = {4}});
  const models::Model apart({x, first, second}, decoder(x, {.initial_state = {first, second}}));
  EXPECT_TRUE(close(apart.predict({b, states[1], states[2]})[0], want));

  const tests::TemporaryFolder folder;
  for (const auto& m : {model, as_keras2}) {
    m.save(folder.path() / "m.h5");
    EXPECT_TRUE(close(models::load_model(folder.path() / "m.h5").predict({a, b})[0], want));
    models::Model read = models::model_from_json(m.to_json());
    read.set_weights(m.get_weights());
    EXPECT_TRUE(close(read.predict({a, b})[0], want));
    EXPECT_THAT(m.to_json(), testing::HasSubstr(R"("initial_state")"));
  }
}

TEST(RecurrentTest, AStatefulLayerGoesOn) {
  const Array x = some({2, 6, 3});
  const LSTM whole(4, {.return_sequences = true});
  const Array want = call_layer(whole, {x}).output();
  models::Sequential model(
      {Input({.shape = {3, 3}, .batch_size = 2}), LSTM(4, {.return_sequences = true, .stateful = true})});
  model.set_weights(whole->get_weights());
  const auto part = [&](const Array& all, int i) {
    return all.transpose({1, 0, 2}).slice(3 * i, 3 * i + 3).transpose({1, 0, 2});
  };
  for (int round = 0; round < 2; ++round) {
    for (const int i : {0, 1}) EXPECT_TRUE(close(model.predict(part(x, i), {.batch_size = 2}), part(want, i)));
    model.reset_states();
  }
  const auto layer = model.layers()[0].as<Recurrent>();
  ASSERT_EQ(layer->states().size(), 2u);
  EXPECT_TRUE(array_equal(layer->states()[0], graph::zeros({2, 4})));
  const std::vector<Array> states{some({2, 4}, 5), some({2, 4}, 6)};
  layer->reset_state(states);
  EXPECT_TRUE(array_equal(layer->states()[1], states[1]));
  const Input b({.shape = {3, 3}}), h({.shape = {4}}), c({.shape = {4}});
  const models::Model given({b, h, c}, whole(b, {.initial_state = {h, c}}));
  EXPECT_TRUE(
      close(model.predict(part(x, 0), {.batch_size = 2}), given.predict({part(x, 0), states[0], states[1]})[0]));
  EXPECT_EQ(error_text<ShapeError>([&] {
              model.predict(some({3, 3, 3}), {.batch_size = 3});
            }),
            "[LSTM \"lstm\"] stateful = true: expected batches of 2 samples, got 3");
}

TEST(RecurrentTest, StatesGoOnInTrainingAndEvaluate) {
  models::Sequential model({Input({.shape = {2, 1}, .batch_size = 2}), GRU(3, {.stateful = true}), Dense(1)});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Array x = some({6, 2, 1}), y = some({6, 1});
  const auto layer = model.layers()[0].as<Recurrent>();
  model.fit(x, y, {.batch_size = 2, .verbose = 0, .shuffle = false});
  const Array after = layer->states()[0].copy();
  EXPECT_FALSE(array_equal(after, graph::zeros({2, 3})));
  model.evaluate(x, y, {.batch_size = 2, .verbose = 0});
  EXPECT_FALSE(array_equal(layer->states()[0], after));
}

TEST(RecurrentTest, TheStateIsAPartOfACopiedState) {
  const GRU one(3, {.stateful = true}), other(3, {.stateful = true});
  const Array x = some({2, 3, 1});
  one->ensure_built({2, 3, 1}), other->ensure_built({2, 3, 1});
  tests::run_layer(one, x);
  tests::CopiedState state;
  one->state(state);
  state.give();
  other->state(state);
  EXPECT_TRUE(array_equal(tests::run_layer(one, x).output, tests::run_layer(other, x).output));
  EXPECT_EQ(one->weights().size(), 3u) << "states are no weights, as in Keras";
}

TEST(RecurrentTest, AStatefulModelIsSavedWithItsBatch) {
  const tests::TemporaryFolder folder;
  const Input x({.shape = {2, 1}, .batch_size = 2});
  const models::Model model(x, GRU(3, {.stateful = true})(x));
  const Array data = some({2, 2, 1}), first = model.predict(data, {.batch_size = 2});
  model.save(folder.path() / "m.h5");
  models::Model read = models::load_model(folder.path() / "m.h5");
  EXPECT_TRUE(close(read.predict(data, {.batch_size = 2}), first)) << "it begins anew";
  EXPECT_FALSE(close(read.predict(data, {.batch_size = 2}), first));
}

TEST(RecurrentTest, AMaskIsHandedOnWithReturnSequences) {
  const Input words({.shape = {kUnknown}, .dtype = "int32"});
  const Embedding embed(10, 4, {.mask_zero = true});
  const LSTM lower(3, {.return_sequences = true}), upper(2);
  const models::Model model(words, upper(lower(embed(words))));
  const Array padded_words = Array(std::vector<std::int32_t>{3, 5, 0, 0, 7, 1, 2, 0}).reshape({2, 4});
  const Array y = model.predict(padded_words);
  EXPECT_TRUE(close(y.slice(0, 1), model.predict(Array(std::vector<std::int32_t>{3, 5}).reshape({1, 2}))));
  EXPECT_TRUE(close(y.slice(1, 2), model.predict(Array(std::vector<std::int32_t>{7, 1, 2}).reshape({1, 3}))));
}

TEST(RecurrentTest, UnrollGivesTheSame) {
  const LSTM usual(3), unrolled(3, {.unroll = true});
  const Array x = some({2, 4, 2}), y = call_layer(usual, {x}).output();
  unrolled->ensure_built({kUnknown, 4, 2});
  unrolled->set_weights(usual->get_weights());
  EXPECT_TRUE(array_equal(call_layer(unrolled, {x}).output(), y));
  EXPECT_EQ(error_text<ValueError>([] {
              LSTM(2, {.unroll = true, .name = "l"})(Input({.shape = {kUnknown, 3}}));
            }),
            "[LSTM \"l\"] unroll = true needs a known number of steps, got shape (None, None, 3)");
}

TEST(RecurrentTest, RefusesStatesAndMasksThatDoNotFit) {
  const Input x({.shape = {5, 3}}), h({.shape = {4}}), wide({.shape = {6}});
  EXPECT_EQ(error_text<ValueError>([&] { LSTM(4, {.name = "l"})
                                         (x, {.initial_state = {h}}); }),
            "[LSTM \"l\"] initial_state: expected 2 states, got 1");
  EXPECT_EQ(error_text<ShapeError>([&] {
              LSTM(4, {.name = "l"})(x, {.initial_state = {h, wide}});
            }),
            "[LSTM \"l\"] initial_state: expected state 1 of shape (None, 4), got (None, 6)");
  EXPECT_EQ(error_text<ValueError>([&] {
              GRU(4, {.name = "g"})({x, h, h});
            }),
            "[GRU \"g\"] initial_state: expected 1 state, got 2");
  const Input mask({.shape = {4}, .dtype = "bool"}), numbers({.shape = {5}});
  EXPECT_EQ(error_text<ShapeError>([&] { GRU(4, {.name = "g"})
                                         (x, {.mask = mask}); }),
            "[GRU \"g\"] expected a mask of dtype bool and shape (None, 5), got bool(None, 4)");
  EXPECT_EQ(error_text<ShapeError>([&] { GRU(4, {.name = "g"})
                                         (x, {.mask = numbers}); }),
            "[GRU \"g\"] expected a mask of dtype bool and shape (None, 5), got float32(None, 5)");
  EXPECT_EQ(error_text<ValueError>([&] {
              GRU(4, {.name = "g"})(x, {.named = {{"state", h}}});
            }),
            "[GRU \"g\"] takes tensors by the names 'initial_state' and 'mask', got 'state'");
}

TEST(RecurrentTest, RefusesToBeStatefulWithoutABatch) {
  EXPECT_EQ(error_text<ValueError>([] {
              GRU(4, {.stateful = true, .name = "g"})(Input({.shape = {5, 3}}));
            }),
            "[GRU \"g\"] stateful = true needs the batch's size: give the Input a batch_size, got shape (None, 5, 3)");
  EXPECT_EQ(error_text<ValueError>([] { GRU(4, {.name = "g"})->reset_state(); }),
            "[GRU \"g\"] reset_state needs a layer with stateful = true");
  const GRU gru(4, {.stateful = true, .name = "g"});
  gru->reset_state();  // nothing is there yet
  gru->ensure_built({2, 5, 3});
  EXPECT_EQ(error_text<ShapeError>([&] {
              gru->reset_state({graph::zeros({2, 3})});
            }),
            "[GRU \"g\"] reset_state: expected state 0 of shape (2, 4), got (2, 3)");
  EXPECT_EQ(error_text<ValueError>([&] {
              gru->reset_states({graph::zeros({2, 4}), graph::zeros({2, 4})});
            }),
            "[GRU \"g\"] reset_state: expected 1 states, got 2");
}

TEST(RecurrentTest, ASequentialTakesNoLayerThatReturnsItsStates) {
  EXPECT_EQ(
      error_text<ValueError>([] {
        models::Sequential({Input({.shape = {5, 3}}), LSTM(4, {.return_state = true, .name = "l"})});
      }),
      "[LSTM \"l\"] a layer of a Sequential needs to give one tensor, got 3 outputs: build a graph of layers instead");
}

}  // namespace
}  // namespace cornu::keras::layers

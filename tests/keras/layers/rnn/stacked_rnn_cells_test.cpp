#include "cornu/keras/layers/rnn/stacked_rnn_cells.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/layers/rnn/rnn.h"
#include "cornu/keras/layers/rnn/simple_rnn.h"
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
  const std::string config = R"({"cells": [{"class_name": "LSTMCell", "config": {"name": "a", "units": 3}},
                                           {"class_name": "GRUCell", "config": {"name": "b", "units": 2}}], BASE})";
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "StackedRNNCells",
       .config = config,
       .example = {.inputs = {some({3, 2}), some({3, 3}, 2), some({3, 3}, 3), some({3, 2}, 4)}, .config = config}}};
});

TEST(StackedRNNCellsTest, AreLayersOneAboveTheOther) {
  const Array x = some({2, 5, 3});
  const RNN stacked(StackedRNNCells({LSTMCell(4), GRUCell(2)}), {.return_sequences = true});
  const LSTM lower(4, {.return_sequences = true});
  const GRU upper(2, {.return_sequences = true});
  const Array want = call_layer(upper, {call_layer(lower, {x}).output()}).output();
  std::vector<Array> weights = lower->get_weights();
  for (const Array& w : upper->get_weights()) weights.push_back(w);
  stacked->ensure_built({kUnknown, kUnknown, 3});
  stacked->set_weights(weights);
  EXPECT_TRUE(allclose(call_layer(stacked, {x}).output(), want, 1e-6, 1e-6));
}

TEST(StackedRNNCellsTest, EachCellDropsTheSameInEachStep) {
  // The upper cell adds up the lower one's constant outputs that are left to it.
  const SimpleRNNCellConfig lower{
      .units = 8, .activation = nullptr, .kernel_initializer = "ones", .recurrent_initializer = "zeros"};
  const SimpleRNNCellConfig upper{.units = 1,
                                  .activation = nullptr,
                                  .kernel_initializer = "ones",
                                  .recurrent_initializer = "ones",
                                  .dropout = 0.5,
                                  .seed = 5};
  const RNN rnn({SimpleRNNCell(lower), SimpleRNNCell(upper)}, {.return_sequences = true});
  const Array y = tests::run_layer(rnn, graph::ones({3, 4, 1}), true).output;
  for (std::int64_t row = 0; row < 3; ++row)
    for (std::int64_t t = 0; t < 4; ++t)
      EXPECT_NEAR(y[row][t].item<double>(), static_cast<double>(t + 1) * y[row][0].item<double>(), 1e-4);
  EXPECT_FALSE(allclose(y, tests::run_layer(rnn, graph::ones({3, 4, 1})).output, 1e-3, 1e-3));
}

TEST(StackedRNNCellsTest, PenaltiesOfAllCellsAreAddedOnce) {
  const GRUCellConfig config{.units = 2, .kernel_initializer = "ones", .kernel_regularizer = "l1"};
  const RNN rnn({GRUCell(config), GRUCell(config)});
  EXPECT_NEAR(tests::run_layer(rnn, graph::ones({1, 4, 3})).added_loss, 0.01 * (18 + 12), 1e-6);
}

TEST(StackedRNNCellsTest, NeedsCells) {
  EXPECT_EQ(error_text<ValueError>([] { StackedRNNCells({.name = "s"}); }),
            "[StackedRNNCells \"s\"] expected at least one cell, got none");
  EXPECT_EQ(error_text<ValueError>([] {
              StackedRNNCells({LSTMCell(2), Dense(2, {.name = "d"})}, {.name = "s"});
            }),
            "[StackedRNNCells \"s\"] expected cells, got layer 'd'");
}

}  // namespace
}  // namespace cornu::keras::layers

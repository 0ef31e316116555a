#include "cornu/keras/layers/rnn/rnn.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/rnn/bidirectional.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/layers/rnn/stacked_rnn_cells.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/matmul.h"
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
       .class_name = "RNN",
       .config = "{" + tests::kRecurrentJson +
                 R"(, "cell": {"class_name": "GRUCell", "config": {"name": "c", "units": 3}}, BASE})",
       .example = {.inputs = {some({3, 4, 2})},
                   .config = R"({"cell": {"class_name": "LSTMCell", "config": {"name": "c", "units": 3}}, BASE})",
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

/// As in the documentation of Cell.
struct MinimalCell : Cell {
  int units = 0;
  Variable kernel, recurrent_kernel;
  explicit MinimalCell(int units = 0) : units(units) {}
  std::vector<int> state_size() const override { return {units}; }
  void build(const Shape& input) override {
    kernel = add_weight({.name = "kernel", .shape = {input.back(), units}, .initializer = "ones"});
    recurrent_kernel = add_weight({.name = "recurrent_kernel", .shape = {units, units}, .initializer = "ones"});
  }
  CellOutput step(const Tensor& x, const Tensors& states, Context&) override {
    const Tensor y = ops::matmul(x, kernel) + ops::matmul(states[0], recurrent_kernel);
    return {y, {y}};
  }
  void fields(ConfigVisitor& v) override {
    v("units", units);
    Layer::fields(v);
  }
};
const bool registered = registry().add<MinimalCell>("MinimalCell") && tests::register_without_sample("MinimalCell");

/// It is no cell for want of a step.
struct EmptyCell : Cell {
  std::vector<int> state_size() const override { return {2}; }
};

// The numbers are those of Keras' own tests of such a cell.
TEST(RNNTest, TakesACellOfOnesOwn) {
  const Array x = graph::ones({1, 2, 3});
  EXPECT_TRUE(array_equal(call_layer(RNN(MinimalCell(2)), {x}).output(), Array{{9.f, 9.f}}));
  const auto all = call_layer(RNN(MinimalCell(2), {.return_sequences = true, .return_state = true}), {x}).outputs;
  EXPECT_TRUE(array_equal(all[0], Array{{{3.f, 3.f}, {9.f, 9.f}}}));
  EXPECT_TRUE(array_equal(all[1], Array{{9.f, 9.f}}));
  const Array y = graph::arange(0, 24).reshape({2, 3, 4}).astype(float32);
  EXPECT_TRUE(array_equal(call_layer(RNN(MinimalCell(2), {.go_backwards = true}), {y}).output(),
                          Array{{202.f, 202.f}, {538.f, 538.f}}));
}

TEST(RNNTest, AStatefulOneGoesOn) {
  const RNN rnn(MinimalCell(2), {.stateful = true});
  rnn->ensure_built({1, 2, 3});
  const Array x = graph::ones({1, 2, 3});
  tests::run_layer(rnn, x);
  EXPECT_TRUE(array_equal(tests::run_layer(rnn, x).output, Array{{45.f, 45.f}}));
  rnn->reset_state();
  EXPECT_TRUE(array_equal(tests::run_layer(rnn, x).output, Array{{9.f, 9.f}}));
}

TEST(RNNTest, ACellIsALayer) {
  const auto cell = share(MinimalCell(2));
  const Input x({.shape = {3}}), state({.shape = {2}});
  const auto [y, next] = cell({x, state}).get<2>();
  EXPECT_EQ(y.shape(), (Shape{kUnknown, 2}));
  const models::Model model({x, state}, {y, next});
  EXPECT_TRUE(array_equal(model.predict({graph::ones({1, 3}), graph::ones({1, 2})})[1], Array{{5.f, 5.f}}));
  EXPECT_EQ(error_text<ValueError>([&] {
              cell({x, state, state});
            }),
            "[MinimalCell \"minimal_cell\"] expected 1 state, got 2");
  EXPECT_EQ(error_text<ShapeError>([&] {
              cell({x, x});
            }),
            "[MinimalCell \"minimal_cell\"] expected state 0 of shape (None, 2), got (None, 3)");
}

TEST(RNNTest, WeightsLieInTheCell) {
  const RNN rnn(LSTMCell(2), {.name = "r"});
  rnn->ensure_built({kUnknown, kUnknown, 3});
  EXPECT_EQ(rnn->weights()[0].name(), "lstm_cell/kernel");
  EXPECT_EQ(rnn->sublayers()[0].name, "cell");
  EXPECT_EQ(rnn->cell()->name(), "lstm_cell");
}

TEST(RNNTest, AListOfCellsIsStacked) {
  const RNN rnn({LSTMCell(4), GRUCell(3)}, {.return_state = true});
  const auto y = call_layer(rnn, {some({2, 5, 2})}).outputs;
  ASSERT_EQ(y.size(), 4u);
  EXPECT_EQ(y[0].shape(), (Shape{2, 3}));
  EXPECT_EQ(y[1].shape(), (Shape{2, 4}));
  EXPECT_EQ(y[3].shape(), (Shape{2, 3}));
  EXPECT_TRUE(array_equal(y[0], y[3]));
  EXPECT_EQ(rnn->cell()->class_name(), "StackedRNNCells");
}

TEST(RNNTest, FilesHoldTheCell) {
  const tests::TemporaryFolder folder;
  const Input x({.shape = {kUnknown, 3}});
  const models::Model model(x, RNN(MinimalCell(2))(x));
  model.save(folder.path() / "m.h5");
  EXPECT_TRUE(
      array_equal(models::load_model(folder.path() / "m.h5").predict(graph::ones({1, 2, 3})), Array{{9.f, 9.f}}));
}

TEST(RNNTest, ABidirectionalOneHasTwoCells) {
  const Bidirectional both(RNN(MinimalCell(2)));
  EXPECT_TRUE(array_equal(call_layer(both, {graph::ones({1, 2, 3})}).output(), Array{{9.f, 9.f, 9.f, 9.f}}));
  EXPECT_EQ(both->weights().size(), 4u);
}

TEST(RNNTest, Bfloat16IsTheCellsToo) {
  mixed_precision::set_global_policy("mixed_bfloat16");
  const RNN rnn({LSTMCell(4), GRUCell(3)});
  mixed_precision::set_global_policy("float32");
  const Array y = call_layer(rnn, {some({2, 5, 2})}).output();
  EXPECT_EQ(y.dtype(), bfloat16);
  for (const Variable& w : rnn->weights()) EXPECT_EQ(w.dtype(), float32);
}

TEST(RNNTest, NeedsACell) {
  EXPECT_EQ(error_text<ValueError>([] { RNN({.name = "r"}); }), "[RNN \"r\"] expected a cell, got none");
  EXPECT_EQ(error_text<ValueError>([] { RNN(Dense(2, {.name = "d"}), {.name = "r"}); }),
            "[RNN \"r\"] expected a cell, got layer 'd'");
  EXPECT_THAT(error_text<ValueError>([] {
                RNN({.cell = EmptyCell()})(Input({.shape = {3, 2}}));
              }),
              testing::HasSubstr("a cell needs to override `step` or `begin`"));
  EXPECT_EQ(error_text<ShapeError>([] { RNN(MinimalCell(2), {.name = "r"})
                                        (Input({.shape = {2}})); }),
            "[RNN \"r\"] expected an input (batch, steps, features), got shape (None, 2)");
}

}  // namespace
}  // namespace cornu::keras::layers

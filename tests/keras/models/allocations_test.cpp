// After the first step Cornu's own code asks for no memory. What oneDNN asks for inside its calls, and libgomp, is
// printed apart.
#include "tests/support/allocations.h"

#include <gtest/gtest.h>

#include <iostream>
#include <numeric>

#include "cornu/graph/array/random.h"
#include "cornu/graph/function.h"
#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/utils/to_categorical.h"

namespace cornu::keras {
namespace {

using support::CountAllocations;

constexpr int kInputs = 40, kClasses = 10, kBatch = 16;

models::Sequential classifier() {
  models::Sequential model({layers::Dense(64, {.activation = "relu", .input_shape = {kInputs}}),
                            layers::Dense(64, {.activation = "relu"}),
                            layers::Dense(kClasses, {.activation = "softmax"})});
  model.compile({.optimizer = "rmsprop", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  return model;
}

struct Data {
  Array x, y;
  explicit Data(int batches) {
    graph::random::Generator rng(1);
    x = rng.uniform({batches * kBatch, kInputs});
    y = utils::to_categorical(rng.integers({batches * kBatch}, 0, kClasses), kClasses);
  }
};

struct Counts {
  long own = 0, in_onednn = 0, in_openmp = 0;
};

/// What twenty more batches ask for.
template <class F>
Counts of_twenty_batches(const char* what, F&& run) {
  const Data short_data(4), long_data(24);
  run(short_data), run(long_data);  // plans are made now
  const auto counted = [&](const Data& data) {
    const CountAllocations count;
    run(data);
    return Counts{count.own(), count.in_onednn(), count.in_openmp()};
  };
  const Counts few = counted(short_data), many = counted(long_data);
  const Counts more{many.own - few.own, many.in_onednn - few.in_onednn, many.in_openmp - few.in_openmp};
  std::cout << "20 more batches of " << what << ": " << more.own << " allocations of Cornu's own, " << more.in_onednn
            << " inside oneDNN, " << more.in_openmp << " in libgomp\n";
  return more;
}

TEST(Allocations, FitMakesNonePerStep) {
  auto model = classifier();
  const auto fit = [&](const Data& data) {
    model.fit(data.x, data.y, {.batch_size = kBatch, .verbose = 0, .shuffle = true});
  };
  EXPECT_EQ(of_twenty_batches("fit", fit).own, 0);
}

TEST(Allocations, FitMakesNoneForACallbackThatDoesNotReadItsLogs) {
  auto model = classifier();
  int batches = 0;
  const callbacks::LambdaCallback counting({.on_train_batch_end = [&](int, const Logs&) { ++batches; }});
  const auto fit = [&](const Data& data) {
    model.fit(data.x, data.y, {.batch_size = kBatch, .verbose = 0, .callbacks = {counting}});
  };
  EXPECT_EQ(of_twenty_batches("fit with a callback", fit).own, 0);
  EXPECT_EQ(batches, 2 * (4 + 24));
}

// The count can fail: figures that are read are made.
TEST(Allocations, OfACallbackThatReadsItsLogsAreSeen) {
  auto model = classifier();
  double sum = 0;
  const callbacks::LambdaCallback reading({.on_train_batch_end = [&](int, const Logs& logs) { sum += logs["loss"]; }});
  const auto fit = [&](const Data& data) {
    model.fit(data.x, data.y, {.batch_size = kBatch, .verbose = 0, .callbacks = {reading}});
  };
  EXPECT_GE(of_twenty_batches("fit with a callback that reads logs", fit).own, 20);
  EXPECT_GT(sum, 0);
}

TEST(Allocations, EvaluateMakesNonePerStep) {
  auto model = classifier();
  EXPECT_EQ(
      of_twenty_batches("evaluate",
                        [&](const Data& data) { model.evaluate(data.x, data.y, {.batch_size = kBatch, .verbose = 0}); })
          .own,
      0);
}

TEST(Allocations, PredictMakesNonePerStep) {
  const auto model = classifier();
  EXPECT_EQ(of_twenty_batches("predict", [&](const Data& data) { model.predict(data.x, {.batch_size = kBatch}); }).own,
            0);
}

TEST(Allocations, PredictOfOneBatchMakesItsResultAlone) {
  const auto model = classifier();
  const Data data(1);
  for (const int rows : {1, kBatch}) {
    const Array x = data.x.slice(0, rows);
    model.predict(x);
    Counts counts;
    {
      const CountAllocations count;
      const Array y = model.predict(x);
      counts = {count.own(), count.in_onednn(), count.in_openmp()};
    }
    EXPECT_EQ(counts.own, 1) << rows << " rows";
    std::cout << "predict of " << rows << " rows: " << counts.own << " allocations of Cornu's own, " << counts.in_onednn
              << " inside oneDNN, " << counts.in_openmp << " in libgomp\n";
  }
}

// One reading after the other, as a stream brings them: the states stay in the layer.
TEST(Allocations, AStepOfAStatefulLayerMakesNone) {
  const models::Sequential model(
      {layers::Input({.shape = {1, 4}, .batch_size = 1}), layers::LSTM(32, {.stateful = true}), layers::Dense(1)});
  const std::vector<Array> reading{graph::full({1, 1, 4}, 0.5)};
  const auto own = [](auto&& run) {
    run();  // the plan is made now
    const CountAllocations count;
    for (int i = 0; i < 20; ++i) run();
    return count.own();
  };
  EXPECT_EQ(own([&] { model.predict_on_batch(reading[0]); }), 20);  // the results
  const graph::Function held([&](const Tensor& x) {
    Context ctx;
    graph::Outputs outputs(model(x, ctx));
    for (const auto& [state, value] : ctx.updates()) outputs.update(state, value);
    return outputs;
  });
  const std::vector<Array> answer{graph::zeros({1, 1})};
  EXPECT_EQ(own([&] { held.call_into(reading, answer); }), 0);
  const Array before = answer[0].copy();
  held.call_into(reading, answer);
  EXPECT_NE(answer[0].item<float>(), before.item<float>());  // its states went on
}

}  // namespace
}  // namespace cornu::keras

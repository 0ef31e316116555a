#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::models {
namespace {

using layers::Dense;

Array data(const Shape& shape, std::uint64_t seed = 1) { return graph::random::Generator(seed).uniform(shape, -1, 1); }

bool same_bits(const Array& a, const Array& b) {
  return a.spec() == b.spec() && std::memcmp(a.bytes(), b.bytes(), a.nbytes()) == 0;
}

// Two layers with known weights, and what they compute by plain loops.
struct Small {
  Sequential model{Dense(3, {.activation = "relu", .input_shape = {4}}), Dense(2)};
  Small() { model.set_weights({data({4, 3}, 2), data({3}, 3), data({3, 2}, 4), data({2}, 5)}); }
  Array expected(const Array& x) const {
    const auto w = model.get_weights();
    const Array hidden = matmul(x, w[0]) + w[1];
    for (float& h : hidden.span<float>()) h = std::max(h, 0.f);
    return matmul(hidden, w[2]) + w[3];
  }
};

TEST(Predict, TakesAnyNumberOfRows) {
  const Small small;
  for (const int rows : {0, 1, 31, 32, 33, 64, 100}) {
    const Array x = data({rows, 4});
    const Array y = small.model.predict(x);
    EXPECT_EQ(y.shape(), (Shape{rows, 2}));
    EXPECT_TRUE(allclose(y, small.expected(x), 1e-5, 1e-6)) << rows;
  }
  EXPECT_EQ(small.model.predict(zeros({0, 4})).dtype(), graph::float32);
}

TEST(Predict, TakesAnyBatchSize) {
  const Small small;
  const Array x = data({10, 4}), expected = small.expected(x);
  for (const int batch_size : {1, 3, 5, 9, 10, 11, 1000})
    EXPECT_TRUE(allclose(small.model.predict(x, {.batch_size = batch_size}), expected, 1e-5, 1e-6)) << batch_size;
}

TEST(Predict, MakesSoManySteps) {
  const Small small;
  const Array x = data({10, 4}), expected = small.expected(x);
  EXPECT_TRUE(allclose(small.model.predict(x, {.batch_size = 3, .steps = 2}), expected.slice(0, 6), 1e-5, 1e-6));
  EXPECT_EQ(small.model.predict(x, {.batch_size = 3, .steps = 4}).shape(), (Shape{10, 2}));
  EXPECT_EQ(small.model.predict(x, {.steps = 3}).shape(), (Shape{10, 2}));  // steps alone share the rows out
  testing::internal::CaptureStderr();
  EXPECT_EQ(small.model.predict(x, {.batch_size = 5, .steps = 3}).shape(), (Shape{10, 2}));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Warning: steps is 3, but the data has 2 batches: it ends with them\n");
}

TEST(Predict, LeavesDropoutAndItsWeightsAlone) {
  Sequential model({layers::Dropout(0.5, {.input_shape = {4}}), Dense(2)});
  const Array x = data({5, 4});
  EXPECT_TRUE(same_bits(model.predict(x), model.predict(x)));
  EXPECT_TRUE(allclose(model.predict(x), matmul(x, model.get_weights()[0]), 1e-5, 1e-6));
}

TEST(Predict, SeesWeightsThatChange) {
  Small small;
  const Array x = data({5, 4});
  small.model.predict(x);
  small.model.set_weights({data({4, 3}, 6), data({3}, 7), data({3, 2}, 8), data({2}, 9)});
  EXPECT_TRUE(allclose(small.model.predict(x), small.expected(x), 1e-5, 1e-6));
}

TEST(Predict, TakesDataOfAnyDtype) {
  const Small small;
  const Array x = Array{{1, 2, 3, 4}, {0, 1, 0, 1}};
  const Array expected = small.expected(x.astype(graph::float32));
  for (const auto dtype : {graph::uint8, graph::int32, graph::int64, graph::float64})
    EXPECT_TRUE(allclose(small.model.predict(x.astype(dtype)), expected, 1e-5, 1e-6));
}

TEST(Predict, FollowsLengthsThatVary) {
  Sequential model({layers::Input({.shape = {kUnknown, 3}}), Dense(2)});
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, kUnknown, 2}));
  EXPECT_EQ(model.predict(zeros({5, 7, 3}), {.batch_size = 2}).shape(), (Shape{5, 7, 2}));
  EXPECT_EQ(model.predict(zeros({2, 4, 3})).shape(), (Shape{2, 4, 2}));
}

TEST(Predict, ManyThreadsGetTheSameBits) {
  const Small small;
  const Array x = data({203, 4});
  Sequential fresh(
      {Dense(64, {.activation = "relu"}), Dense(3, {.activation = "softmax"})});  // built by whoever comes first
  std::vector<Array> known(4), unknown(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        unknown[t] = fresh.predict(x);
        known[t] = small.model.predict(x);
      }
    });
  for (auto& thread : threads) thread.join();
  for (int t = 1; t < 4; ++t) {
    EXPECT_TRUE(same_bits(known[t], known[0]));
    EXPECT_TRUE(same_bits(unknown[t], unknown[0]));
  }
  EXPECT_EQ(fresh.weights().size(), 4u);
  EXPECT_TRUE(allclose(known[0], small.expected(x), 1e-5, 1e-6));
  EXPECT_TRUE(same_bits(fresh.predict(x), unknown[0]));
}

TEST(Predict, KeepsWhatTakesLittleMemory) {
  const Small small;
  for (int rows = 1; rows <= 2000; ++rows) small.model.predict_on_batch(zeros({rows, 4}));
  EXPECT_LT(small.model.network()->predictor().cached_plans(), 2000u);
  EXPECT_GT(small.model.network()->predictor().cached_plans(), 16u);
}

TEST(Predict, OnOneBatch) {
  const Small small;
  const Array x = data({50, 4});
  EXPECT_TRUE(allclose(small.model.predict_on_batch(x), small.expected(x), 1e-5, 1e-6));
}

TEST(Predict, RunsOnAsManyThreadsAsItIsTold) {
  Small small;
  const Array x = data({50, 4}), y = small.model.predict(x);
  small.model.compile({.loss = "mse", .threads = 1});
  EXPECT_EQ(small.model.network()->threads(), 1);
  EXPECT_TRUE(allclose(small.model.predict(x), y, 1e-6, 1e-7));
  small.model.compile({.loss = "mse"});
  EXPECT_EQ(small.model.network()->threads(), 1);  // stays
  small.model.set_threads(0);
  EXPECT_EQ(small.model.network()->threads(), 0);
  EXPECT_THROW(small.model.set_threads(-1), ValueError);
}

TEST(Evaluate, IsWhatOneComputesByHand) {
  Small small;
  const Array x = data({37, 4}), y = data({37, 2}, 9), p = small.expected(x);
  small.model.compile({.loss = "mse", .metrics = {"mae", "mse"}});
  double squares = 0, differences = 0;
  for (std::int64_t i = 0; i < p.size(); ++i) {
    const double e = static_cast<double>(p.data<float>()[i]) - y.data<float>()[i];
    squares += e * e / 74;
    differences += std::abs(e) / 74;
  }
  for (const int batch_size : {1, 10, 32, 37, 100}) {
    const Logs scores = small.model.evaluate(x, y, {.batch_size = batch_size, .verbose = 0});
    EXPECT_NEAR(scores["loss"], squares, 1e-5);
    EXPECT_NEAR(scores["mse"], squares, 1e-5);
    EXPECT_NEAR(scores["mae"], differences, 1e-5);
    EXPECT_EQ(scores.size(), 3u);
  }
  EXPECT_EQ(small.model.optimizer()->iterations(), 0);
}

TEST(Evaluate, CountsRightAnswers) {
  Sequential model({layers::Activation("softmax", {.input_shape = {3}})});
  const Array x = Array{{1.f, 0.f, 0.f}, {0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}, {0.f, 2.f, 1.f}};
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy", "acc"}});
  const Logs scores = model.evaluate(x, Array{0, 1, 0, 2}, {.batch_size = 3, .verbose = 0});
  EXPECT_EQ(scores["accuracy"], 0.5);
  EXPECT_EQ(scores["acc"], 0.5);
}

TEST(Evaluate, WeighsSamplesAndMakesSteps) {
  Sequential model({layers::Activation("linear", {.input_shape = {1}})});
  model.compile({.loss = "mse", .metrics = {"mse"}, .weighted_metrics = {"mae"}});
  const Array x = Array{{1.f}, {2.f}, {3.f}, {4.f}}, y = zeros({4, 1});
  const Logs weighted = model.evaluate(x, y, {.verbose = 0, .sample_weight = Array{1.f, 0.f, 0.f, 1.f}});
  EXPECT_NEAR(weighted["loss"], (1 + 16) / 4.0, 1e-6);
  EXPECT_NEAR(weighted["mse"], 30 / 4.0, 1e-6);
  EXPECT_NEAR(weighted["mae"], 5 / 2.0, 1e-6);
  EXPECT_NEAR(model.evaluate(x, y, {.batch_size = 1, .verbose = 0, .steps = 2})["loss"], 2.5, 1e-6);
  EXPECT_NEAR(model.evaluate(x, y, {.verbose = 0, .steps = 2})["loss"], 7.5, 1e-6);
}

TEST(OnBatch, TrainsOneStepAndGivesItsFigures) {
  Sequential model({Dense(1, {.input_shape = {1}})});
  model.set_weights({Array{{2.f}}, Array{1.f}});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse", .metrics = {"mae"}});
  const Array x = Array{{1.f}}, y = Array{{0.f}};
  const Logs first = model.train_on_batch(x, y);
  EXPECT_NEAR(first["loss"], 9, 1e-5);
  EXPECT_NEAR(first["mae"], 3, 1e-5);
  EXPECT_NEAR(model.get_weights()[0].item<double>(), 2 - 0.1 * 6, 1e-6);
  const Logs second = model.train_on_batch(x, y);  // of this batch alone
  EXPECT_NEAR(second["loss"], 1.8 * 1.8, 1e-5);
  EXPECT_NEAR(second["mae"], 1.8, 1e-5);
  const Logs test = model.test_on_batch(x, y);
  EXPECT_NEAR(test["loss"], std::pow(1.8 - 2 * 0.36, 2), 1e-5);
  EXPECT_EQ(model.optimizer()->iterations(), 2);
  model.reset_metrics();
  EXPECT_NEAR(model.test_on_batch(x, y)["loss"], test["loss"], 1e-9);
}

TEST(OnBatch, WeighsSamplesAndClasses) {
  Sequential model({layers::Activation("linear", {.input_shape = {1}})});
  model.compile({.loss = "mse"});
  const Array x = Array{{2.f}, {3.f}}, y = Array{{0.f}, {1.f}};
  EXPECT_NEAR(model.test_on_batch(x, y, {.sample_weight = Array{1.f, 0.5f}})["loss"], (4 + 2) / 2.0, 1e-6);
  EXPECT_NEAR(model.test_on_batch(x, y, {.class_weight = {{1, 3}}})["loss"], (4 + 12) / 2.0, 1e-6);
  EXPECT_NEAR(model.train_on_batch(x, y, {.class_weight = {{1, 3}}})["loss"], (4 + 12) / 2.0, 1e-6);
  EXPECT_NEAR(model.test_on_batch(x.astype(graph::float64), y.astype(graph::float64))["loss"], 4, 1e-6);
}

}  // namespace
}  // namespace cornu::keras::models

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/regularization/activity_regularization.h"
#include "cornu/keras/losses/regression.h"
#include "cornu/keras/metrics/regression.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/keras/utils/random_seed.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/models/line.h"

namespace cornu::keras::models {
namespace {

using layers::Dense;
using Figures = std::vector<double>;

std::vector<double> part(const std::vector<double>& v, std::size_t from, std::size_t to) {
  return {v.begin() + static_cast<std::ptrdiff_t>(from), v.begin() + static_cast<std::ptrdiff_t>(to)};
}

TEST(Fit, TakesStepsInTheOrderOfTheData) {
  Line line({.loss = "mse", .metrics = {"mae"}});
  const History history =
      line.model.fit(column(kX), column(kY), {.batch_size = 2, .epochs = 2, .verbose = 0, .shuffle = false});
  for (int epoch = 0; epoch < 2; ++epoch) {
    // The mean over batches is weighted by their sizes: the last has one sample.
    double loss = 0;
    for (const auto& [from, to] : {std::pair{0, 2}, {2, 4}, {4, 5}})
      loss += (to - from) * line.step(part(kX, from, to), part(kY, from, to)) / 5;
    EXPECT_NEAR(history["loss"][epoch], loss, 1e-5);
  }
  line.expect_weights();
  EXPECT_EQ(history.names(), (std::vector<std::string>{"loss", "mae"}));
  EXPECT_EQ(history.epoch(), (std::vector<int>{0, 1}));
  EXPECT_EQ(history.params().epochs, 2);
  EXPECT_EQ(history.params().steps, 3);
  EXPECT_FALSE(history.interrupted());
}

TEST(Fit, ShufflesEachEpochAnew) {
  // The loss of a batch of one tells which sample it was.
  const Array x = arange(0, 20).reshape({20, 1});
  const auto orders = [&](bool shuffle) {
    Sequential model({Dense(1, {.input_shape = {1}})});
    model.set_weights({Array{{1.f}}, Array{0.f}});
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0}), .loss = "mse"});  // the loss is x^2
    std::vector<std::vector<int>> seen(2);
    int epoch = 0;
    double total = 0;
    const callbacks::LambdaCallback spy(
        {.on_epoch_begin =
             [&](int e, const Logs&) {
               epoch = e;
               total = 0;
             },
         .on_train_batch_end =
             [&](int batch, const Logs& logs) {
               const double sum = logs["loss"] * (batch + 1);
               seen[epoch].push_back(static_cast<int>(std::lround(std::sqrt(std::max(sum - total, 0.0)))));
               total = sum;
             }});
    model.fit(x, zeros({20, 1}), {.batch_size = 1, .epochs = 2, .verbose = 0, .callbacks = {spy}, .shuffle = shuffle});
    return seen;
  };
  std::vector<int> in_order(20);
  std::iota(in_order.begin(), in_order.end(), 0);
  EXPECT_EQ(orders(false), (std::vector<std::vector<int>>{in_order, in_order}));
  const auto shuffled = orders(true);
  EXPECT_NE(shuffled[0], in_order);
  EXPECT_NE(shuffled[1], shuffled[0]);
  for (const auto& epoch : shuffled) EXPECT_EQ(std::set<int>(epoch.begin(), epoch.end()).size(), 20u);
}

TEST(Fit, CountsEpochsFromTheInitialOne) {
  Line line;
  std::vector<int> epochs;
  const callbacks::LambdaCallback spy({.on_epoch_begin = [&](int epoch, const Logs&) { epochs.push_back(epoch); }});
  const History history =
      line.model.fit(column(kX), column(kY), {.epochs = 5, .verbose = 0, .callbacks = {spy}, .initial_epoch = 3});
  EXPECT_EQ(epochs, (std::vector<int>{3, 4}));
  EXPECT_EQ(history.epoch(), epochs);
  EXPECT_EQ(history["loss"].size(), 2u);
  EXPECT_TRUE(line.model.fit(column(kX), column(kY), {.epochs = 0, .verbose = 0}).names().empty());
  EXPECT_TRUE(line.model.fit(column(kX), column(kY), {.epochs = 2, .verbose = 0, .initial_epoch = 2}).epoch().empty());
}

TEST(Fit, GoesOnWhereItEnded) {
  Line once, twice;
  const FitConfig config{.batch_size = 2, .epochs = 2, .verbose = 0, .shuffle = false};
  FitConfig longer = config;
  longer.epochs = 4;
  const auto all = once.model.fit(column(kX), column(kY), longer)["loss"];
  auto first = twice.model.fit(column(kX), column(kY), config)["loss"];
  const auto second = twice.model.fit(column(kX), column(kY), config)["loss"];
  first.insert(first.end(), second.begin(), second.end());
  EXPECT_EQ(first, all);
  EXPECT_EQ(twice.model.optimizer()->iterations(), 12);
}

TEST(Fit, ValidatesAfterEachEpoch) {
  Line line({.loss = "mse", .metrics = {"mae"}});
  const std::vector<double> x = {3, 4, 5}, y = {1, 2, 3};
  const History history = line.model.fit(
      column(kX), column(kY),
      {.batch_size = 2, .epochs = 2, .verbose = 0, .validation_data = {column(x), column(y)}, .shuffle = false});
  EXPECT_EQ(history.names(), (std::vector<std::string>{"loss", "mae", "val_loss", "val_mae"}));
  for (int epoch = 0; epoch < 2; ++epoch) {
    for (const auto& [from, to] : {std::pair{0, 2}, {2, 4}, {4, 5}}) line.step(part(kX, from, to), part(kY, from, to));
    EXPECT_NEAR(history["val_loss"][epoch], line.loss(x, y), 1e-4);
  }
}

TEST(Fit, ValidationDataHasWeights) {
  Line line({.loss = "mse", .metrics = {"mae"}, .weighted_metrics = {"mse"}}, 0);
  const Array x = column({0, 1}), y = column({2, 6});  // errors -1, -3
  const History history = line.model.fit(x, y, {.verbose = 0, .validation_data = {x, y, Array{3.f, 1.f}}});
  EXPECT_NEAR(history["val_loss"][0], (3 * 1 + 1 * 9) / 2.0, 1e-6);  // by the number of samples
  EXPECT_NEAR(history["val_mse"][0], (3 * 1 + 1 * 9) / 4.0, 1e-6);   // by the weights
  EXPECT_NEAR(history["val_mae"][0], 2, 1e-6);
  EXPECT_NEAR(history["loss"][0], 5, 1e-6);
}

TEST(Fit, SplitsTheLastSamplesOff) {
  Line line;
  const History history =
      line.model.fit(column(kX), column(kY), {.batch_size = 3, .verbose = 0, .validation_split = 0.4, .shuffle = true});
  EXPECT_NEAR(history["loss"][0], line.step(part(kX, 0, 3), part(kY, 0, 3)), 1e-5);
  EXPECT_NEAR(history["val_loss"][0], line.loss(part(kX, 3, 5), part(kY, 3, 5)), 1e-5);
  line.expect_weights();
}

TEST(Fit, SplitsWeightsWithTheSamplesButNotThoseOfClasses) {
  Line line({.loss = "mse"}, 0);
  const Array x = column({0, 0, 0, 0}), y = column({0, 1, 0, 1}), weights = {1.f, 2.f, 3.f, 4.f};  // errors 1, 0, 1, 0
  const History by_sample = line.model.fit(x, y, {.verbose = 0, .validation_split = 0.5, .sample_weight = weights});
  EXPECT_NEAR(by_sample["loss"][0], 0.5, 1e-6);
  EXPECT_NEAR(by_sample["val_loss"][0], 1.5, 1e-6);
  const History by_class = line.model.fit(x, y, {.verbose = 0, .validation_split = 0.5, .class_weight = {{0, 10}}});
  EXPECT_NEAR(by_class["loss"][0], 5, 1e-6);
  EXPECT_NEAR(by_class["val_loss"][0], 0.5, 1e-6);
}

TEST(Fit, ValidatesEverySoManyEpochs) {
  Line line;
  const History history =
      line.model.fit(column(kX), column(kY),
                     {.epochs = 5, .verbose = 0, .validation_data = {column(kX), column(kY)}, .validation_freq = 2});
  EXPECT_EQ(history["loss"].size(), 5u);
  EXPECT_EQ(history["val_loss"].size(), 2u);
}

TEST(Fit, ValidatesSoManySteps) {
  Line line({.loss = "mse"}, 0);
  const std::vector<double> x = {0, 1, 2, 3, 4}, y = {2, 2, 2, 2, 2};
  const History two = line.model.fit(
      column(kX), column(kY),
      {.verbose = 0, .validation_data = {column(x), column(y)}, .validation_steps = 2, .validation_batch_size = 1});
  EXPECT_NEAR(two["val_loss"][0], line.loss(part(x, 0, 2), part(y, 0, 2)), 1e-6);
  // Without a batch size all of the samples are shared out, as in Keras.
  const History all = line.model.fit(column(kX), column(kY),
                                     {.verbose = 0, .validation_data = {column(x), column(y)}, .validation_steps = 2});
  EXPECT_NEAR(all["val_loss"][0], line.loss(x, y), 1e-5);
}

// The losses of each batch, of a model that learns nothing and whose samples have the losses 1, 4, 9, …
std::vector<Figures> batch_losses(FitConfig config, int samples) {
  Line line({.loss = "mse"}, 0);
  std::vector<double> x(samples), y(samples);
  for (int i = 0; i < samples; ++i) y[i] = 1 + (i + 1);
  std::vector<Figures> epochs;
  config.callbacks = {callbacks::LambdaCallback(
      {.on_epoch_begin = [&](int, const Logs&) { epochs.emplace_back(); },
       .on_train_batch_end =
           [&](int, const Logs& logs) { epochs.back().push_back(std::round(1000 * logs["loss"]) / 1000); }})};
  config.verbose = 0;
  config.shuffle = false;
  line.model.fit(column(x), column(y), config);
  return epochs;
}

TEST(Fit, StepsPerEpochSpreadTheDataOverEpochs) {
  // As Keras 3: the next epoch goes on in the data, and one in which they end is short.
  testing::internal::CaptureStderr();
  EXPECT_EQ(batch_losses({.batch_size = 1, .epochs = 3, .steps_per_epoch = 3}, 4),
            (std::vector<Figures>{{1, 2.5, 4.667}, {16}, {1, 2.5, 4.667}}));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStderr();
  EXPECT_EQ(batch_losses({.batch_size = 1, .epochs = 2, .steps_per_epoch = 5}, 2),
            (std::vector<Figures>{{1, 2.5}, {1, 2.5}}));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Warning: steps_per_epoch is 5, but the data has 2 batches: it ends with them\n");
}

TEST(Fit, StepsPerEpochAloneChooseTheBatchSize) {
  EXPECT_EQ(batch_losses({.epochs = 1, .steps_per_epoch = 2}, 4), (std::vector<Figures>{{2.5, 7.5}}));
  EXPECT_EQ(batch_losses({.epochs = 1, .steps_per_epoch = 2}, 3), (std::vector<Figures>{{2.5, 4.667}}));
}

TEST(Fit, WeighsSamples) {
  Line line;
  const std::vector<double> weights = {1, 0, 2, 0.5, 3};
  const History history = line.model.fit(
      column(kX), column(kY), {.batch_size = 5, .verbose = 0, .shuffle = false, .sample_weight = Array(weights)});
  EXPECT_NEAR(history["loss"][0], line.step(kX, kY, weights), 1e-5);
  line.expect_weights();
}

TEST(Fit, ShufflesWeightsWithTheirSamples) {
  Line line({.loss = "mse"}, 0);
  const std::vector<double> weights = {1, 0, 2, 0.5, 3};
  const double expected = Line({.loss = "mse"}, 0).step(kX, kY, weights);
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(line.model.fit(column(kX), column(kY),
                               {.batch_size = 2, .verbose = 0, .sample_weight = Array(weights)})["loss"][0],
                expected, 1e-5);
}

TEST(Fit, WeighsClasses) {
  Line line;
  const std::vector<double> labels = {0, 1, 1, 0, 2}, weights = {0.5, 2, 2, 0.5, 1};
  const History history =
      line.model.fit(column(kX), column(labels),
                     {.batch_size = 5, .verbose = 0, .shuffle = false, .class_weight = {{0, 0.5}, {1, 2}}});
  EXPECT_NEAR(history["loss"][0], line.step(kX, labels, weights), 1e-5);
  line.expect_weights();

  // One-hot rows and class numbers weigh the same.
  const auto losses = [](const Array& y, const char* loss) {
    Sequential model({Dense(3, {.activation = "softmax", .input_shape = {1}})});
    model.set_weights({Array{{0.5f, -0.5f, 0.25f}}, Array{0.f, 0.1f, 0.2f}});
    model.compile({.optimizer = "sgd", .loss = loss, .metrics = {"accuracy"}, .weighted_metrics = {"accuracy"}});
    const History history = model.fit(column({1, 2, 3}), y, {.verbose = 0, .class_weight = {{0, 3}, {1, 2}}});
    EXPECT_EQ(history.names(), (std::vector<std::string>{"loss", "accuracy", "weighted_accuracy"}));
    return Figures{history["loss"][0], history["accuracy"][0], history["weighted_accuracy"][0]};
  };
  const Figures sparse = losses(Array{0, 1, 2}, "sparse_categorical_crossentropy");
  const Figures one_hot = losses(eye(3), "categorical_crossentropy");
  EXPECT_NEAR(sparse[0], one_hot[0], 1e-6);
  EXPECT_NEAR(sparse[1], 1 / 3.0, 1e-6);
  EXPECT_NEAR(sparse[2], 3 / 6.0, 1e-6);
  EXPECT_NEAR(one_hot[2], 3 / 6.0, 1e-6);
}

TEST(Fit, NamesMetricsAsTheyWereAskedFor) {
  const auto names_of = [](CompileConfig config) {
    Line line(std::move(config));
    EXPECT_EQ(line.model.metrics_names(), line.model.fit(column(kX), column(kY), {.verbose = 0}).names());
    return line.model.metrics_names();
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_of({.loss = "mse", .metrics = {"acc"}}), (Names{"loss", "acc"}));
  EXPECT_EQ(names_of({.loss = "mse", .metrics = {"accuracy", "mse", metrics::MeanSquaredError()}}),
            (Names{"loss", "accuracy", "mse", "mean_squared_error"}));
  EXPECT_EQ(names_of({.loss = "mse", .metrics = {"mse", "mse", "mse"}, .weighted_metrics = {"mse", "mse", "mae"}}),
            (Names{"loss", "mse", "mse_1", "mse_2", "weighted_mse", "weighted_mse_1", "mae"}));
}

TEST(Fit, MetricsAccumulateOverTheEpoch) {
  Line line({.loss = "mse", .metrics = {"mae"}}, 0);
  double last = 0;
  const callbacks::LambdaCallback spy({.on_train_batch_end = [&](int, const Logs& logs) { last = logs["mae"]; }});
  const std::vector<double> x = {0, 0, 0}, y = {2, 3, 4};  // errors 1, 2, 3
  const History history = line.model.fit(
      column(x), column(y), {.batch_size = 2, .epochs = 2, .verbose = 0, .callbacks = {spy}, .shuffle = false});
  EXPECT_NEAR(history["mae"][0], 2, 1e-6);
  EXPECT_NEAR(history["mae"][1], 2, 1e-6);  // from zero again
  EXPECT_NEAR(last, 2, 1e-6);
}

TEST(Fit, RegularizersArePartOfTheLoss) {
  Sequential model({Dense(1, {.kernel_regularizer = regularizers::L2({.l2 = 0.5}),
                              .bias_regularizer = regularizers::L1({.l1 = 0.25}),
                              .activity_regularizer = regularizers::L2({.l2 = 0.1}),
                              .input_shape = {1}})});
  model.set_weights({Array{{2.f}}, Array{1.f}});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse", .metrics = {"mse"}});
  const Array x = column({0, 1}), y = column({1, 3});  // no error; outputs 1 and 3
  const double penalty = 0.5 * 4 + 0.25 * 1 + 0.1 * (1 + 9) / 2;
  EXPECT_NEAR(model.evaluate(x, y, {.verbose = 0})["loss"], penalty, 1e-6);
  const History history = model.fit(x, y, {.verbose = 0});
  EXPECT_NEAR(history["loss"][0], penalty, 1e-6);
  EXPECT_NEAR(history["mse"][0], 0, 1e-9);
  const auto weights = model.get_weights();
  EXPECT_NEAR(weights[0].item<double>(), 2 - 0.1 * (0.5 * 2 * 2 + 0.1 * 2 * 3 * 1 / 2), 1e-6);
  EXPECT_NEAR(weights[1].item<double>(), 1 - 0.1 * (0.25 + 0.1 * 2 * (1 + 3) / 2), 1e-6);
}

TEST(Fit, LayersAloneMayGiveTheLoss) {
  Sequential model({Dense(1, {.kernel_regularizer = regularizers::L2({.l2 = 0.5}), .input_shape = {1}})});
  model.set_weights({Array{{2.f}}, Array{1.f}});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1})});
  EXPECT_NEAR(model.fit(column({1}), column({1}), {.verbose = 0})["loss"][0], 2, 1e-6);
  EXPECT_NEAR(model.get_weights()[0].item<double>(), 1.8, 1e-6);
}

TEST(Fit, LossWeightScalesTheLoss) {
  Line plain, scaled({.loss = "mse", .loss_weights = 0.5});
  plain.rate = 0.025;
  const double loss = plain.step(kX, kY);
  EXPECT_NEAR(scaled.model.fit(column(kX), column(kY), {.verbose = 0})["loss"][0], loss / 2, 1e-5);
  EXPECT_NEAR(scaled.model.get_weights()[0].item<double>(), plain.w, 1e-5);
}

TEST(Fit, AnUnreducedLossIsLoggedByItsMeanAndTrainedByItsSum) {
  Line line;
  line.model.compile(
      {.optimizer = optimizers::SGD({.learning_rate = 0.01}), .loss = losses::MeanSquaredError({.reduction = "none"})});
  EXPECT_NEAR(line.model.fit(column({0, 0}), column({0, 3}), {.verbose = 0})["loss"][0], 2.5, 1e-6);
  EXPECT_NEAR(line.model.get_weights()[1].item<double>(), 1.02, 1e-6);  // numbers of Keras 3.15
}

TEST(Fit, TakesALossAndAMetricOfOnesOwn) {
  const auto cube = [](const Tensor& t, const Tensor& p) {
    const Tensor e = p - t;
    return ops::mean(e * e * e, -1);
  };
  Line line({.loss = cube, .metrics = {cube}}, 0);
  const History history = line.model.fit(column({0, 1}), column({0, 0}), {.verbose = 0});
  EXPECT_NEAR(history["loss"][0], (1 + 27) / 2.0, 1e-5);
  EXPECT_NEAR(history["metric"][0], (1 + 27) / 2.0, 1e-5);
}

TEST(Fit, TakesDataOfAnyDtype) {
  const Array x = Array(std::vector<double>{0, 1, 2, 3}).reshape({4, 1}),
              y = Array(std::vector<double>{1, 1, 3, 0}).reshape({4, 1});
  std::vector<Figures> all;
  for (const auto dtype : {graph::float32, graph::float64, graph::uint8, graph::int32, graph::int64}) {
    Line line({.loss = "mse", .metrics = {"mae"}});
    const History history = line.model.fit(x.astype(dtype), y.astype(dtype),
                                           {.batch_size = 3, .epochs = 2, .verbose = 0, .shuffle = false});
    all.push_back({history["loss"][0], history["loss"][1], history["mae"][1]});
  }
  for (const Figures& figures : all) EXPECT_EQ(figures, all[0]);
}

TEST(Fit, TakesLabelsOfAnyDtype) {
  std::vector<Figures> all;
  for (const auto dtype : {graph::uint8, graph::int32, graph::int64, graph::float32, graph::float64}) {
    for (const Shape& shape : {Shape{4}, Shape{4, 1}}) {
      Sequential model({Dense(3, {.activation = "softmax", .input_shape = {2}})});
      model.set_weights({arange(0, 6).reshape({2, 3}) / 6, zeros({3})});
      model.compile({.optimizer = "sgd", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
      const History history =
          model.fit(arange(0, 8).reshape({4, 2}) / 8, Array{0, 1, 2, 2}.astype(dtype).reshape(shape),
                    {.epochs = 2, .verbose = 0, .shuffle = false});
      all.push_back({history["loss"][0], history["loss"][1], history["accuracy"][0]});
    }
  }
  for (const Figures& figures : all) EXPECT_EQ(figures, all[0]);
}

TEST(Fit, SilentMeansSilent) {
  Line line;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  line.model.fit(column(kX), column(kY), {.epochs = 2, .verbose = 0, .validation_split = 0.4});
  line.model.evaluate(column(kX), column(kY), {.verbose = 0});
  line.model.predict(column(kX));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStdout();
  line.model.fit(column(kX), column(kY), {.epochs = 2, .verbose = 2});
  const std::string text = testing::internal::GetCapturedStdout();
  EXPECT_NE(text.find("Epoch 1/2\n"), std::string::npos) << text;
}

TEST(Fit, TrainsAModelWithoutWeights) {
  Sequential model({layers::Activation("relu", {.input_shape = {1}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_NEAR(model.fit(column({1, -1}), column({0, 0}), {.verbose = 0})["loss"][0], 0.5, 1e-6);
}

TEST(Fit, AppliesConstraintsAndWeightDecay) {
  Sequential model({Dense(1, {.kernel_constraint = "non_neg", .input_shape = {1}})});
  model.set_weights({Array{{0.1f}}, Array{0.f}});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 1}), .loss = "mse"});
  model.fit(column({1}), column({-1}), {.verbose = 0});
  EXPECT_EQ(model.get_weights()[0].item<float>(), 0);
  EXPECT_LT(model.get_weights()[1].item<float>(), 0);
}

TEST(Fit, ScalesTheLossForGradientsOnly) {
  Line plain;
  const double loss = plain.step(kX, kY);
  Line scaled;
  scaled.model.compile(
      {.optimizer = optimizers::SGD({.learning_rate = 0.05, .loss_scale_factor = 1024}), .loss = "mse"});
  EXPECT_NEAR(scaled.model.fit(column(kX), column(kY), {.verbose = 0})["loss"][0], loss, 1e-5);
  EXPECT_NEAR(scaled.model.get_weights()[0].item<double>(), plain.w, 1e-5);
}

}  // namespace
}  // namespace cornu::keras::models

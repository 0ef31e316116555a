// Layers, models, optimizers, metrics and callbacks are handles: what one variable does, every other one on the same
// object sees.
#include <gtest/gtest.h>

#include "cornu/keras/callbacks/early_stopping.h"
#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/metrics/regression.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/ops/binary.h"

namespace cornu::keras::models {
namespace {

using layers::Dense;

const Array kX = arange(0, 16).reshape({8, 2}) / 16, kY = arange(0, 8).reshape({8, 1}) / 8;

struct Scale : layers::Layer {
  Variable gain;
  int calls = 0;
  void build(const Shape& input) override {
    gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones"});
  }
  Tensor call(const Tensor& x, Context&) override {
    ++calls;
    return x * gain;
  }
};

TEST(Identity, ALayerUsedTwiceHasOneSetOfWeights) {
  Dense twice(2, {.use_bias = false, .input_shape = {2}});
  Sequential model({twice, twice, Dense(1)});
  EXPECT_EQ(model.layers().size(), 3u);
  EXPECT_EQ(model.weights().size(), 3u);
  EXPECT_EQ(model.count_params(), 4 + 3);
  EXPECT_EQ(model.trainable_weights().size(), 3u);
  twice->set_weights({Array{{2.f, 0.f}, {0.f, 3.f}}});
  model.get_layer(2)->set_weights({Array{{1.f}, {1.f}}, Array{0.f}});
  EXPECT_TRUE(array_equal(model.predict(Array{{1.f, 1.f}}), Array{{13.f}}));
  EXPECT_EQ(model.get_layer(0), model.get_layer(1));

  // Both uses count in its gradient: d/dw of (w^2 x - y)^2 summed over the elements.
  Dense w(1, {.use_bias = false, .input_shape = {1}});
  Sequential square({w, w});
  w->set_weights({Array{{2.f}}});
  square.compile({.optimizer = "sgd", .loss = "mse"});
  square.train_on_batch(Array{{1.f}}, Array{{0.f}});
  EXPECT_FLOAT_EQ(w->get_weights()[0].item<float>(), 2 - 0.01f * 2 * 4 * 2 * 2);
}

TEST(Identity, ALayerOutlivesItsVariable) {
  Sequential model;
  {
    auto scale = share(Scale());
    model.add(scale);
    model.add(Dense(1));
  }
  EXPECT_EQ(model.predict(kX).shape(), (Shape{8, 1}));
  EXPECT_EQ(model.get_layer(0)->weights()[0].name(), "scale/gain");
}

TEST(Identity, ALayerOfTheUsersIsTheOneInTheModel) {
  const auto scale = share(Scale());
  const auto pointer = std::make_shared<Scale>();
  Sequential model({scale, Scale(), pointer});
  EXPECT_EQ(model.layers()[0].pointer(), scale.pointer());
  EXPECT_EQ(model.get_layer("scale").pointer(), scale.pointer());
  EXPECT_EQ(model.get_layer("scale_2").pointer(), pointer);
  model.predict(kX);
  EXPECT_GT(scale->calls, 0);
  EXPECT_EQ(scale->gain, model.weights()[0]);
  pointer->gain.assign(Array{0.f, 2.f});
  EXPECT_TRUE(allclose(model.predict(Array{{1.f, 1.f}}), Array{{0.f, 2.f}}));
}

TEST(Identity, ALayerOfTwoModelsTrainsInBoth) {
  Dense body(3, {.name = "body", .input_shape = {2}});
  Sequential a({body, Dense(1)}), b({body, Dense(2)});
  a.compile({.optimizer = "sgd", .loss = "mse"});
  const Array before = b.get_weights()[0];
  a.fit(kX, kY, {.verbose = 0});
  EXPECT_FALSE(array_equal(b.get_weights()[0], before));
  EXPECT_TRUE(array_equal(a.get_weights()[0], b.get_weights()[0]));
}

TEST(Identity, ALayerKeepsItsWeightsInASecondModel) {
  Dense body(3, {.input_shape = {2}});
  Sequential a({body});
  const Array y = a.predict(kX);
  Sequential b({body});
  EXPECT_TRUE(array_equal(b.predict(kX), y));
}

TEST(Identity, CopiesOfAModelAreTheModel) {
  Sequential model({Dense(1, {.input_shape = {2}})});
  Model copy = model;
  const Sequential as_sequential(copy);
  copy.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_TRUE(model.compiled());
  model.fit(kX, kY, {.verbose = 0});
  EXPECT_TRUE(array_equal(copy.get_weights()[0], model.get_weights()[0]));
  EXPECT_EQ(copy, model);
  EXPECT_EQ(as_sequential, model);

  Model other = Sequential({Dense(4, {.input_shape = {2}})});
  other = model;
  EXPECT_EQ(other, model);
  other.stop_training = true;
  EXPECT_TRUE(model.stop_training);
  Model moved = std::move(other);
  EXPECT_EQ(moved, model);
  EXPECT_EQ(other.name(), "sequential");  // NOLINT: a handle stays one
}

TEST(Identity, StopTrainingIsSeenByEveryHandle) {
  Sequential model({Dense(1, {.input_shape = {2}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Model handle = model;
  auto flag = model.stop_training;
  int epochs = 0;
  const callbacks::LambdaCallback stop({.on_epoch_end = [&](int epoch, const Logs&) {
    epochs = epoch + 1;
    if (epoch == 1) handle.stop_training = true;
  }});
  model.fit(kX, kY, {.epochs = 10, .verbose = 0, .callbacks = {stop}});
  EXPECT_EQ(epochs, 2);
  EXPECT_TRUE(flag);
  EXPECT_TRUE(model.stop_training);
  flag = false;
  EXPECT_FALSE(handle.stop_training);
  model.fit(kX, kY,
            {.epochs = 2,
             .verbose = 0,
             .callbacks = {callbacks::LambdaCallback({.on_train_begin = [&](const Logs&) { flag = true; }})}});
  EXPECT_TRUE(model.stop_training);
}

TEST(Identity, TheOptimizerIsTheOneThatWasGiven) {
  optimizers::Adam adam({.learning_rate = 0.5});
  Sequential model({Dense(1, {.input_shape = {2}})});
  model.compile({.optimizer = adam, .loss = "mse"});
  EXPECT_EQ(model.optimizer().pointer(), adam.pointer());
  const callbacks::LambdaCallback slower(
      {.on_epoch_begin = [&](int epoch, const Logs&) { model.optimizer()->set_learning_rate(0.25 / (epoch + 1)); }});
  model.fit(kX, kY, {.batch_size = 4, .epochs = 3, .verbose = 0, .callbacks = {slower}});
  EXPECT_EQ(adam->iterations(), 6);
  EXPECT_FLOAT_EQ(static_cast<float>(adam->learning_rate()), 0.25f / 3);
  adam->set_learning_rate(0);
  const Array before = model.get_weights()[0];
  model.fit(kX, kY, {.verbose = 0});
  EXPECT_TRUE(array_equal(model.get_weights()[0], before));
}

TEST(Identity, AMetricKeptByTheUserHoldsItsValue) {
  metrics::MeanAbsoluteError mae;
  Sequential model({Dense(1, {.input_shape = {2}})});
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {mae}});
  const Logs scores = model.evaluate(kX, kY, {.verbose = 0});
  EXPECT_EQ(mae->result().item<double>(), scores["mean_absolute_error"]);
}

struct Recorder : callbacks::Callback {
  std::vector<double> losses;
  void on_epoch_end(int, const Logs& logs) override { losses.push_back(logs["loss"]); }
};

TEST(Identity, CallbacksKeptByTheUserHoldTheirResults) {
  Sequential model({Dense(1, {.input_shape = {2}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const auto pointer = std::make_shared<Recorder>();
  const auto shared = share(Recorder());
  callbacks::EarlyStopping early({.monitor = "loss", .patience = 3});
  const History history =
      model.fit(kX, kY, {.epochs = 4, .verbose = 0, .callbacks = {pointer, shared, early, Recorder()}});
  EXPECT_EQ(pointer->losses, history["loss"]);
  EXPECT_EQ(shared->losses, history["loss"]);
  EXPECT_EQ(early->best(), history["loss"][static_cast<std::size_t>(early->best_epoch())]);
}

TEST(Identity, AModelLivesOnInItsHandles) {
  Shared<layers::Layer> layer;
  std::shared_ptr<Network> network;
  {
    Sequential model({Dense(1, {.input_shape = {2}})});
    layer = model.get_layer(0);
    network = model.network();
  }
  EXPECT_EQ(layer->count_params(), 3);
  EXPECT_EQ(Model(network).predict(kX).shape(), (Shape{8, 1}));
}

}  // namespace
}  // namespace cornu::keras::models

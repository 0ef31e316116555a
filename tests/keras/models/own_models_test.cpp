// Models of one's own: their layers are called in C++, and their steps may be written anew.
#include <gmock/gmock.h>

#include <atomic>
#include <iostream>
#include <thread>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/data/source.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/models/two_towers.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::CapturedStream;
using cornu::tests::data;
using cornu::tests::error_text;
using layers::Dense;
using testing::HasSubstr;

const Array kX = Array{{0.5f}, {1.f}, {2.f}, {-1.f}};
const Array kY = kX * 3;

struct Line : Network {
  Shared<layers::Layer> dense = add_layer(Dense(1, {.kernel_initializer = "ones"}), "dense");
  Tensor call(const Tensor& x, Context& ctx) override { return dense(x, ctx); }
};

TEST(OwnModel, IsTrainedAsOthers) {
  Model model(share(Line()));
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse", .metrics = {"mae"}});
  const History history = model.fit(kX, kY, {.batch_size = 4, .epochs = 60, .verbose = 0});
  EXPECT_LT(history["loss"].back(), 1e-3);
  EXPECT_TRUE(history.contains("mae"));
  EXPECT_NEAR(model.predict(Array{{4.f}}).data<float>()[0], 12, 0.2);
}

struct Product : Network {
  Shared<layers::Layer> left = add_layer(Dense(2), "left"), right = add_layer(Dense(2), "right");
  Tensors call_all(const Inputs& x, Context& ctx) override {
    const Tensor a = left(x[0], ctx), b = right(x[1], ctx);
    return {a * b, a + b};
  }
};

TEST(OwnModel, TakesAndGivesSeveral) {
  Model model(share(Product()));
  const Array x = data(4, 3, 5), y = data(4, 2, 3);
  const Arrays outputs = model.predict({x, kX});
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_EQ(outputs["output_2"].shape(), (Shape{4, 2}));
  model.compile({.optimizer = "sgd", .loss = {{"output_1", "mse"}, {"output_2", "mae"}}});
  const auto logs = model.train_on_batch({x, kX}, {y, y});
  EXPECT_NEAR(logs["loss"], logs["output_1_loss"] + logs["output_2_loss"], 1e-6);
  EXPECT_THROW(model.save("own.h5"), ValueError);
}

// Two optimizers for two layers, one after the other: the second sees what the first has changed.
struct Two : Network {
  Shared<layers::Layer> a = add_layer(Dense(1, {.use_bias = false, .kernel_initializer = "ones"}), "a");
  Shared<layers::Layer> b = add_layer(Dense(1, {.use_bias = false, .kernel_initializer = "ones"}), "b");
  Shared<optimizers::Optimizer> first = optimizers::SGD({.learning_rate = 0.5});
  Shared<optimizers::Optimizer> second = optimizers::SGD({.learning_rate = 0.25});
  Tensor call(const Tensor& x, Context& ctx) override { return b(a(x, ctx), ctx); }
  void train_step(const Batch& batch, Step& step) override {
    const auto loss = [&] { return ops::mean(step.call(batch.x)[0]); };
    step.minimise(loss(), first, a->trainable_weights());
    const Tensor after = loss();
    step.track("after", after);
    step.minimise(after, second, b->trainable_weights());
  }
  void test_step(const Batch& batch, Step& step) override { step.track("largest", ops::max(step.call(batch.x)[0])); }
  Tensors predict_step(const Inputs& x, Context& ctx) override { return {a(x[0], ctx) * 10}; }
};

TEST(OwnModel, MayHaveStepsOfItsOwn) {
  Model model(share(Two()));
  model.build({kUnknown, 1});
  model.compile({});
  const auto logs = model.train_on_batch(Array{{1.f}, {1.f}}, {});
  // d(ab)/da = 1: a = 0.5. Then the loss is 0.5, d(ab)/db = a = 0.5: b = 0.875.
  EXPECT_FLOAT_EQ(model.get_weights()[0].data<float>()[0], 0.5f);
  EXPECT_FLOAT_EQ(model.get_weights()[1].data<float>()[0], 0.875f);
  EXPECT_FLOAT_EQ(static_cast<float>(logs["after"]), 0.5f);
  const auto scores = model.evaluate(Array{{1.f}, {2.f}}, {.verbose = 0});
  EXPECT_FLOAT_EQ(static_cast<float>(scores["largest"]), 0.875f);
  EXPECT_FLOAT_EQ(model.predict(Array{{3.f}}).data<float>()[0], 15.f);
}

// The same weight twice in a step: the second gradient is taken at the weight's new value.
struct Twice : Network {
  Shared<layers::Layer> a = add_layer(Dense(1, {.use_bias = false, .kernel_initializer = "ones"}), "a");
  Tensor call(const Tensor& x, Context& ctx) override { return a(x, ctx); }
  void train_step(const Batch& batch, Step& step) override {
    for (int i = 0; i < 2; ++i) step.minimise(ops::mean(ops::square(step.call(batch.x)[0])));
  }
};

TEST(OwnModel, MayMinimiseTwiceInAStep) {
  Model model(share(Twice()));
  model.build({kUnknown, 1});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.25})});
  model.train_on_batch(Array{{1.f}, {1.f}}, {});
  EXPECT_FLOAT_EQ(model.get_weights()[0].data<float>()[0], 0.25f);  // 1 - 0.25 * 2, then 0.5 - 0.25 * 1
}

struct Penalised : layers::Layer {
  Tensor call(const Tensor& x, Context& ctx) override {
    ctx.add_loss(ops::mean(ops::square(x)));
    ctx.add_metric(ops::mean(x), "size");
    return x;
  }
};

TEST(OwnModel, LayersAddLossesAndMetrics) {
  Sequential model({Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = {1}})});
  model.add(share(Penalised()));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const auto logs = model.test_on_batch(Array{{1.f}, {3.f}}, Array{{1.f}, {3.f}});
  EXPECT_FLOAT_EQ(static_cast<float>(logs["loss"]), 5.f);
  EXPECT_FLOAT_EQ(static_cast<float>(logs["size"]), 2.f);
}

struct Unused : Network {
  Shared<layers::Layer> used = add_layer(Dense(1), "used"), unused = add_layer(Dense(1), "unused");
  Tensor call(const Tensor& x, Context& ctx) override {
    unused(x, ctx);
    return used(x, ctx);
  }
};

TEST(OwnModel, WeightsThatTheLossDoesNotUseStayWithAWarning) {
  Model model(share(Unused()));
  model.compile({.optimizer = optimizers::AdamW({.weight_decay = 0.5}), .loss = "mse"});
  model.build({kUnknown, 1});
  const Array before = model.get_layer("unused")->get_weights()[0].copy();
  std::string said;
  {
    const CapturedStream err(std::cerr);
    model.fit(kX, kY, {.verbose = 0});
    said = err.text();
  }
  EXPECT_TRUE(array_equal(model.get_layer("unused")->get_weights()[0], before));
  EXPECT_THAT(said, HasSubstr("unused"));
}

struct Halves : data::Source {
  data::Columns batch;
  int i = 0, epochs = 0;
  std::optional<std::int64_t> size() const override { return 2; }
  void begin_epoch() override { i = 0, ++epochs; }
  const data::Columns* next() override {
    if (i == 2) return nullptr;
    batch = {.x = {kX.slice(2 * i, 2 * i + 2)}, .y = {kY.slice(2 * i, 2 * i + 2)}};
    ++i;
    return &batch;
  }
};

TEST(OwnSource, FeedsFitAndEvaluateAsArraysDo) {
  const auto make = [] {
    Sequential model({Dense(1, {.kernel_initializer = "ones", .input_shape = {1}})});
    model.compile({.optimizer = "sgd", .loss = "mse"});
    return model;
  };
  Sequential from_source = make(), from_arrays = make();
  const auto source = std::make_shared<Halves>();
  const History a = from_source.fit(source, {.epochs = 3, .verbose = 0});
  const History b = from_arrays.fit(kX, kY, {.batch_size = 2, .epochs = 3, .verbose = 0, .shuffle = false});
  EXPECT_EQ(a["loss"], b["loss"]);
  EXPECT_EQ(source->epochs, 3);
  EXPECT_TRUE(array_equal(from_source.get_weights()[0], from_arrays.get_weights()[0]));
  EXPECT_EQ(from_source.evaluate(source, {.verbose = 0})["loss"],
            from_arrays.evaluate(kX, kY, {.batch_size = 2, .verbose = 0})["loss"]);
}

// How many batches there are may not be known; steps_per_epoch may divide a pass.
struct Unsized : Halves {
  std::optional<std::int64_t> size() const override { return std::nullopt; }
};

TEST(OwnSource, EpochsGoOnWhereTheyEnded) {
  const auto passes = [](std::shared_ptr<Halves> source, std::optional<int> steps, int epochs) {
    Sequential model({Dense(1, {.input_shape = {1}})});
    model.compile({.optimizer = "sgd", .loss = "mse"});
    int batches = 0;
    callbacks::LambdaCallback count({.on_train_batch_end = [&](int, const Logs&) { ++batches; }});
    model.fit(source, {.epochs = epochs, .verbose = 0, .callbacks = {count}, .steps_per_epoch = steps});
    return std::pair(source->epochs, batches);
  };
  EXPECT_EQ(passes(std::make_shared<Halves>(), std::nullopt, 3), std::pair(3, 6));
  EXPECT_EQ(passes(std::make_shared<Unsized>(), std::nullopt, 3), std::pair(3, 6));
  EXPECT_EQ(passes(std::make_shared<Halves>(), 1, 4), std::pair(2, 4));
  EXPECT_EQ(passes(std::make_shared<Unsized>(), 1, 4), std::pair(2, 4));
  EXPECT_EQ(passes(std::make_shared<Unsized>(), 2, 2), std::pair(2, 4));
}

TEST(OwnModel, FitEndsWhenAnotherThreadSaysSo) {
  Sequential model({Dense(1, {.input_shape = {1}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  std::atomic<bool> begun{false};
  std::thread stopper([&, handle = Model(model)]() mutable {
    while (!begun) std::this_thread::yield();
    handle.stop_training = true;
  });
  callbacks::LambdaCallback began({.on_train_batch_end = [&](int, const Logs&) { begun = true; }});
  const History history = model.fit(kX, kY, {.batch_size = 1, .epochs = 100000, .verbose = 0, .callbacks = {began}});
  stopper.join();
  EXPECT_LT(history["loss"].size(), 100000u);
  EXPECT_TRUE(static_cast<bool>(model.stop_training));
}

}  // namespace
}  // namespace cornu::keras::models

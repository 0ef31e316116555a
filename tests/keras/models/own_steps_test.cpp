#include <gmock/gmock.h>

#include "cornu/cornu.h"

namespace {

using namespace cornu;
using namespace cornu::keras;
using testing::ElementsAre;

/// One Dense layer with a training step of its own, which reports its loss under a name of its own.
struct Line : models::Network {
  Shared<layers::Layer> dense = add_layer(layers::Dense(1), "dense");
  Tensor call(const Tensor& x, Context& ctx) override { return dense(x, ctx); }
  void train_step(const Batch& batch, models::Step& step) override {
    const Tensor error = ops::mean(ops::square(step.call(batch.x)[0] - batch.y[0]));
    step.minimise(error);
    step.track("error", error);
  }
};

TEST(OwnSteps, AStepLogsWhatItTracksAndNoOtherLoss) {
  models::Model model(share(Line()));
  model.compile({.optimizer = "sgd"});
  const Array x = random::Generator(1).uniform({64, 3}, -1, 1), y = sum(x, 1, keepdims);
  const History history = model.fit(x, y, {.epochs = 5, .verbose = 0});
  EXPECT_THAT(history.names(), ElementsAre("error"));
  EXPECT_LT(history["error"].back(), history["error"].front());
}

TEST(OwnSteps, TestsLogTheLossAndNotTheFiguresOfTraining) {
  models::Model model(share(Line()));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Array x = random::Generator(1).uniform({64, 3}, -1, 1), y = sum(x, 1, keepdims);
  const History history = model.fit(x, y, {.epochs = 2, .verbose = 0, .validation_data = {x, y}});
  EXPECT_THAT(history.names(), ElementsAre("error", "val_loss"));
  EXPECT_GT(history["val_loss"].back(), 0);
}

/// Two networks against each other: which of them learns in a step is said when it is made. x is noise, y is real.
struct Duel : models::Network {
  bool judges_learn, drawers_learn;
  Shared<layers::Layer> draw, judge;
  optimizers::SGD draws{{.learning_rate = 0.5}}, judges{{.learning_rate = 0.5}};

  Duel(Shared<layers::Layer> drawer, Shared<layers::Layer> judging, bool judges_learn, bool drawers_learn)
      : judges_learn(judges_learn),
        drawers_learn(drawers_learn),
        draw(add_layer(drawer, "draw")),
        judge(add_layer(judging, "judge")) {}

  Tensor call(const Tensor& x, Context& ctx) override { return judge(draw(x, ctx), ctx); }
  void train_step(const Batch& batch, models::Step& step) override {
    Context& ctx = step.context();
    const Tensor real = judge(batch.y[0], ctx), fake = judge(draw(batch.x[0], ctx), ctx);
    if (judges_learn)
      step.minimise(ops::mean(ops::softplus(-real) + ops::softplus(fake)), judges, judge->trainable_weights());
    const Tensor drawing = ops::mean(ops::softplus(-judge(draw(batch.x[0], ctx), ctx)));
    if (drawers_learn) step.minimise(drawing, draws, draw->trainable_weights());
    step.track("drawing", drawing);
  }
};

TEST(OwnSteps, TwoOptimizersInOneStepAreTwoStepsInTurn) {
  utils::set_random_seed(1);
  const auto parts = [] {
    return std::pair(
        models::Sequential({layers::Dense(5, {.activation = "tanh", .input_shape = {3}}), layers::Dense(4)}),
        models::Sequential({layers::Dense(6, {.activation = "tanh", .input_shape = {4}}), layers::Dense(1)}));
  };
  const auto [draw, judge] = parts();
  const auto [draw2, judge2] = parts();
  models::Sequential(draw2).set_weights(draw.get_weights());
  models::Sequential(judge2).set_weights(judge.get_weights());
  models::Model both(share(Duel(draw, judge, true, true)));
  models::Model first(share(Duel(draw2, judge2, true, false))), second(share(Duel(draw2, judge2, false, true)));
  for (models::Model* model : {&both, &first, &second}) model->compile({});

  random::Generator rng(3);
  for (int i = 0; i < 3; ++i) {
    const Array noise = rng.normal({8, 3}), real = rng.normal({8, 4});
    const Logs together = both.train_on_batch(noise, real);
    first.train_on_batch(noise, real);
    const Logs in_turn = second.train_on_batch(noise, real);
    EXPECT_NEAR(together["drawing"], in_turn["drawing"], 1e-6);
  }
  for (const auto& [one, other] : {std::pair(draw, draw2), std::pair(judge, judge2)})
    for (std::size_t w = 0; w < one.get_weights().size(); ++w)
      EXPECT_TRUE(allclose(one.get_weights()[w], other.get_weights()[w], 1e-5, 1e-6)) << w;
}

}  // namespace

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

TEST(TrackedFigures, AStepLogsWhatItTracksAndNoOtherLoss) {
  models::Model model(share(Line()));
  model.compile({.optimizer = "sgd"});
  const Array x = random::Generator(1).uniform({64, 3}, -1, 1), y = sum(x, 1, keepdims);
  const History history = model.fit(x, y, {.epochs = 5, .verbose = 0});
  EXPECT_THAT(history.names(), ElementsAre("error"));
  EXPECT_LT(history["error"].back(), history["error"].front());
}

TEST(TrackedFigures, TestsLogTheLossAndNotTheFiguresOfTraining) {
  models::Model model(share(Line()));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Array x = random::Generator(1).uniform({64, 3}, -1, 1), y = sum(x, 1, keepdims);
  const History history = model.fit(x, y, {.epochs = 2, .verbose = 0, .validation_data = {x, y}});
  EXPECT_THAT(history.names(), ElementsAre("error", "val_loss"));
  EXPECT_GT(history["val_loss"].back(), 0);
}

}  // namespace

#include "cornu/keras/callbacks/swap_ema_weights.h"

#include <gmock/gmock.h>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/loss_scale_optimizer.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/utils/random_seed.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::callbacks {
namespace {

using graph::Array;

const Array x{{1.f}, {2.f}, {3.f}, {4.f}}, y{{2.f}, {4.f}, {6.f}, {8.f}};

models::Model averaging_model() {
  utils::set_random_seed(3);
  models::Sequential model({layers::Dense(1, {.use_bias = false, .input_shape = {1}})});
  model.compile(
      {.optimizer = optimizers::SGD({.learning_rate = 0.01, .use_ema = true, .ema_momentum = 0.9}), .loss = "mse"});
  return model;
}

float weight_of(const models::Model& model) { return model.get_weights()[0].item<float>(); }
float average_of(const models::Model& model) {
  for (const auto& slot : model.optimizer()->stepping().slots())
    if (slot.name.starts_with("average/")) return slot.slot.value().item<float>();
  return 0;
}

// What the weight is in each of these hooks, behind the callback.
struct Seen {
  std::vector<float> epoch_begin, test_begin, epoch_end, batch_end;
};

Seen trained(models::Model model, SwapEMAWeights swap, int epochs, int stop_after = 100) {
  Seen seen;
  const auto note = [&](std::vector<float>& where) { where.push_back(weight_of(model)); };
  model.fit(x, y,
            {.batch_size = 2,
             .epochs = epochs,
             .verbose = 0,
             .callbacks = {swap, LambdaCallback({.on_epoch_begin = [&](int, const Logs&) { note(seen.epoch_begin); },
                                                 .on_epoch_end =
                                                     [&](int epoch, const Logs&) {
                                                       note(seen.epoch_end);
                                                       if (epoch + 1 == stop_after) model.stop_training = true;
                                                     },
                                                 .on_train_batch_end = [&](int, const Logs&) { note(seen.batch_end); },
                                                 .on_test_begin = [&](const Logs&) { note(seen.test_begin); }})},
             .validation_data = {x, y},
             .shuffle = false});
  return seen;
}

TEST(SwapEMAWeights, ValidatesWithTheAverages) {
  const auto swapping = averaging_model();
  const Seen seen = trained(swapping, SwapEMAWeights(), 3);
  ASSERT_EQ(seen.test_begin.size(), 3u);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    EXPECT_NE(seen.test_begin[epoch], seen.batch_end[2 * epoch + 1]);
    EXPECT_EQ(seen.epoch_end[epoch], seen.batch_end[2 * epoch + 1]) << "the weights are back";
  }
  EXPECT_EQ(weight_of(swapping), seen.test_begin.back()) << "training ends with the averages, as without the callback";
}

TEST(SwapEMAWeights, LeavesThemInBetweenEpochs) {
  const auto model = averaging_model();
  const Seen seen = trained(model, SwapEMAWeights({.swap_on_epoch = true}), 3);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) EXPECT_EQ(seen.epoch_end[epoch], seen.test_begin[epoch]);
  for (std::size_t epoch = 1; epoch < 3; ++epoch)
    EXPECT_EQ(seen.epoch_begin[epoch], seen.batch_end[2 * epoch - 1]) << "training goes on with the weights";
  EXPECT_EQ(weight_of(model), seen.test_begin.back());
  EXPECT_EQ(average_of(model), seen.test_begin.back());
}

TEST(SwapEMAWeights, AlsoWhereTrainingStopsEarlier) {
  const auto model = averaging_model();
  const Seen seen = trained(model, SwapEMAWeights({.swap_on_epoch = true}), 10, 2);
  ASSERT_EQ(seen.epoch_end.size(), 2u);
  EXPECT_EQ(weight_of(model), seen.test_begin.back());
}

TEST(SwapEMAWeights, EvaluatesAndPredictsWithThem) {
  auto model = averaging_model();
  trained(model, SwapEMAWeights(), 1);
  model.set_weights({Array{{5.f}}});
  const float average = average_of(model);
  const SwapEMAWeights swap;
  const Array predicted = model.predict(Array{{1.f}}, {.callbacks = {swap}});
  EXPECT_EQ(predicted.item<float>(), average);
  EXPECT_EQ(weight_of(model), 5.f);
  EXPECT_EQ(average_of(model), average);
  const double loss = model.evaluate(Array{{1.f}}, Array{{0.f}}, {.verbose = 0, .callbacks = {swap}})["loss"];
  EXPECT_FLOAT_EQ(static_cast<float>(loss), average * average);
  EXPECT_EQ(weight_of(model), 5.f);
}

TEST(SwapEMAWeights, LooksIntoAWrappedOptimizer) {
  models::Sequential model({layers::Dense(1, {.input_shape = {1}})});
  model.compile({.optimizer = optimizers::LossScaleOptimizer(optimizers::SGD({.use_ema = true})), .loss = "mse"});
  EXPECT_NO_THROW(trained(model, SwapEMAWeights(), 1));
}

TEST(SwapEMAWeights, NeedsAverages) {
  models::Sequential model({layers::Dense(1, {.input_shape = {1}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_EQ(tests::error_text<ValueError>([&] { trained(model, SwapEMAWeights(), 1); }),
            "SwapEMAWeights must be used when `use_ema=True` is set on the optimizer. Received: use_ema=False");
}

}  // namespace
}  // namespace cornu::keras::callbacks

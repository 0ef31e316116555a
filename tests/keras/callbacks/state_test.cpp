#include <gtest/gtest.h>

#include <cmath>

#include "cornu/keras/callbacks/early_stopping.h"
#include "cornu/keras/callbacks/model_checkpoint.h"
#include "cornu/keras/callbacks/reduce_lr_on_plateau.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "tests/support/copied_state.h"

namespace cornu::keras::callbacks {
namespace {

using graph::Array;

void hand_over(Callback& from, Callback& to) {
  tests::CopiedState state;
  from.state(state);
  state.give();
  to.state(state);
}

// A run that ends and one that goes on with the state of its callbacks wait as one run does.
TEST(CallbackState, OfEarlyStoppingGoesOn) {
  const Array x = graph::ones({4, 2}), y = graph::zeros({4, 1});
  models::Sequential model({layers::Dense(1, {.input_shape = {2}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  EarlyStopping first({.monitor = "loss", .min_delta = 1e9, .patience = 5});
  model.fit(x, y, {.epochs = 3, .verbose = 0, .callbacks = {first}});
  EXPECT_EQ(first->wait(), 2);  // the first epoch is better than nothing

  EarlyStoppingCallback second({.monitor = "loss", .min_delta = 1e9, .patience = 5});
  hand_over(*first, second);
  EXPECT_EQ(second.wait(), 2);
  EXPECT_EQ(second.best(), first->best());
  EXPECT_EQ(second.best_epoch(), 0);
}

TEST(CallbackState, OfEarlyStoppingHasTheBestWeights) {
  const auto fitted = [](float w, EarlyStopping early) {
    models::Sequential model({layers::Dense(1, {.use_bias = false, .input_shape = {1}})});
    model.compile({.optimizer = "sgd", .loss = "mse"});
    model.set_weights({Array{{w}}});
    early->set_model(&model);
    return model;
  };
  EarlyStopping first({.monitor = "loss", .restore_best_weights = true}),
      second({.monitor = "loss", .restore_best_weights = true});
  models::Model a = fitted(3, first), b = fitted(4, second);
  first->set_model(&a), second->set_model(&b);
  first->on_epoch_end(0, {{"loss", 1}});
  hand_over(*first, *second);
  ASSERT_EQ(second->best_weights().size(), 1u);
  EXPECT_EQ(second->best_weights()[0].item<float>(), 3.f);
  second->on_train_end({});
  EXPECT_EQ(b.get_weights()[0].item<float>(), 3.f);
  second->on_train_begin({});
  hand_over(*second, *first);
  EXPECT_TRUE(first->best_weights().empty());
}

TEST(CallbackState, OfOthersIsCopied) {
  ReduceLROnPlateauCallback a({.monitor = "loss"}), b({.monitor = "loss"});
  hand_over(a, b);
  EXPECT_TRUE(std::isnan(b.best()));
  ModelCheckpointCallback c({.filepath = "m.h5", .initial_value_threshold = 0.5}), d({.filepath = "m.h5"});
  hand_over(c, d);
  EXPECT_EQ(d.best(), 0.5);
}

}  // namespace
}  // namespace cornu::keras::callbacks

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"

namespace cornu::keras::models {
namespace {

using layers::Dense;

const Array kX = Array{{0.5f}, {1.f}, {2.f}};

std::vector<bool> changed_by_fit(Model& model) {
  const auto before = model.get_weights();
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.fit(kX, kX * 3, {.epochs = 2, .verbose = 0});
  const auto after = model.get_weights();
  std::vector<bool> changed;
  for (std::size_t i = 0; i < before.size(); ++i) changed.push_back(!array_equal(before[i], after[i]));
  return changed;
}

TEST(FrozenLayers, KeepTheirWeightsInFit) {
  Sequential model({Dense(1, {.input_shape = {1}}), Dense(1)});
  model.get_layer(0)->set_trainable(false);
  EXPECT_EQ(model.trainable_weights().size(), 2u);
  EXPECT_EQ(model.non_trainable_weights().size(), 2u);
  EXPECT_EQ(changed_by_fit(model), (std::vector<bool>{false, false, true, true}));
  model.set_trainable(false);
  EXPECT_TRUE(model.trainable_weights().empty());
  EXPECT_EQ(model.non_trainable_weights().size(), 4u);
}

TEST(FrozenLayers, OfANestedModelToo) {
  Sequential inner({Dense(1, {.input_shape = {1}}), Dense(1)}, "inner");
  inner.get_layer(1)->set_trainable(false);
  Sequential model({inner.network(), Dense(1)});
  EXPECT_EQ(changed_by_fit(model), (std::vector<bool>{true, true, false, false, true, true}));
}

}  // namespace
}  // namespace cornu::keras::models

#include "cornu/keras/models/internal/observation.h"

#include <gmock/gmock.h>

#include <map>

#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::models {
namespace {

using testing::ElementsAre;

std::map<std::string, graph::Histogram> observe(const Sequential& model, const data::Columns& batch) {
  Observation observe(*model.network(), *model.network()->training());
  std::map<std::string, graph::Histogram> seen;
  for (auto& [path, histogram] : observe(batch)) EXPECT_TRUE(seen.emplace(path, histogram).second) << path;
  return seen;
}

std::vector<std::string> paths_of(const std::map<std::string, graph::Histogram>& seen) {
  std::vector<std::string> paths;
  for (const auto& [path, histogram] : seen) paths.push_back(path);
  return paths;
}

TEST(Observation, SeesActivationsAndGradientsOfAKnownModel) {
  Sequential model({layers::Flatten({.input_shape = {1, 2}}),
                    layers::Dense(1, {.kernel_regularizer = regularizers::L2({.l2 = 0.5}), .name = "d"}),
                    layers::Dropout({.rate = 0.9})},
                   "m");
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  model.set_weights({Array{{2.f}, {-1.f}}, Array{0.5f}});
  const Array x = Array{1.f, 2.f, 3.f, 1.f}.reshape({2, 1, 2}), y = Array{0.f, 0.f}.reshape({2, 1});
  const auto seen = observe(model, {{x}, {y}, {}});
  EXPECT_THAT(paths_of(seen), ElementsAre("m/d/activation", "m/d/bias/gradient", "m/d/kernel/gradient"))
      << "Flatten and Dropout compute nothing";
  // y_pred = 0.5, 5.5; d loss / d y_pred = 0.5, 5.5 (mean of 2 squares); with the penalty's 2 * 0.5 * w.
  EXPECT_EQ(seen.at("m/d/activation").min(), 0.5);
  EXPECT_EQ(seen.at("m/d/activation").max(), 5.5);
  EXPECT_EQ(seen.at("m/d/bias/gradient").max(), 6);
  EXPECT_EQ(seen.at("m/d/kernel/gradient").max(), 0.5 * 1 + 5.5 * 3 + 2);
  EXPECT_EQ(seen.at("m/d/kernel/gradient").min(), 0.5 * 2 + 5.5 * 1 - 1);
  EXPECT_EQ(seen.at("m/d/kernel/gradient").total(), 2);
}

TEST(Observation, ChangesNothing) {
  const auto train = [](bool watched) {
    utils::set_random_seed(7);
    Sequential model({layers::Dense(8, {.activation = "relu", .input_shape = {4}}), layers::Dropout({.rate = 0.5}),
                      layers::Dense(2)});
    model.compile({.optimizer = "adam", .loss = "mse", .metrics = {"mae"}});
    const Array x = graph::ones({16, 4}), y = graph::ones({16, 2});
    for (int i = 0; i < 3; ++i) {
      model.train_on_batch(x, y);
      if (watched) observe(model, {{x}, {y}, {}});
    }
    return model.get_weights();
  };
  const auto plain = train(false), watched = train(true);
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_TRUE(array_equal(plain[i], watched[i])) << i;
}

TEST(Observation, LayersUsedTwiceFrozenOnesAndSampleWeights) {
  const layers::Dense twice(3, {.name = "twice", .input_shape = {3}});
  Sequential model({twice, twice, layers::Activation("relu", {.name = "a"}),
                    layers::Dense(1, {.name = "fixed", .trainable = false})},
                   "m");
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const auto seen = observe(model, {{graph::ones({5, 3})}, {graph::ones({5, 1})}, {graph::ones({5})}});
  EXPECT_THAT(paths_of(seen), ElementsAre("m/a/activation", "m/fixed/activation", "m/twice/activation",
                                          "m/twice/activation_1", "m/twice/bias/gradient", "m/twice/kernel/gradient"));
}

TEST(Observation, MixedPrecisionIsSeenInItsOwnDtype) {
  Sequential model({layers::Dense(4, {.name = "d", .dtype = "mixed_bfloat16", .input_shape = {3}})}, "m");
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const auto seen = observe(model, {{graph::ones({5, 3})}, {graph::ones({5, 4})}, {}});
  EXPECT_EQ(seen.at("m/d/activation").total(), 20);
  const double value = seen.at("m/d/activation").max();
  EXPECT_EQ(static_cast<double>(static_cast<float>(graph::BFloat16(static_cast<float>(value)))), value);
  EXPECT_EQ(seen.at("m/d/kernel/gradient").total(), 12);
}

}  // namespace
}  // namespace cornu::keras::models

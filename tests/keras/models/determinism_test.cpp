#include <gtest/gtest.h>

#include <cstring>

#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::models {
namespace {

using layers::Dense;

// Everything that a run leaves behind: weights, the optimizer's state, and the figures.
std::string run(std::uint64_t seed, int threads, bool dropout = true, bool shuffle = true) {
  utils::set_random_seed(seed);
  graph::random::Generator rng(5);
  const Array x = rng.uniform({70, 20}, -1, 1), y = rng.integers({70}, 0, 5);
  Sequential model({Dense(32, {.activation = "relu", .input_shape = {20}}), layers::Dropout(dropout ? 0.3 : 0),
                    Dense(5, {.activation = "softmax"})});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"},
                 .threads = threads});
  const History history =
      model.fit(x, y, {.batch_size = 16, .epochs = 3, .verbose = 0, .validation_split = 0.2, .shuffle = shuffle});
  std::string bytes;
  const auto append = [&](const Array& a) { bytes.append(reinterpret_cast<const char*>(a.bytes()), a.nbytes()); };
  for (const Array& weight : model.get_weights()) append(weight);
  for (const Variable& variable : model.optimizer()->variables()) append(variable.value());
  for (const std::string& name : history.names()) append(Array(history[name]));
  return bytes;
}

class Determinism : public testing::TestWithParam<int> {};

TEST_P(Determinism, TheSameSeedGivesTheSameBits) {
  const std::string first = run(1, GetParam());
  EXPECT_TRUE(first == run(1, GetParam()));
  EXPECT_FALSE(first == run(2, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Threads, Determinism, testing::Values(0, 1, 2));

TEST(DeterminismOf, ShufflingAndDropoutDrawFromTheSeed) {
  const std::string plain = run(1, 1, false, false);
  EXPECT_TRUE(plain == run(1, 1, false, false));
  EXPECT_FALSE(plain == run(1, 1, false, true));
  EXPECT_FALSE(plain == run(1, 1, true, false));
}

TEST(DeterminismOf, ASeedOfALayersOwnStays) {
  const auto masked = [](std::uint64_t seed) {
    utils::set_random_seed(seed);
    Sequential model({layers::Dropout(0.5, {.seed = 7, .input_shape = {64}})});
    model.compile({.optimizer = "sgd", .loss = "mse", .threads = 1});
    return model.train_on_batch(ones({4, 64}), zeros({4, 64}))["loss"];
  };
  EXPECT_EQ(masked(1), masked(2));
}

TEST(DeterminismOf, ReadingInBetweenChangesNothing) {
  const auto trained = [](bool read) {
    utils::set_random_seed(3);
    Sequential model({Dense(8, {.activation = "relu", .input_shape = {4}}), layers::Dropout(0.2), Dense(1)});
    model.compile({.optimizer = "adam", .loss = "mse", .threads = 1});
    const Array x = graph::random::Generator(1).uniform({40, 4}), y = graph::random::Generator(2).uniform({40, 1});
    for (int i = 0; i < 3; ++i) {
      model.train_on_batch(x, y);
      if (read) {
        model.predict(x);
        model.evaluate(x, y, {.batch_size = 7, .verbose = 0});
        model.get_weights();
      }
    }
    return model.get_weights();
  };
  const auto a = trained(false), b = trained(true);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(std::memcmp(a[i].bytes(), b[i].bytes(), a[i].nbytes()), 0);
}

}  // namespace
}  // namespace cornu::keras::models

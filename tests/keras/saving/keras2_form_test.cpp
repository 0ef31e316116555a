// The form of the files: what Keras 2.15 writes for the same model.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cornu/io/hdf5/reader.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/layers/rnn/rnn.h"
#include "cornu/keras/layers/rnn/stacked_rnn_cells.h"
#include "cornu/keras/optimizers/legacy/sgd.h"
#include "cornu/keras/optimizers/rmsprop.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/saving/shared_files.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using nlohmann::json;
using testing::ElementsAre;

TEST(Keras2FormTest, HoldsTheNamesThatKeras2Writes) {
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  model.compile({.optimizer = optimizers::RMSprop({.lr = 0.001, .rho = 0.9, .epsilon = 1e-08, .decay = 0.0}),
                 .loss = "categorical_crossentropy",
                 .metrics = {"accuracy"}});
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  model.save(folder / "model.h5");

  const auto root = io::hdf5::File(folder / "model.h5").root();
  EXPECT_EQ(root.text("keras_version"), "2.15.0");
  EXPECT_EQ(root.text("backend"), "tensorflow");
  EXPECT_EQ(
      json::parse(root.text("training_config")),
      json::parse(
          R"({"loss": "categorical_crossentropy", "metrics": [[{"class_name": "CategoricalAccuracy", "config": {"name": "accuracy", "dtype": "float32"}}]],
                            "weighted_metrics": null, "loss_weights": null, "optimizer_config": {"class_name": "Custom>RMSprop", "config": {
                              "name": "RMSprop", "weight_decay": null, "clipnorm": null, "global_clipnorm": null, "clipvalue": null, "use_ema": false, "ema_momentum": 0.99,
                              "ema_overwrite_frequency": null, "jit_compile": false, "is_legacy_optimizer": false, "learning_rate": 0.0010000000474974513, "rho": 0.9,
                              "momentum": 0.0, "epsilon": 1e-08, "centered": false}}})"));
  const auto weights = root.group("model_weights");
  EXPECT_THAT(weights.texts("layer_names"), ElementsAre("dense", "dense_1"));
  EXPECT_EQ(weights.text("keras_version"), "2.15.0");
  EXPECT_THAT(weights.group("dense_1").texts("weight_names"), ElementsAre("dense_1/kernel:0", "dense_1/bias:0"));
  EXPECT_EQ(weights.group("dense_1").dataset("dense_1/kernel:0").shape(), (Shape{4, 3}));
  EXPECT_TRUE(weights.group("top_level_model_weights").texts("weight_names").empty());
  EXPECT_THAT(root.group("optimizer_weights").texts("weight_names"),
              ElementsAre("iteration:0", "RMSprop/velocity/dense/kernel:0", "RMSprop/velocity/dense/bias:0",
                          "RMSprop/velocity/dense_1/kernel:0", "RMSprop/velocity/dense_1/bias:0"));
  EXPECT_EQ(root.group("optimizer_weights").dataset("iteration:0").item<std::int64_t>(), 1);
}

// Keras 3 reads no cell without its module, and no layer of a model's list with one.
TEST(Keras2FormTest, CellsOfAStackHaveTheirModules) {
  const layers::RNN stack(layers::StackedRNNCells({layers::LSTMCell(3), layers::GRUCell(2)}), {.name = "stack"});
  const json cells =
      json::parse(saving::serialize_config(*stack, saving::KerasVersion::keras2))["cell"]["config"]["cells"];
  ASSERT_EQ(cells.size(), 2);
  EXPECT_EQ(cells[0]["module"], "keras.layers");
  EXPECT_EQ(cells[1]["class_name"], "GRUCell");
  EXPECT_EQ(cells[1]["module"], "keras.layers");
  const tests::TemporaryFolder folder;
  tests::small_network().save(folder / "model.h5");
  const auto root = io::hdf5::File(folder / "model.h5").root();
  for (const json& layer : json::parse(root.text("model_config"))["config"]["layers"])
    EXPECT_FALSE(layer.contains("module")) << layer;
}

TEST(Keras2FormTest, LossesHaveTheirLongNames) {
  const tests::TemporaryFolder folder;
  for (const auto& [name, written] : {std::pair{"mse", "mean_squared_error"}, std::pair{"MAE", "mean_absolute_error"},
                                      std::pair{"CategoricalCrossentropy", "categorical_crossentropy"},
                                      std::pair{"ce", "categorical_crossentropy"}}) {
    auto model = tests::small_network();
    model.compile({.loss = name});
    model.train_on_batch(tests::some_inputs(), tests::some_classes());
    model.save(folder / "model.h5");
    EXPECT_EQ(json::parse(io::hdf5::File(folder / "model.h5").root().text("training_config"))["loss"], written);
  }
}

TEST(Keras2FormTest, OlderOptimizersAreWrittenAsSuch) {
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  model.compile(
      {.optimizer = optimizers::legacy::SGD({.learning_rate = 0.5, .momentum = 0.5, .decay = 0.25}), .loss = "mse"});
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  model.save(folder / "model.h5");
  const auto root = io::hdf5::File(folder / "model.h5").root();
  EXPECT_EQ(
      json::parse(root.text("training_config"))["optimizer_config"],
      json::parse(
          R"({"class_name": "SGD", "config": {"name": "SGD", "learning_rate": 0.5, "decay": 0.25, "momentum": 0.5, "nesterov": false}})"));
  EXPECT_THAT(root.group("optimizer_weights").texts("weight_names"),
              ElementsAre("SGD/iter:0", "SGD/dense/kernel/momentum:0", "SGD/dense/bias/momentum:0",
                          "SGD/dense_1/kernel/momentum:0", "SGD/dense_1/bias/momentum:0"));
}

// Keras 2.15's own file of the same network: the layers are described with the same words.
TEST(Keras2FormTest, DescribesLayersAsKeras2Does) {
  CORNU_NEEDS_GOLDEN_MODELS();
  const tests::TemporaryFolder folder;
  for (const char* name : {"k2_mnist_mlp.h5", "k2_configs.h5"}) {
    models::load_model(tests::golden_models() / name, {.compile = false}).save(folder / name);
    EXPECT_EQ(json::parse(io::hdf5::File(folder / name).root().text("model_config")),
              json::parse(io::hdf5::File(tests::golden_models() / name).root().text("model_config")));
  }
}

}  // namespace
}  // namespace cornu::keras

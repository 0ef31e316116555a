// Forms that other versions of Keras write.
#include <gmock/gmock.h>

#include "cornu/keras/activations/rectified.h"
#include "cornu/keras/optimizers/legacy/adam.h"
#include "cornu/keras/optimizers/legacy/rmsprop.h"
#include "cornu/keras/optimizers/rmsprop.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/saving/edited_file.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using tests::equal_bits;
using tests::ModelFile;
using tests::replace;

class OlderFileTest : public testing::Test {
 protected:
  // A trained model's file, changed.
  models::Model changed(const models::Model& model, const std::function<void(ModelFile&)>& change) {
    model.save(folder_ / "model.h5");
    ModelFile file(folder_ / "model.h5");
    change(file);
    file.write(folder_ / "changed.h5");
    return models::load_model(folder_ / "changed.h5");
  }
  static models::Model trained(Arg<optimizers::Optimizer> optimizer) {
    auto model = tests::small_network();
    model.compile({.optimizer = std::move(optimizer), .loss = "mse"});
    for (int i = 0; i < 2; ++i) model.train_on_batch(tests::some_inputs(), tests::some_classes());
    return model;
  }
  static void expect_same_training(models::Model a, models::Model b) {
    for (int i = 0; i < 2; ++i)
      a.train_on_batch(tests::some_inputs(), tests::some_classes()),
          b.train_on_batch(tests::some_inputs(), tests::some_classes());
    EXPECT_TRUE(equal_bits(a.get_weights(), b.get_weights()));
  }
  tests::TemporaryFolder folder_;
};

// Keras 2 before 2.2.3: the layers alone; `lr`; no `is_legacy_optimizer`; names below "training".
TEST_F(OlderFileTest, FirstKeras2) {
  auto model = trained(optimizers::legacy::RMSprop({.learning_rate = 0.01, .decay = 0.1}));
  auto loaded = changed(model, [](ModelFile& f) {
    f.texts["@keras_version"] = "2.1.6";
    std::string& config = f.texts["@model_config"];
    const std::size_t begin = config.find('['), end = config.rfind(']') + 1;
    config = R"({"class_name": "Sequential", "config": )" + config.substr(begin, end - begin) + "}";
    replace(f.texts["@training_config"], "\"learning_rate\"", "\"lr\"");
    std::map<std::string, Array> renamed;
    for (const auto& [path, array] : f.datasets)
      renamed[path.starts_with("optimizer_weights/") ? "optimizer_weights/training/" + path.substr(18) : path] = array;
    f.datasets = renamed;
    for (std::string& name : f.lists["optimizer_weights@weight_names"]) name = "training/" + name;
  });
  EXPECT_TRUE(loaded.optimizer()->base().legacy_decay.has_value());
  EXPECT_EQ(loaded.optimizer()->iterations(), 2);
  expect_same_training(model, loaded);
}

TEST_F(OlderFileTest, OlderOptimizersAreKnownByTheirFlag) {
  auto model = trained(optimizers::legacy::Adam({.learning_rate = 0.01}));
  EXPECT_TRUE(changed(model,
                      [](ModelFile& f) {
                        replace(f.texts["@training_config"], "\"beta_1\"", "\"is_legacy_optimizer\": true, \"beta_1\"");
                      })
                  .optimizer()
                  ->base()
                  .legacy_decay);
  auto newer = trained(optimizers::RMSprop({.learning_rate = 0.01}));
  EXPECT_FALSE(changed(newer, [](ModelFile& f) { replace(f.texts["@training_config"], "Custom>", ""); })
                   .optimizer()
                   ->base()
                   .legacy_decay);
}

TEST_F(OlderFileTest, HardSigmoidKeepsTheMeaningOfItsKeras) {
  models::Sequential model({layers::Dense(3, {.activation = activations::hard_sigmoid_keras2, .input_shape = {5}})});
  auto loaded = changed(model, [](ModelFile& f) {
    EXPECT_NE(f.texts["@model_config"].find("\"activation\":\"hard_sigmoid\""), std::string::npos);
  });
  EXPECT_TRUE(equal_bits(loaded.predict(tests::some_inputs()), model.predict(tests::some_inputs())));
  auto as_keras3 = changed(model, [](ModelFile& f) { f.texts["@keras_version"] = "3.15.1"; });
  EXPECT_FALSE(equal_bits(as_keras3.predict(tests::some_inputs()), model.predict(tests::some_inputs())));
  const auto dense = as_keras3.layers()[0];
  EXPECT_NE(get_config(*dense).find("\"activation\":\"hard_sigmoid\""), std::string::npos);
}

// Keras 3: its own order of the optimizer's variables, with the rate among them; losses and metrics as objects with a
// module.
TEST_F(OlderFileTest, Keras3) {
  auto model = trained(optimizers::RMSprop({.learning_rate = 0.01, .momentum = 0.5}));
  auto loaded = changed(model, [](ModelFile& f) {
    f.texts["@keras_version"] = "3.15.1";
    auto& names = f.lists["optimizer_weights@weight_names"];
    names.insert(names.begin() + 1, "rm_sprop/learning_rate");
    f.datasets["optimizer_weights/rm_sprop/learning_rate"] = Array::scalar(0.0625f);
    f.texts["@training_config"] =
        R"({"loss": {"module": "builtins", "class_name": "function", "config": "mean_squared_error", "registered_name": "function"},
      "metrics": [{"module": "keras.metrics", "class_name": "MeanAbsoluteError", "config": {"name": "error", "dtype": "float32"}, "registered_name": null}, "mse"],
      "weighted_metrics": null, "loss_weights": null, "run_eagerly": false, "steps_per_execution": 1, "jit_compile": false,
      "optimizer_config": {"class_name": "RMSprop", "config": {"name": "rm_sprop", "learning_rate": 0.01, "momentum": 0.5, "loss_scale_factor": null}}})";
  });
  EXPECT_EQ(loaded.optimizer()->learning_rate(), 0.0625);
  EXPECT_THAT(loaded.metrics_names(), testing::ElementsAre("loss", "error", "mse"));
  model.optimizer()->set_learning_rate(0.0625);
  expect_same_training(model, loaded);
}

TEST_F(OlderFileTest, Keras3BeforeTheFirstStep) {
  auto model = trained("adam");
  auto loaded = changed(model, [](ModelFile& f) {
    f.texts["@keras_version"] = "3.15.1";
    f.lists["optimizer_weights@weight_names"] = {"iteration:0", "adam/learning_rate"};
    f.datasets["optimizer_weights/iteration:0"] = Array::scalar(std::int64_t{0});
    f.datasets["optimizer_weights/adam/learning_rate"] = Array::scalar(0.125f);
  });
  EXPECT_EQ(loaded.optimizer()->iterations(), 0);
  EXPECT_EQ(loaded.optimizer()->learning_rate(), 0.125);
}

TEST_F(OlderFileTest, TheStepCountMayStandAlone) {
  auto model = trained("adam");
  auto loaded = changed(model, [](ModelFile& f) {
    auto& names = f.lists["optimizer_weights@weight_names"];
    names = {names.front()};
    f.datasets["optimizer_weights/iteration:0"] = Array::scalar(std::int64_t{0});
  });
  EXPECT_EQ(loaded.optimizer()->iterations(), 0);
  loaded.train_on_batch(tests::some_inputs(), tests::some_classes());
}

}  // namespace
}  // namespace cornu::keras

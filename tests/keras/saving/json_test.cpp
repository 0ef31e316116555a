// Models and compile's arguments as JSON.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cornu/keras/losses/crossentropy.h"
#include "cornu/keras/saving/compile_config.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using nlohmann::json;
using saving::compile_config_from_json;
using testing::HasSubstr;
using tests::error_text;

TEST(ModelJsonTest, IsKeras3s) {
  const json model = json::parse(tests::small_network().to_json());
  EXPECT_EQ(model["module"], "keras");
  EXPECT_EQ(model["class_name"], "Sequential");
  EXPECT_EQ(model["config"]["layers"][0]["config"]["batch_shape"], json::parse("[null, 5]"));
  EXPECT_EQ(model["config"]["layers"][1]["config"]["dtype"]["class_name"], "DTypePolicy");
  EXPECT_EQ(model["build_config"], json::parse(R"({"input_shape": [null, 5]})"));
}

TEST(ModelJsonTest, ComesBack) {
  const auto model = tests::small_network();
  const auto again = models::model_from_json(model.to_json());
  EXPECT_EQ(again.to_json(), model.to_json());
  EXPECT_TRUE(again.built());
  EXPECT_FALSE(again.compiled());
  EXPECT_FALSE(tests::equal_bits(again.get_weights(), model.get_weights())) << "the weights are fresh";
}

TEST(ModelJsonTest, OfUnbuiltModels) {
  const auto again = models::model_from_json(models::Sequential({layers::Dense(3)}).to_json());
  EXPECT_FALSE(again.built());
  EXPECT_EQ(again.predict(tests::some_inputs()).shape(), (Shape{12, 3}));
  const auto deferred = models::model_from_json(
      R"({"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 3}}], "build_input_shape": [null, 5]}})");
  EXPECT_EQ(deferred.input_shape(), (Shape{kUnknown, 5}));
}

TEST(ModelJsonTest, OfKeras2KeepsItsMeaning) {
  const auto model = models::model_from_json(
      R"({"class_name": "Sequential", "keras_version": "2.15.0", "backend": "tensorflow", "config": {"name": "old", "layers": [
    {"class_name": "Dense", "config": {"units": 3, "activation": "hard_sigmoid", "batch_input_shape": [null, 5]}}]}})");
  EXPECT_EQ(model.name(), "old");
  EXPECT_TRUE(model.built());
  EXPECT_THAT(get_config(*model.layers()[0]), HasSubstr("hard_sigmoid_keras2"));
}

TEST(ModelJsonTest, RefusesWhatIsNone) {
  EXPECT_THAT(error_text<FormatError>([] { models::model_from_json("{"); }),
              HasSubstr("model_from_json: not valid JSON"));
  EXPECT_THAT(error_text<FormatError>([] { models::model_from_json("3"); }), HasSubstr("needs to be a JSON object"));
  EXPECT_THAT(error_text<ValueError>([] { models::model_from_json(R"({"class_name": "Model", "config": {}})"); }),
              HasSubstr("a model needs inputs and outputs"));
}

TEST(CompileConfigTest, TakesNamesAndObjects) {
  const CompileConfig config = compile_config_from_json(R"({
    "optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {"name": "adam_3", "learning_rate": 0.25, "loss_scale_factor": null}, "registered_name": null},
    "loss": {"module": "keras.losses", "class_name": "CategoricalCrossentropy", "config": {"label_smoothing": 0.5}, "registered_name": null},
    "metrics": ["acc", {"class_name": "MeanMetricWrapper", "config": {"name": "hits", "dtype": "float32", "fn": "categorical_accuracy"}}],
    "weighted_metrics": [["mae"]], "loss_weights": [0.75], "run_eagerly": false})");
  EXPECT_EQ(config.optimizer->class_name(), "Adam");
  EXPECT_EQ(config.optimizer->learning_rate(), 0.25);
  EXPECT_TRUE(same_config(*config.loss.values().at(0), losses::CategoricalCrossentropy({.label_smoothing = 0.5})));
  ASSERT_EQ(config.metrics.values().size(), 2);
  EXPECT_EQ(config.metrics.values()[0]->name(), "acc");
  EXPECT_EQ(config.metrics.values()[1]->name(), "hits");
  EXPECT_EQ(config.metrics.values()[1]->class_name(), "CategoricalAccuracy");
  ASSERT_EQ(config.weighted_metrics.values().size(), 1);
  EXPECT_EQ(config.weighted_metrics.values()[0]->class_name(), "MeanAbsoluteError");
  EXPECT_EQ(config.loss_weights.values(), std::vector<double>{0.75});
}

TEST(CompileConfigTest, HasCompilesDefaults) {
  const CompileConfig config = compile_config_from_json(R"({"loss": {"dense": "mse"}})");
  EXPECT_EQ(config.optimizer->class_name(), "RMSprop");
  EXPECT_EQ(config.loss.names(), std::vector<std::string>{"dense"});
  EXPECT_EQ(config.loss.values().at(0)->class_name(), "MeanSquaredError");
  EXPECT_TRUE(config.metrics.empty());
}

TEST(CompileConfigTest, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(error_text<ValueError>([] { compile_config_from_json(R"({"optimizer": "adan"})"); }),
              HasSubstr("unknown optimizer 'adan'; known: "));
  EXPECT_THAT(error_text<ValueError>([] { compile_config_from_json(R"({"metrics": ["luck"]})"); }),
              HasSubstr("unknown metric 'luck'"));
  EXPECT_THAT(error_text<FormatError>([] { compile_config_from_json(R"({"metrics": 3})"); }),
              HasSubstr("metrics need to be a list of names and objects"));
  EXPECT_THAT(error_text<FormatError>([] { compile_config_from_json(R"({"loss_weights": "much"})"); }),
              HasSubstr("loss_weights need to be numbers"));
  EXPECT_THAT(error_text<FormatError>([] { compile_config_from_json("[]"); }),
              HasSubstr("compile: expected a JSON object"));
}

}  // namespace
}  // namespace cornu::keras

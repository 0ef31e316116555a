// Classes and functions that a program gives with the file rather than registering them.
#include "cornu/keras/saving/custom_objects.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/core/lambda.h"
#include "cornu/keras/losses/regression.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/edited_file.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using saving::custom;
using saving::CustomObjects;
using saving::CustomObjectScope;
using testing::AllOf;
using testing::HasSubstr;
using tests::error_text;

struct GainOfCustomTest : layers::Layer {
  double start = 1;
  Variable gain;
  void build(const Shape& input) override {
    gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones"});
  }
  Tensor call(const Tensor& x, Context&) override { return x * gain * start; }
  void fields(ConfigVisitor& v) override {
    v("start", start);
    Layer::fields(v);
  }
};

struct ShiftConfigOfCustomTest {
  double by = 1;
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v) { v("by", by); }
};
struct ShiftLayerOfCustomTest final : Configured<layers::Layer, ShiftConfigOfCustomTest> {
  using Configured::Configured;
  Tensor call(const Tensor& x, Context&) override { return x + config_.by; }
};
using ShiftOfCustomTest = Handle<ShiftLayerOfCustomTest>;

Tensor tripled(const Tensor& x) { return x * 3.0; }
Tensor cubed_error(const Tensor& t, const Tensor& p) { return ops::mean(ops::abs(t - p) * ops::square(t - p), -1); }

CustomObjects mine() {
  return {{"Gain", custom<GainOfCustomTest>()},
          {"mine>Shift", custom<ShiftOfCustomTest>()},
          {"tripled", tripled},
          {"cubed_error", cubed_error}};
}

models::Sequential model_of_mine() {
  const CustomObjectScope scope(mine());
  auto gain = share(GainOfCustomTest());
  gain->start = 2.5;
  models::Sequential model({layers::Dense(4, {.activation = "tripled", .input_shape = {5}}),
                            ShiftOfCustomTest({.by = 0.5}), layers::Dense(3, {.activation = "softmax"})});
  model.add(gain);
  model.compile({.optimizer = "adam", .loss = "cubed_error", .metrics = {"cubed_error"}});
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  return model;
}

TEST(CustomObjectsTest, FilesOfBothKerasesComeBackAndAreSavedAgain) {
  const tests::TemporaryFolder folder;
  const auto model = model_of_mine();
  for (const char* name : {"model.h5", "model.keras"}) {
    SCOPED_TRACE(name);
    model.save(folder / name);
    auto loaded = models::load_model(folder / name, {.custom_objects = mine()});
    EXPECT_TRUE(tests::equal_bits(loaded.predict(tests::some_inputs()), model.predict(tests::some_inputs())));
    EXPECT_EQ(loaded.layers().back().as<GainOfCustomTest>()->start, 2.5);
    EXPECT_THAT(loaded.metrics_names(), testing::ElementsAre("loss", "cubed_error"));
    loaded.save(folder / (std::string("again_") + name));
    EXPECT_EQ(tests::read_text(folder / name), tests::read_text(folder / (std::string("again_") + name)));
    models::Model other = models::load_model(folder / name, {.custom_objects = mine()});
    EXPECT_EQ(loaded.train_on_batch(tests::some_inputs(), tests::some_classes())["loss"],
              other.train_on_batch(tests::some_inputs(), tests::some_classes())["loss"]);
  }
}

TEST(CustomObjectsTest, WithoutThemTheErrorTellsHow) {
  const tests::TemporaryFolder folder;
  const auto path = folder / "model.keras";
  model_of_mine().save(path);
  const auto without = [&](CustomObjects objects) {
    return error_text<ValueError>([&] { models::load_model(path, {.custom_objects = std::move(objects)}); });
  };
  EXPECT_THAT(
      without({}),
      AllOf(HasSubstr(path.string()), HasSubstr(": Dense 'dense': argument 'activation': unknown activation 'tripled'"),
            HasSubstr("if it is a function of yours, call activations::registry().add<tripled>(\"tripled\")"),
            HasSubstr("{.custom_objects = {{\"tripled\", function}}}")));
  EXPECT_THAT(without({{"tripled", tripled}}),
              AllOf(HasSubstr("unknown layer 'mine>Shift'"), HasSubstr("Its config is {"), HasSubstr("\"by\":0.5"),
                    HasSubstr("layers::registry().add<Shift>(\"mine>Shift\")"),
                    HasSubstr("{.custom_objects = {{\"mine>Shift\", saving::custom<Shift>()}}}")));
  EXPECT_THAT(
      without(
          {{"tripled", tripled}, {"mine>Shift", custom<ShiftOfCustomTest>()}, {"Gain", custom<GainOfCustomTest>()}}),
      AllOf(HasSubstr("unknown loss 'cubed_error'"), HasSubstr("losses::registry()"), HasSubstr("{.compile = false}")));
}

TEST(CustomObjectsTest, AModelOfAnUnknownClass) {
  const std::string json = R"({"class_name": "Mine", "config": {"name": "mine", "width": 3}})";
  EXPECT_THAT(
      error_text<ValueError>([&] { models::model_from_json(json); }),
      AllOf(HasSubstr("'Mine'"), HasSubstr("\"width\":3"), HasSubstr("layers::registry().add<Mine>(\"Mine\")")));
}

TEST(CustomObjectsTest, JsonAndConfigs) {
  const auto model = model_of_mine();
  EXPECT_TRUE(models::model_from_json(model.to_json(), mine()).built());
  EXPECT_THROW(models::model_from_json(model.to_json()), ValueError);

  const std::string config = model.get_config();
  EXPECT_EQ(nlohmann::json::parse(config)["name"], model.name());
  EXPECT_EQ(models::Model::from_config(config, mine()).get_config(), config);
  EXPECT_THROW(models::Model::from_config(config), ValueError);
  EXPECT_THAT(error_text<FormatError>([] { models::Model::from_config("{\"units\": 3}"); }),
              HasSubstr("expected a config with layers"));

  const auto x = layers::Input({.shape = {2}});
  const models::Model graph(x, layers::Dense(1)(x));
  EXPECT_EQ(models::Model::from_config(graph.get_config()).get_config(), graph.get_config());

  const std::string layer = R"({"class_name": "Gain", "config": {"name": "g", "start": 3}})";
  const auto gain = saving::deserialize(layers::registry(), layer, saving::KerasVersion::keras3, mine());
  EXPECT_EQ(gain.as<GainOfCustomTest>()->start, 3);
  EXPECT_THROW(saving::deserialize(layers::registry(), layer), ValueError);
}

// Keras 3 has the class' own name, and beside it the one that it was registered by.
TEST(CustomObjectsTest, RegisteredNames) {
  const auto made = [](const std::string& class_name, const std::string& registered, const CustomObjects& objects) {
    return saving::deserialize(layers::registry(),
                               R"({"module": "m", "class_name": ")" + class_name +
                                   R"(", "config": {"by": 2}, "registered_name": ")" + registered + "\"}",
                               saving::KerasVersion::keras3, objects);
  };
  EXPECT_TRUE(made("Moving", "mine>Shift", mine()).as<ShiftLayerOfCustomTest>());
  EXPECT_TRUE(made("Moving", "mine>Shift", {{"Shift", custom<ShiftOfCustomTest>()}}).as<ShiftLayerOfCustomTest>());
  EXPECT_TRUE(made("Moving", "mine>Shift", {{"Moving", custom<ShiftOfCustomTest>()}}).as<ShiftLayerOfCustomTest>());
  EXPECT_TRUE(made("Dense", "mine>Shift", mine()).as<ShiftLayerOfCustomTest>());
  EXPECT_THROW(made("Moving", "mine>Shift", {}), ValueError);
}

float activated(const char* name) {
  models::Sequential model({layers::Dense(1, {.activation = name, .use_bias = false, .input_shape = {1}})});
  model.set_weights({Array{{1.f}}});
  return model.predict(Array{{2.f}}).item<float>();
}

TEST(CustomObjectsTest, ScopesLieWithinEachOtherAndEnd) {
  {
    const CustomObjectScope outer({{"relu", tripled}, {"other", tripled}});
    EXPECT_EQ(activated("relu"), 6) << "before Keras' own";
    {
      const CustomObjectScope inner({{"relu", [](const Tensor& x) { return x * 10.0; }}});
      EXPECT_EQ(activated("relu"), 20);
      EXPECT_EQ(activated("other"), 6);
    }
    EXPECT_EQ(activated("relu"), 6);
    std::thread([] { EXPECT_EQ(activated("relu"), 2) << "another thread"; }).join();
  }
  EXPECT_EQ(activated("relu"), 2);
  EXPECT_THROW(activated("other"), ValueError);
  EXPECT_ANY_THROW(models::load_model("/nothing.h5", {.custom_objects = {{"relu", tripled}}}));
  EXPECT_EQ(activated("relu"), 2) << "an error ends it as well";
}

// In a file of Keras 2 "swish" is silu, unless it is given.
TEST(CustomObjectsTest, NamesOfKeras2) {
  const auto read = [](const CustomObjects& objects) {
    const auto layer =
        saving::deserialize(layers::registry(), R"({"class_name": "Activation", "config": {"activation": "swish"}})",
                            saving::KerasVersion::keras2, objects);
    models::Sequential model({layer});
    return model.predict(Array{{2.f}}).item<float>();
  };
  EXPECT_NEAR(read({}), 1.7616f, 1e-4);
  EXPECT_EQ(read({{"swish", tripled}}), 6);
}

TEST(CustomObjectsTest, FunctionsOfLambdasAndRegularizers) {
  const tests::TemporaryFolder folder;
  const CustomObjects objects = {{"halve", [](const Tensor& x) { return x * 0.5; }},
                                 {"largest", [](const Tensor& w) { return ops::sum(ops::abs(w)) * 0.25; }},
                                 {"clipped", [](const Tensor& w) { return ops::minimum(w, w * 0.0 + 0.5); }}};
  models::Sequential model;
  {
    const CustomObjectScope scope(objects);
    model.add(layers::Dense(1, {.kernel_regularizer = "largest", .kernel_constraint = "clipped", .input_shape = {5}}));
    model.add(layers::Lambda("halve"));
  }
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.save(folder / "model.h5");
  EXPECT_THAT(
      error_text<ValueError>([&] {
        models::load_model(folder / "model.h5", {.custom_objects = {{"largest", tripled}, {"clipped", tripled}}});
      }),
      AllOf(HasSubstr("there is no function 'halve'"), HasSubstr("register_function"), HasSubstr("custom_objects")));
  auto loaded = models::load_model(folder / "model.h5", {.custom_objects = objects});
  const Array x = tests::some_inputs(), y = graph::zeros({12, 1});
  EXPECT_EQ(loaded.train_on_batch(x, y)["loss"], model.train_on_batch(x, y)["loss"]);
  EXPECT_TRUE(tests::equal_bits(loaded.get_weights(), model.get_weights()));
}

// Keras wraps functions where a name or a reduction was given.
TEST(CustomObjectsTest, FunctionsWithAName) {
  const auto metric = saving::deserialize(
      metrics::registry(),
      R"({"class_name": "MeanMetricWrapper", "config": {"name": "distance", "dtype": "float32", "fn": "cubed_error"}})",
      saving::KerasVersion::keras2, mine());
  EXPECT_EQ(metric->name(), "distance");
  EXPECT_EQ(metric->class_name(), "cubed_error");
  const auto loss = saving::deserialize(
      losses::registry(),
      R"({"class_name": "LossFunctionWrapper", "config": {"name": "distance", "reduction": "sum", "fn": {"class_name": "function", "config": "cubed_error"}}})",
      saving::KerasVersion::keras3, mine());
  EXPECT_EQ(loss->reduction(), "sum");
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  model.compile({.optimizer = "sgd", .loss = loss, .metrics = {metric}});
  for (const char* name : {"model.h5", "model.keras"}) {
    model.save(folder / name);
    auto loaded = models::load_model(folder / name, {.custom_objects = mine()});
    EXPECT_THAT(loaded.metrics_names(), testing::ElementsAre("loss", "distance"));
    EXPECT_EQ(loaded.test_on_batch(tests::some_inputs(), tests::some_classes())["loss"],
              model.test_on_batch(tests::some_inputs(), tests::some_classes())["loss"]);
  }
}

TEST(CustomObjectsTest, BadNames) {
  EXPECT_EQ(error_text<ValueError>([] { CustomObjects({{"", tripled}}); }), "custom_objects: a name is empty");
  EXPECT_EQ(error_text<ValueError>([] {
              CustomObjects({{"a", tripled}, {"a", cubed_error}});
            }),
            "custom_objects: 'a' is given twice");
}

TEST(CustomObjectsTest, CopiesNeedTheScope) {
  const auto model = model_of_mine();
  EXPECT_THROW(models::clone_model(model), ValueError);
  const CustomObjectScope scope(mine());
  EXPECT_EQ(models::clone_model(model).count_params(), model.count_params());
}

}  // namespace
}  // namespace cornu::keras

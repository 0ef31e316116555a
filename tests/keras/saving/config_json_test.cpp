#include "cornu/keras/saving/config_json.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/keras/activations/rectified.h"
#include "cornu/keras/activations/smooth.h"
#include "cornu/keras/constraints/norm.h"
#include "cornu/keras/initializers/random.h"
#include "cornu/keras/initializers/stft.h"
#include "cornu/keras/initializers/variance_scaling.h"
#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/ops/binary.h"
#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::saving {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::error_text;

const bool no_samples = cornu::tests::register_without_sample("Amplifier");

Shared<layers::Layer> read(const std::string& json, KerasVersion version = KerasVersion::keras3) {
  return deserialize(layers::registry(), json, version);
}

struct MeanOfTest : Object {
  explicit MeanOfTest(NoArguments) {}
};
const Registry<Object>& metrics_of_test() {
  static Registry<Object> registry("metric", {.wrapper = "MeanMetricWrapper", .wrapper_argument = "fn"});
  static const bool added = registry.add<MeanOfTest, NoArguments>("MeanOfTest", {"mean_of_test"});
  (void)added;
  return registry;
}

TEST(ConfigJsonTest, WritesLayersAsKeras2) {
  const layers::Dense dense(
      512, {.activation = "relu", .kernel_regularizer = regularizers::l1(0.5), .name = "dense", .input_shape = {784}});
  EXPECT_EQ(
      serialize(*dense, KerasVersion::keras2),
      R"({"module":"keras.layers","class_name":"Dense","config":{"name":"dense","trainable":true,"dtype":"float32","batch_input_shape":[null,784],)"
      R"("units":512,"activation":"relu","use_bias":true,"kernel_initializer":{"module":"keras.initializers","class_name":"GlorotUniform",)"
      R"("config":{"seed":null},"registered_name":null},"bias_initializer":{"module":"keras.initializers","class_name":"Zeros","config":{},)"
      R"("registered_name":null},"kernel_regularizer":{"module":"keras.regularizers","class_name":"L1","config":{"l1":0.5},"registered_name":null},)"
      R"("bias_regularizer":null,"activity_regularizer":null,"kernel_constraint":null,"bias_constraint":null},"registered_name":null})");
}

TEST(ConfigJsonTest, WritesLayersAsKeras3) {
  const layers::Dense dense(3, {.kernel_constraint = constraints::MaxNorm({.axis = {0, 1}}),
                                .name = "d",
                                .trainable = false,
                                .input_shape = {784}});
  EXPECT_EQ(
      serialize_config(*dense, KerasVersion::keras3),
      R"({"name":"d","trainable":false,"dtype":{"module":"keras","class_name":"DTypePolicy","config":{"name":"float32"},"registered_name":null},)"
      R"("units":3,"activation":"linear","use_bias":true,"kernel_initializer":{"module":"keras.initializers","class_name":"GlorotUniform",)"
      R"("config":{"seed":null,"input_axes":null,"output_axes":null},"registered_name":null},"bias_initializer":{"module":"keras.initializers",)"
      R"("class_name":"Zeros","config":{},"registered_name":null},"kernel_regularizer":null,"bias_regularizer":null,)"
      R"("kernel_constraint":{"module":"keras.constraints","class_name":"MaxNorm","config":{"max_value":2.0,"axis":[0,1]},"registered_name":null},)"
      R"("bias_constraint":null})");
}

TEST(ConfigJsonTest, WritesInputsOfBothVersions) {
  const layers::Input input({.shape = {28, kUnknown}, .name = "i"});
  EXPECT_EQ(serialize_config(*input, KerasVersion::keras2),
            R"({"batch_input_shape":[null,28,null],"dtype":"float32","sparse":false,"ragged":false,"name":"i"})");
  EXPECT_EQ(
      serialize_config(*input, KerasVersion::keras3),
      R"({"batch_shape":[null,28,null],"dtype":"float32","sparse":false,"ragged":false,"name":"i","optional":false})");
}

TEST(ConfigJsonTest, ReadsKeras2) {
  const auto layer = read(
      R"({"class_name": "Dense", "config": {"name": "dense_1", "trainable": true, "dtype": "float32", "batch_input_shape": [null, 784],
    "units": 6, "activation": "elu", "use_bias": true, "kernel_initializer": {"module": "keras.initializers", "class_name": "HeNormal", "config": {"seed": 5},
    "registered_name": null}, "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": {"class_name": "L1L2",
    "config": {"l1": 0.01, "l2": 0.02}}, "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": {"class_name": "UnitNorm",
    "config": {"axis": 0}}, "bias_constraint": null}})",
      KerasVersion::keras2);
  EXPECT_TRUE(
      same_config(*layer, *layers::Dense(6, {.activation = "elu",
                                             .kernel_initializer = initializers::HeNormal({.seed = 5}),
                                             .kernel_regularizer = regularizers::l1_l2({.l1 = 0.01, .l2 = 0.02}),
                                             .kernel_constraint = constraints::UnitNorm(),
                                             .name = "dense_1",
                                             .input_shape = {784}})))
      << get_config(*layer);
  EXPECT_EQ(layer->base().input_shape, Shape{784});
}

TEST(ConfigJsonTest, ReadsKeras3) {
  const auto layer = read(
      R"({"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "trainable": false, "dtype": {"module": "keras",
    "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "activity_regularizer": {"module": "keras.regularizers",
    "class_name": "L2", "config": {"l2": 0.01}, "registered_name": null}, "units": 4, "activation": "linear", "use_bias": true, "kernel_initializer":
    {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null, "input_axes": null, "output_axes": null}, "registered_name": null},
    "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null}, "kernel_regularizer": null,
    "bias_regularizer": null, "kernel_constraint": null, "bias_constraint": null, "quantization_config": null}, "registered_name": null,
    "build_config": {"input_shape": [null, 3]}})");
  EXPECT_TRUE(
      same_config(*layer, *layers::Dense(4, {.activity_regularizer = "l2", .name = "dense", .trainable = false})))
      << get_config(*layer);
}

TEST(ConfigJsonTest, ReadsInputsOfBothVersions) {
  for (
      const char* json :
      {R"({"class_name": "InputLayer", "config": {"batch_input_shape": [null, 7], "dtype": "float32", "sparse": false, "ragged": false, "name": "i"}})",
       R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 7], "dtype": "float32", "sparse": false, "ragged": false, "name": "i", "optional": false}})"})
    EXPECT_EQ(read(json).as<layers::InputLayer>()->batch_shape(), (Shape{kUnknown, 7}));
}

TEST(ConfigJsonTest, ReadsNamesAndFunctions) {
  EXPECT_EQ(deserialize(activations::registry(), R"("relu")")->class_name(), "relu");
  EXPECT_EQ(deserialize(
                activations::registry(),
                R"({"module": "builtins", "class_name": "function", "config": "tanh", "registered_name": "function"})")
                ->class_name(),
            "tanh");
  const auto relu = deserialize(activations::registry(), R"({"class_name": "relu", "config": {"max_value": 6}})");
  EXPECT_TRUE(same_config(*relu, *activations::relu.with({.max_value = 6})));
  EXPECT_EQ(deserialize(metrics_of_test(), R"({"class_name": "MeanMetricWrapper", "config": {"fn": "mean_of_test"}})")
                ->class_name(),
            "MeanOfTest");
}

TEST(ConfigJsonTest, PackagesAreTakenOff) {
  EXPECT_EQ(
      deserialize(regularizers::registry(), R"({"class_name": "Custom>L2", "config": {"l2": 0.5}})")->class_name(),
      "L2");
}

TEST(ConfigJsonTest, HardSigmoidMeansWhatTheWriterMeant) {
  const char* json = R"({"class_name": "Activation", "config": {"activation": "hard_sigmoid"}})";
  EXPECT_THAT(get_config(*read(json, KerasVersion::keras2)), HasSubstr(R"("activation":"hard_sigmoid_keras2")"));
  EXPECT_THAT(get_config(*read(json, KerasVersion::keras3)), HasSubstr(R"("activation":"hard_sigmoid")"));
  EXPECT_THAT(serialize(*read(json, KerasVersion::keras2), KerasVersion::keras2),
              HasSubstr(R"("activation":"hard_sigmoid")"));
  EXPECT_EQ(error_text<ValueError>(
                [&] { serialize(*layers::Activation("hard_sigmoid", {.name = "h"}), KerasVersion::keras2); }),
            "layer 'h': activation 'hard_sigmoid' cannot be saved for Keras 2, whose function of that name is another "
            "one: 'hard_sigmoid_keras2'");
  EXPECT_THROW(serialize(*layers::Activation("hard_sigmoid_keras2"), KerasVersion::keras3), ValueError);
}

TEST(ConfigJsonTest, SiluIsSwishInKeras2) {
  EXPECT_THAT(serialize(*layers::Activation(activations::silu), KerasVersion::keras2),
              HasSubstr(R"("activation":"swish")"));
  EXPECT_THAT(serialize(*layers::Activation(activations::swish), KerasVersion::keras3),
              HasSubstr(R"("activation":"silu")"));
}

TEST(ConfigJsonTest, SeedGeneratorsGiveTheirSeed) {
  const auto normal = deserialize(initializers::registry(),
                                  R"({"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": 0.05, "seed":
    {"module": "keras.random", "class_name": "SeedGenerator", "config": {"seed": 5, "name": "seed_generator"}, "registered_name": null}}})");
  EXPECT_TRUE(same_config(*normal, *share(initializers::RandomNormal({.seed = 5}))));
}

TEST(ConfigJsonTest, UnknownArgumentsAreNamed) {
  EXPECT_EQ(error_text<ValueError>([] { read(R"({"class_name": "Dense", "config": {"units": 3, "lora_rank": 4}})"); }),
            "Dense: unknown argument 'lora_rank'");
  EXPECT_NO_THROW(read(R"({"class_name": "Dense", "config": {"units": 3, "lora_rank": null}})"));
  EXPECT_THAT(error_text<ValueError>([] { read(R"({"class_name": "Dnse", "config": {}})"); }),
              HasSubstr("unknown layer 'Dnse'; known: "));
  EXPECT_THAT(
      error_text<ValueError>([] { read(R"({"class_name": "Dense", "config": {"units": 3, "activation": "rleu"}})"); }),
      HasSubstr("unknown activation 'rleu'"));
}

TEST(ConfigJsonTest, WrongTypesAreNamed) {
  const auto text = [](const std::string& config) {
    return error_text<FormatError>([&] { read(R"({"class_name": "Dense", "config": )" + config + "}"); });
  };
  EXPECT_EQ(text(R"({"units": "many"})"), R"(Dense: argument 'units' needs a whole number, got "many")");
  EXPECT_EQ(text(R"({"units": 2.5})"), "Dense: argument 'units' needs a whole number, got 2.5");
  EXPECT_EQ(text(R"({"units": 10000000000})"), "Dense: argument 'units' needs a smaller number, got 10000000000");
  EXPECT_EQ(text(R"({"units": 3, "batch_input_shape": [-2, 3]})"),
            "Dense: argument 'batch_input_shape' needs a larger number, got -2");
  EXPECT_EQ(text(R"({"units": null})"), "Dense: argument 'units' needs a whole number, got null");
  EXPECT_EQ(text(R"({"units": 3, "use_bias": 1})"), "Dense: argument 'use_bias' needs true or false, got 1");
  EXPECT_EQ(text(R"({"units": 3, "name": 1})"), "Dense: argument 'name' needs a text, got 1");
  EXPECT_EQ(text(R"({"units": 3, "kernel_initializer": 1})"),
            "Dense: argument 'kernel_initializer' needs a name or an object with a class_name, got 1");
  EXPECT_EQ(text(R"({"units": 3, "kernel_initializer": {}})"),
            "Dense: argument 'kernel_initializer': expected an object with a class_name, got {}");
  EXPECT_EQ(text(R"({"units": 3, "kernel_regularizer": {"class_name": "L2", "config": {"l2": "x"}}})"),
            R"(Dense: argument 'kernel_regularizer': L2: argument 'l2' needs a number, got "x")");
  EXPECT_EQ(text(R"({"units": 3, "batch_input_shape": 7})"),
            "Dense: argument 'batch_input_shape' needs a list of at most 8 lengths, got 7");
  EXPECT_EQ(text(R"({"units": 3, "batch_input_shape": [null, 99999999999999999999]})"),
            "Dense: argument 'batch_input_shape' needs a whole number, got 1e+20");
  EXPECT_EQ(text(R"({"units": 3, "dtype": {"config": 5}})"),
            "Dense: argument 'dtype': expected an object with a class_name, got {\"config\":5}");
  EXPECT_EQ(text("[1]"), "Dense: the config needs to be a JSON object, got [1]");
}

TEST(ConfigJsonTest, BadTextIsRefused) {
  EXPECT_THAT(error_text<FormatError>([] { read(R"({"class_name": )"); }), HasSubstr("object: not valid JSON"));
  EXPECT_THAT(error_text<FormatError>([] { read("7"); }),
              HasSubstr("expected a name or an object with a class_name, got 7"));
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "[";
  EXPECT_EQ(error_text<FormatError>([&] { read(deep); }), "object: JSON nested more than 200 deep");
  EXPECT_THROW(read("{\"class_name\": \"\xff\"}"), FormatError);
}

struct Nobody : layers::Layer {
  using Layer::Layer;
  Tensor call(const Tensor& x, Context&) override { return x; }
};

struct Amplifier : layers::Layer {
  double factor = 1;
  Tensor call(const Tensor& x, Context&) override { return x * factor; }
  void fields(ConfigVisitor& v) override { v("factor", factor), Layer::fields(v); }
};

TEST(ConfigJsonTest, WhatHasNoNameCannotBeSaved) {
  EXPECT_EQ(error_text<ValueError>([] { serialize(Nobody({.name = "n"}), KerasVersion::keras2); }),
            "layer 'n' cannot be saved: its class is not registered. Make it a class and call "
            "layers::registry().add<Nobody>(\"Nobody\") at the start of the program");
  const layers::Dense dense(3, {.activation = [](const Tensor& x) { return x * 2; }, .name = "d"});
  EXPECT_EQ(error_text<ValueError>([&] { serialize(*dense, KerasVersion::keras2); }),
            "layer 'd': activation '<lambda>' cannot be saved: its class is not registered. Make it a class and call "
            "activations::registry().add<Name>(\"Name\") at the "
            "start of the program");
}

TEST(ConfigJsonTest, AUsersLayerIsSavedOnceRegistered) {
  layers::registry().add<Amplifier>("Amplifier");
  Amplifier amplifier;
  amplifier.factor = 3;
  amplifier.set_name("a");
  const auto copy = read(serialize(amplifier, KerasVersion::keras2), KerasVersion::keras2);
  EXPECT_EQ(copy->name(), "a");
  EXPECT_EQ(copy.as<Amplifier>()->factor, 3);
}

TEST(ConfigJsonTest, WhatAKerasDoesNotHaveIsRefused) {
  const auto text = [](const layers::Dense& dense) {
    return error_text<ValueError>([&] { serialize(*dense, KerasVersion::keras2); });
  };
  EXPECT_EQ(text(layers::Dense(3, {.activation = "celu", .name = "d"})),
            "layer 'd': activation 'celu' cannot be saved for Keras 2, which does not have it");
  EXPECT_EQ(text(layers::Dense(3, {.activation = activations::relu.with({.max_value = 6}), .name = "d"})),
            "layer 'd': activation 'relu' with arguments {\"negative_slope\":0.0,\"max_value\":6.0,\"threshold\":0.0} "
            "cannot be saved: Keras' files hold its name alone");
  EXPECT_EQ(text(layers::Dense(
                3, {.kernel_initializer = initializers::HeNormal({.input_axes = std::vector<int>{0}}), .name = "d"})),
            "layer 'd': initializer 'HeNormal' cannot be saved for Keras 2, which has no argument 'input_axes'");
  EXPECT_EQ(text(layers::Dense(3, {.kernel_initializer = initializers::STFT(), .name = "d"})),
            "layer 'd': initializer 'STFT' cannot be saved for Keras 2, which does not have it");
}

TEST(ConfigJsonTest, TextsMustBeUtf8) {
  const layers::Dense dense(3, {.name = "\xff"});
  EXPECT_THAT(error_text<ValueError>([&] { serialize(*dense, KerasVersion::keras2); }),
              HasSubstr("cannot be saved: 'name' is not valid UTF-8"));
  EXPECT_NO_THROW(serialize(*layers::Dense(3, {.name = "größe"}), KerasVersion::keras2));
}

TEST(ConfigJsonTest, NumbersThatJsonLacksAreThoseOfPython) {
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const auto normal = [](double mean) { return share(initializers::RandomNormal({.mean = mean})); };
  EXPECT_EQ(serialize_config(*normal(infinity), KerasVersion::keras3),
            R"({"mean":Infinity,"stddev":0.05,"seed":null})");
  EXPECT_EQ(serialize_config(*normal(-infinity), KerasVersion::keras2),
            R"({"mean":-Infinity,"stddev":0.05,"seed":null})");
  EXPECT_EQ(get_config(*normal(nan)), R"({"mean":NaN,"stddev":0.05,"seed":null})");
  for (const double mean : {infinity, -infinity, nan})
    EXPECT_TRUE(same_config(*normal(mean),
                            *deserialize(initializers::registry(), serialize(*normal(mean), KerasVersion::keras3))))
        << mean;
  EXPECT_FALSE(same_config(*normal(infinity), *normal(-infinity)));
  EXPECT_FALSE(same_config(*normal(infinity), *normal(nan)));
}

// json.dumps of Keras 3.15's MaxNorm(float("inf")).
TEST(ConfigJsonTest, ReadsNumbersAsPythonWritesThem) {
  const auto constraint =
      deserialize(constraints::registry(), R"({"module": "keras.constraints", "class_name": "MaxNorm",
    "config": {"max_value": Infinity, "axis": 0}, "registered_name": null})");
  EXPECT_TRUE(
      same_config(*constraint, *share(constraints::MaxNorm({.max_value = std::numeric_limits<double>::infinity()}))));
  const auto layer = read(R"({"class_name": "Dense", "config": {"units": 3, "name": "NaN \" -Infinity [Infinity"}})");
  EXPECT_EQ(layer->name(), "NaN \" -Infinity [Infinity");
  EXPECT_THAT(error_text<FormatError>([] { read(R"({"class_name": "Dense", "config": {"units": Infinity}})"); }),
              "Dense: argument 'units' needs a whole number, got Infinity");
  EXPECT_THROW(read(R"({"class_name": "Dense", "config": {"units": Inf}})"), FormatError);
  EXPECT_THROW(read(R"({"class_name": "Dense", "config": {"units": +NaN}})"), FormatError);
}

// Keras 2 reads the names of Keras 1 as well.
TEST(ConfigJsonTest, ReadsKeras1) {
  const auto dense = read(R"({"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 4, "init": "he_normal",
    "activation": "relu", "bias": false, "W_regularizer": null, "b_regularizer": null, "W_constraint": null,
    "b_constraint": null, "input_dim": 3, "trainable": true}})",
                          KerasVersion::keras2);
  EXPECT_TRUE(same_config(*dense, *layers::Dense(4, {.activation = "relu",
                                                     .use_bias = false,
                                                     .kernel_initializer = "he_normal",
                                                     .name = "dense_1",
                                                     .input_shape = {3}})))
      << get_config(*dense);
  const auto dropout = read(R"({"class_name": "Dropout", "config": {"name": "d", "p": 0.25}})", KerasVersion::keras2);
  EXPECT_TRUE(same_config(*dropout, *layers::Dropout(0.25, {.name = "d"})));
}

TEST(ConfigJsonTest, CodeOfPythonIsNamedWithItsLayer) {
  for (const char* function : {R"({"class_name": "__lambda__", "config": {"code": "4wEAAAAAAAAA", "defaults": null}})",
                               R"(["4wEAAAAAAAAA\n", null, null])"})
    EXPECT_EQ(error_text<FormatError>([&] {
                read(R"({"class_name": "Dense", "config": {"name": "wave", "units": 3, "activation": )" +
                     std::string(function) + "}}");
              }),
              "Dense 'wave': argument 'activation' is a Python function without a name, saved as its code, which only "
              "Python can run: save the model with a function that has a name");
}

// What a layer with layers, a model with cells or a list of losses would have.
struct ListOfTest : Object {
  std::vector<Arg<regularizers::Regularizer>> penalties;
  void fields(ConfigVisitor& v) override { v("penalties", penalties); }
};

TEST(ConfigJsonTest, ListsOfObjects) {
  static Registry<Object> registry("list");
  registry.add<ListOfTest>("ListOfTest");
  const auto list = deserialize(registry, R"({"class_name": "ListOfTest", "config": {"penalties":
    ["l1", null, {"class_name": "L2", "config": {"l2": 0.5}}]}})");
  EXPECT_EQ(get_config(*list), R"({"penalties":[{"class_name":"L1","config":{"l1":0.01}},null,)"
                               R"({"class_name":"L2","config":{"l2":0.5}}]})");
  EXPECT_EQ(error_text<FormatError>(
                [] { deserialize(registry, R"({"class_name": "ListOfTest", "config": {"penalties": "l1"}})"); }),
            R"(ListOfTest: argument 'penalties' needs a list of objects, got "l1")");
}

}  // namespace
}  // namespace cornu::keras::saving

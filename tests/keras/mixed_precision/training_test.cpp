// Whole models in mixed precision: what they learn, and what their files say.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/rmsprop.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/utils/random_seed.h"
#include "cornu/keras/utils/to_categorical.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/mixed_precision/policy_scope.h"
#include "tests/keras/saving/small_models.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::models {
namespace {

using layers::Dense;
using tests::PolicyScope;

const bool no_samples = cornu::tests::register_without_sample("PlainOfMixedSavingTest");

struct Points {
  Array x, labels, y;
};

/// Three noisy clouds on a plane.
Points clouds(int samples, unsigned seed) {
  graph::random::Generator rng(seed);
  const Array noise = rng.normal({samples, 2}, 0, 0.5);
  Points points{Array(Shape{samples, 2}), Array(Shape{samples}, int32), {}};
  for (int i = 0; i < samples; ++i) {
    const int k = i % 3;
    points.labels.data<std::int32_t>()[i] = k;
    points.x.data<float>()[2 * i] = static_cast<float>(std::cos(2.1 * k)) * 2 + noise.data<float>()[2 * i];
    points.x.data<float>()[2 * i + 1] = static_cast<float>(std::sin(2.1 * k)) * 2 + noise.data<float>()[2 * i + 1];
  }
  points.y = utils::to_categorical(points.labels, 3);
  return points;
}

double test_accuracy(const char* policy, const char* last, bool sparse) {
  const PolicyScope scope(policy);
  utils::set_random_seed(11);
  const Points train = clouds(600, 1), test = clouds(600, 2);
  Sequential model({Dense(32, {.activation = "relu", .input_shape = {2}}), layers::Dropout(0.1), Dense(3),
                    layers::Activation("softmax", {.dtype = last})});
  model.compile({.optimizer = optimizers::RMSprop({.learning_rate = 0.005}),
                 .loss = sparse ? "sparse_categorical_crossentropy" : "categorical_crossentropy",
                 .metrics = {"accuracy"}});
  model.fit(train.x, sparse ? train.labels : train.y, {.epochs = 10, .verbose = 0});
  for (const Array& weight : model.get_weights())
    EXPECT_EQ(weight.dtype(), mixed_precision::Policy(policy).variable_dtype());
  const Logs scores = model.evaluate(test.x, sparse ? test.labels : test.y, {.verbose = 0});
  EXPECT_TRUE(std::isfinite(scores["loss"]));
  return scores["accuracy"];
}

TEST(MixedTrainingTest, ReachesTheAccuracyOfFloat32) {
  const double plain = test_accuracy("float32", "", false);
  EXPECT_GT(plain, 0.97);
  EXPECT_NEAR(test_accuracy("mixed_bfloat16", "", false), plain, 0.01);
  EXPECT_NEAR(test_accuracy("mixed_bfloat16", "float32", false), plain, 0.01);
  EXPECT_NEAR(test_accuracy("mixed_bfloat16", "", true), plain, 0.01);
  EXPECT_GT(test_accuracy("bfloat16", "", false), 0.9);
}

TEST(MixedTrainingTest, LossIsThatOfTheUnroundedProbabilities) {
  // 1 - 2^-12 is no bfloat16: the probability itself would be 1, its logarithm 0.
  const PolicyScope scope("mixed_bfloat16");
  Sequential model({layers::Activation("softmax", {.input_shape = {2}})});
  model.compile({.optimizer = "sgd", .loss = "categorical_crossentropy"});
  const double loss = model.test_on_batch(Array{{8.f, 0.f}}, Array{{1.f, 0.f}})["loss"];
  EXPECT_NEAR(loss, std::log1p(std::exp(-8.0)), 1e-6);
}

TEST(MixedTrainingTest, SmallStepsAreNotLost) {
  // A step of 1e-4 from 1 is below bfloat16's last digit there: float32 weights take it.
  const auto weight_after = [](const char* dtype) {
    Sequential model({Dense(1, {.use_bias = false, .kernel_initializer = "ones", .dtype = dtype, .input_shape = {1}})});
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 1e-4}),
                   .loss = [](const Tensor&, const Tensor& p) { return ops::sum(p, -1); }});
    for (int i = 0; i < 10; ++i) model.train_on_batch(graph::ones({1, 1}), graph::ones({1, 1}));
    return model.get_weights()[0].astype(float32).item<float>();
  };
  EXPECT_NEAR(weight_after("mixed_bfloat16"), 0.999, 1e-6);
  EXPECT_EQ(weight_after("bfloat16"), 1);
}

TEST(MixedTrainingTest, EveryOptimizerTrainsBfloat16Weights) {
  const PolicyScope scope("bfloat16");
  for (const char* optimizer : {"rmsprop", "sgd", "adam", "adamw"}) {
    Sequential model = tests::small_network();
    model.compile({.optimizer = optimizer, .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
    const History history = model.fit(tests::some_inputs(), tests::some_classes(), {.epochs = 3, .verbose = 0});
    EXPECT_TRUE(std::isfinite(history["loss"].back())) << optimizer;
    for (const auto& slot : model.optimizer()->slots())
      if (slot.slot.defined()) {
        EXPECT_EQ(slot.slot.dtype(), bfloat16) << optimizer;
      }
  }
  Sequential model = tests::small_network();
  model.compile({.optimizer = optimizers::Adam({.clipnorm = 1, .use_ema = true, .gradient_accumulation_steps = 2}),
                 .loss = "mse"});
  EXPECT_TRUE(std::isfinite(
      model.fit(tests::some_inputs(), tests::some_classes(), {.batch_size = 4, .epochs = 3, .verbose = 0})["loss"]
          .back()));
}

TEST(MixedTrainingTest, TheSameSeedGivesTheSameBits) {
  const PolicyScope scope("mixed_bfloat16");
  const auto run = [](std::uint64_t seed) {
    utils::set_random_seed(seed);
    Sequential model({Dense(32, {.activation = "relu", .input_shape = {5}}), layers::Dropout(0.2),
                      Dense(3, {.activation = "softmax"})});
    model.compile({.optimizer = "adam", .loss = "categorical_crossentropy"});
    model.fit(tests::some_inputs(40), tests::some_classes(40), {.batch_size = 16, .epochs = 3, .verbose = 0});
    return model.get_weights();
  };
  const auto first = run(5);
  EXPECT_TRUE(tests::equal_bits(first, run(5)));
  EXPECT_FALSE(tests::equal_bits(first, run(6)));
}

TEST(MixedTrainingTest, PredictionsAreOfTheLastLayersDtype) {
  const PolicyScope scope("mixed_bfloat16");
  Sequential mixed = tests::small_network();
  EXPECT_EQ(mixed.predict(tests::some_inputs()).dtype(), bfloat16);
  EXPECT_EQ(mixed.predict(tests::some_inputs(), {.batch_size = 5}).dtype(), bfloat16);
  EXPECT_EQ(mixed.predict_on_batch(tests::some_inputs()).dtype(), bfloat16);
  mixed.add(layers::Activation("linear", {.dtype = "float32"}));
  const Array p = mixed.predict(tests::some_inputs());
  EXPECT_EQ(p.dtype(), float32);
  EXPECT_EQ(mixed.output_shape(), (Shape{kUnknown, 3}));
}

TEST(MixedTrainingTest, ModelsInsideOfModels) {
  const PolicyScope scope("mixed_bfloat16");
  Sequential inner = tests::small_network(), outer({layers::Input({.shape = {5}}), inner, Dense(2)});
  EXPECT_EQ(outer.predict(tests::some_inputs()).dtype(), bfloat16);
  outer.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_TRUE(std::isfinite(
      outer.fit(tests::some_inputs(), tests::some_inputs().reshape({30, 2}).slice(0, 12), {.verbose = 0})["loss"]
          .back()));
}

class File {
 public:
  File() : path_(std::filesystem::temp_directory_path() / ("cornu_mixed_" + std::to_string(::getpid()) + ".h5")) {}
  ~File() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(MixedSavingTest, ModelsKeepTheirPolicies) {
  const File file;
  for (const char* policy : {"mixed_bfloat16", "bfloat16"}) {
    Sequential model({Dense(4, {.activation = "tanh", .dtype = policy, .input_shape = {5}}),
                      Dense(3, {.activation = "softmax", .dtype = "float32"})});
    model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
    model.fit(tests::some_inputs(), tests::some_classes(), {.epochs = 2, .verbose = 0});
    model.save(file.path());
    const PolicyScope scope("bfloat16");  // what the file says counts
    Model again = load_model(file.path());
    EXPECT_EQ(again.layers()[0]->dtype_policy(), policy);
    EXPECT_EQ(again.layers()[1]->dtype_policy(), "float32");
    EXPECT_TRUE(array_equal(again.predict(tests::some_inputs()), model.predict(tests::some_inputs())));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(array_equal(again.get_weights()[i], model.get_weights()[i]));
    const auto step = [](Model m) { return m.train_on_batch(tests::some_inputs(), tests::some_classes())["loss"]; };
    EXPECT_EQ(step(again), step(model));
    EXPECT_EQ(step(again), step(model));
  }
}

TEST(MixedSavingTest, JsonIsKeras3s) {
  using nlohmann::json;
  const auto text = [] {
    const PolicyScope scope("mixed_bfloat16");
    return tests::small_network().to_json();
  }();
  const json
      model = json::parse(text),
      policy = json::parse(
          R"({"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_bfloat16"}, "registered_name": null})");
  EXPECT_EQ(model["config"]["dtype"], policy);
  EXPECT_EQ(model["config"]["layers"][0]["config"]["dtype"], "float32");
  EXPECT_EQ(model["config"]["layers"][1]["config"]["dtype"], policy);
  EXPECT_EQ(model_from_json(text).to_json(), text);
}

TEST(MixedSavingTest, BothKerasPoliciesAreRead) {
  const auto read = [](const std::string& dtype) {
    return saving::deserialize(
               layers::registry(),
               R"({"class_name": "Dense", "config": {"name": "d", "units": 3, "dtype": )" + dtype + "}}")
        ->dtype_policy();
  };
  EXPECT_EQ(
      read(
          R"({"module": "keras.mixed_precision", "class_name": "Policy", "config": {"name": "mixed_bfloat16"}, "registered_name": null})"),
      "mixed_bfloat16");
  EXPECT_EQ(
      read(
          R"({"module": "keras", "class_name": "DTypePolicy", "config": {"name": "bfloat16"}, "registered_name": null})"),
      "bfloat16");
  EXPECT_EQ(read(R"("mixed_bfloat16")"), "mixed_bfloat16");
  const PolicyScope scope("mixed_bfloat16");
  EXPECT_EQ(read("null"), "mixed_bfloat16");
  EXPECT_EQ(read(R"("float32")"), "float32");
  EXPECT_THAT(
      tests::error_text<ValueError>([&] { read(R"({"class_name": "Policy", "config": {"name": "mixed_float16"}})"); }),
      testing::HasSubstr("layer \"d\": dtype policy 'mixed_float16': there is no arithmetic in float16"));
}

struct Plain : layers::Layer {
  using Layer::Layer;
  Tensor call(const Tensor& x, Context&) override { return x * 2; }
};

TEST(MixedSavingTest, LayersOfOnesOwnComeBackWithTheirPolicy) {
  if (!layers::registry().contains("PlainOfMixedSavingTest")) layers::registry().add<Plain>("PlainOfMixedSavingTest");
  const std::string json = saving::serialize(*share(Plain({.dtype = "mixed_bfloat16"})), saving::KerasVersion::keras2);
  EXPECT_THAT(json, testing::HasSubstr(R"("dtype":"mixed_bfloat16")"));
  const auto again = saving::deserialize(layers::registry(), json, saving::KerasVersion::keras2);
  EXPECT_EQ(again->compute_dtype(), bfloat16);
}

}  // namespace
}  // namespace cornu::keras::models

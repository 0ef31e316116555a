// Embedding in models: training, files, errors before anything runs.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cornu/io/hdf5/reader.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/utils/random_seed.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras {
namespace {

using models::Sequential;
using nlohmann::json;
using tests::error_text;

constexpr int kWords = 12, kLength = 6;

/// Rows of word numbers; labels tell whether word 3 is among them.
struct Texts {
  Array x = Array(Shape{48, kLength}, int32), y = Array(Shape{48, 1});
  Texts() {
    for (int i = 0; i < 48; ++i) {
      bool found = false;
      for (int j = 0; j < kLength; ++j) {
        const int word = (i * 5 + j * j * 3 + i * j) % kWords;
        x.data<std::int32_t>()[i * kLength + j] = word;
        found = found || word == 3;
      }
      y.data<float>()[i] = found ? 1.f : 0.f;
    }
  }
};

Sequential classifier(layers::EmbeddingConfig config = {}) {
  config.input_shape = {kLength};
  return Sequential(
      {layers::Embedding(kWords, 4, config), layers::Flatten(), layers::Dense(1, {.activation = "sigmoid"})});
}

void compile(Sequential& model) {
  model.compile(
      {.optimizer = optimizers::Adam({.learning_rate = 0.02}), .loss = "binary_crossentropy", .metrics = {"accuracy"}});
}

TEST(EmbeddingModelTest, Learns) {
  utils::set_random_seed(3);
  const Texts texts;
  auto model = classifier();
  compile(model);
  const Array before = model.get_weights()[0];
  const History history = model.fit(texts.x, texts.y, {.batch_size = 16, .epochs = 40, .verbose = 0});
  EXPECT_LT(history["loss"].back(), 0.3 * history["loss"].front());
  EXPECT_GT(history["accuracy"].back(), 0.95);
  EXPECT_FALSE(array_equal(model.get_weights()[0], before));
}

TEST(EmbeddingModelTest, LearnsInBFloat16) {
  const Texts texts;
  for (const char* policy : {"mixed_bfloat16", "bfloat16"}) {
    utils::set_random_seed(3);
    auto model = classifier({.dtype = policy});
    compile(model);
    const History history = model.fit(texts.x, texts.y, {.batch_size = 16, .epochs = 20, .verbose = 0});
    EXPECT_LT(history["loss"].back(), 0.7 * history["loss"].front()) << policy;
    EXPECT_EQ(model.get_weights()[0].dtype(), std::string(policy) == "bfloat16" ? bfloat16 : float32);
  }
}

TEST(EmbeddingModelTest, TakesAnyLength) {
  Sequential model({layers::Embedding(kWords, 4, {.input_shape = {kUnknown}}), layers::Dense(2)});
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, kUnknown, 2}));
  const Array x = Texts().x, y = model.predict(x);
  EXPECT_EQ(model.predict(x.slice(0, 5).reshape({10, 3})).shape(), (Shape{10, 3, 2}));
  EXPECT_TRUE(allclose(model.predict(x.slice(0, 5).reshape({10, 3})).reshape({5, kLength, 2}), y.slice(0, 5)));
}

TEST(EmbeddingModelTest, FrozenVectorsStay) {
  const Texts texts;
  auto model = classifier({.trainable = false});
  compile(model);
  const Array before = model.get_weights()[0];
  model.fit(texts.x, texts.y, {.epochs = 2, .verbose = 0});
  EXPECT_TRUE(array_equal(model.get_weights()[0], before));
}

TEST(EmbeddingModelTest, BitsDoNotDependOnTheNumberOfThreads) {
  const Texts texts;
  std::vector<Array> results;
  for (const int threads : {1, 2}) {
    utils::set_random_seed(3);
    Sequential model({layers::Embedding(kWords, 4, {.input_shape = {kLength}}), layers::Flatten()});
    model.compile({.optimizer = optimizers::Adam(), .loss = "mse", .threads = threads});
    model.fit(texts.x, texts.y + graph::zeros({48, 4 * kLength}), {.epochs = 3, .verbose = 0});
    results.push_back(model.get_weights()[0]);
  }
  EXPECT_TRUE(array_equal(results[0], results[1]));
}

TEST(EmbeddingModelTest, TakesDataOfAnyDtype) {
  const Texts texts;
  const auto model = classifier();
  const Array want = model.predict(texts.x);
  for (const DType dtype : {int64, uint8, float32, float64})
    EXPECT_TRUE(array_equal(model.predict(texts.x.astype(dtype)), want)) << dtype;
  Sequential declared({layers::Input({.shape = {kLength}, .dtype = "int32"})});
  for (const auto& layer : model.layers()) declared.add(layer);
  EXPECT_TRUE(array_equal(declared.predict(texts.x), want));
  Sequential nested;
  nested.add(model);
  EXPECT_TRUE(array_equal(nested.predict(texts.x), want));
}

TEST(EmbeddingModelTest, IndicesAreNotRoundedToFloats) {
  const layers::Embedding layer(1, 1);
  for (const DType dtype : {int32, int64, uint8}) EXPECT_EQ(layer->input_dtype(dtype), dtype);
  EXPECT_EQ(layer->input_dtype(bfloat16), float32);
}

TEST(EmbeddingModelTest, IndicesOutOfRangeAreAnErrorBeforeAnythingRuns) {
  const Texts texts;
  auto model = classifier({.name = "words"});
  compile(model);
  const auto weights = model.get_weights();
  const auto text = [](const char* index) {
    return std::string(
               "[Embedding \"words\"] indices must be from 0 to 11 for input_dim 12, or negative, down to -12, and "
               "count from the end; "
               "index number 7 of the data is ") +
           index;
  };
  Array bad = texts.x.copy();
  bad.data<std::int32_t>()[7] = 12;
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(bad, texts.y, {.verbose = 0}); }), text("12"));
  EXPECT_EQ(error_text<ValueError>([&] {
              model.fit(texts.x, texts.y, {.verbose = 0, .validation_data = {bad, texts.y}});
            }),
            text("12"));
  EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(bad, texts.y, {.verbose = 0}); }), text("12"));
  EXPECT_EQ(error_text<ValueError>([&] { model.predict(bad); }), text("12"));
  EXPECT_EQ(error_text<ValueError>([&] { model.predict_on_batch(bad); }), text("12"));
  EXPECT_EQ(error_text<ValueError>([&] { model.train_on_batch(bad.astype(uint8), texts.y); }), text("12"));
  EXPECT_EQ(error_text<ValueError>([&] { model.test_on_batch(bad.astype(float32), texts.y); }), text("12"));
  bad.data<std::int32_t>()[7] = -13;
  EXPECT_EQ(error_text<ValueError>([&] { model.predict(bad); }), text("-13"));
  Array nan = texts.x.astype(float32);
  nan.data<float>()[7] = NAN;
  EXPECT_EQ(error_text<ValueError>([&] { model.predict(nan); }), text("nan"));
  nan.data<float>()[7] = 1e30f;
  EXPECT_EQ(error_text<ValueError>([&] { model.predict(nan); }), text("1e+30"));
  Sequential nested;
  nested.add(model);
  EXPECT_EQ(error_text<ValueError>([&] { nested.predict(bad); }), text("-13"));
  bad.data<std::int32_t>()[7] = -12;
  EXPECT_NO_THROW(model.predict(bad));
  nan.data<float>()[7] = 11.99f;
  EXPECT_NO_THROW(model.predict(nan));
  for (std::size_t i = 0; i < weights.size(); ++i) EXPECT_TRUE(array_equal(model.get_weights()[i], weights[i]));
}

TEST(EmbeddingModelTest, IsSavedInKeras2sFormAndLoadedAgain) {
  const Texts texts;
  const tests::TemporaryFolder folder;
  auto model = classifier({.embeddings_regularizer = "l2"});
  compile(model);
  model.fit(texts.x, texts.y, {.verbose = 0});
  model.save(folder / "model.h5");

  const auto root = io::hdf5::File(folder / "model.h5").root();
  const auto group = root.group("model_weights").group("embedding");
  EXPECT_THAT(group.texts("weight_names"), testing::ElementsAre("embedding/embeddings:0"));
  EXPECT_TRUE(array_equal(group.dataset("embedding/embeddings:0"), model.get_weights()[0]));
  const json layers = json::parse(root.text("model_config"))["config"]["layers"];
  EXPECT_EQ(
      layers[0],
      json::parse(
          R"({"class_name": "InputLayer", "config": {"batch_input_shape": [null, 6], "dtype": "float32", "sparse": false,
                                       "ragged": false, "name": "embedding_input"}})"));
  json config = layers[1]["config"];
  for (const char* object : {"embeddings_initializer", "embeddings_regularizer"})
    config[object] = config[object]["class_name"];
  EXPECT_EQ(
      config,
      json::parse(
          R"({"name": "embedding", "trainable": true, "dtype": "float32", "batch_input_shape": [null, 6], "input_dim": 12,
                                    "output_dim": 4, "embeddings_initializer": "RandomUniform", "embeddings_regularizer": "L2",
                                    "activity_regularizer": null, "embeddings_constraint": null, "mask_zero": false, "input_length": null})"));

  auto loaded = models::load_model(folder / "model.h5");
  EXPECT_TRUE(array_equal(loaded.predict(texts.x), model.predict(texts.x)));
  EXPECT_EQ(loaded.train_on_batch(texts.x, texts.y)["loss"], model.train_on_batch(texts.x, texts.y)["loss"]);
  EXPECT_TRUE(array_equal(loaded.get_weights()[0], model.get_weights()[0]));
}

TEST(EmbeddingModelTest, IsInTheSummaryAndInJson) {
  const auto model = classifier();
  std::string table;
  model.summary([&](const std::string& line) { table += line + '\n'; });
  EXPECT_THAT(table, testing::HasSubstr("embedding (Embedding)        (None, 6, 4)              48        \n"));
  const json embedding = json::parse(model.to_json())["config"]["layers"][1];
  EXPECT_EQ(embedding["class_name"], "Embedding");
  for (const char* absent : {"lora_rank", "lora_alpha", "input_length", "weights"})
    EXPECT_FALSE(embedding["config"].contains(absent)) << absent;
  EXPECT_EQ(models::model_from_json(model.to_json()).layers()[0]->output_shape(), (Shape{kUnknown, 6, 4}));
}

TEST(EmbeddingModelTest, AModelOfKeras2IsRead) {
  const auto model = [](const char* length, const char* input_length) {
    const std::string text =
        std::string(R"({"keras_version": "2.15.0", "class_name": "Sequential", "config": {"name": "s", "layers": [
      {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_input_shape": [null, )") +
        length + R"(], "dtype": "float32", "sparse": false,
        "ragged": false, "name": "embedding_input"}, "registered_name": null},
      {"module": "keras.layers", "class_name": "Embedding", "config": {"name": "embedding", "trainable": true, "dtype": "float32", "batch_input_shape":
        [null, )" +
        length +
        R"(], "input_dim": 12, "output_dim": 4, "embeddings_initializer": {"module": "keras.initializers", "class_name": "RandomUniform",
        "config": {"minval": -0.05, "maxval": 0.05, "seed": null}, "registered_name": null}, "embeddings_regularizer": null,
        "activity_regularizer": null, "embeddings_constraint": null, "mask_zero": true, "input_length": )" +
        input_length + R"(}, "registered_name": null,
        "build_config": {"input_shape": [null, )" +
        length + "]}}]}}";
    return models::model_from_json(text);
  };
  EXPECT_EQ(model("null", "null").output_shape(), (Shape{kUnknown, kUnknown, 4}));
  EXPECT_EQ(model("6", "6").output_shape(), (Shape{kUnknown, 6, 4}));
  EXPECT_EQ(model("6", "6").predict(Texts().x).shape(), (Shape{48, 6, 4}));
  EXPECT_THROW(model("6", "7"), ShapeError);
}

TEST(EmbeddingModelTest, AFileWithLoraIsRefused) {
  json config = json::parse(classifier().to_json());
  config["config"]["layers"][1]["config"]["lora_rank"] = 4;
  EXPECT_THAT(error_text<ValueError>([&] { models::model_from_json(config.dump()); }),
              testing::HasSubstr("lora_rank is not supported, got 4"));
}

}  // namespace
}  // namespace cornu::keras

#include "cornu/keras/callbacks/tensorboard.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/utils/random_seed.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/callbacks/small_model.h"
#include "tests/keras/callbacks/written_log.h"
#include "tests/support/captured_stream.h"
#include "tests/support/shared_data.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::read_text;
using cornu::tests::TemporaryFolder;
using cornu::tests::write_text;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using tests::WrittenLog;

models::Sequential classifier() {
  models::Sequential model(
      {layers::Flatten({.input_shape = {4, 5}}), layers::Dense(6, {.activation = "relu", .name = "a"}),
       layers::Dense(3, {.activation = "softmax", .name = "b"})},
      "net");
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.25}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  return model;
}
Array images(std::int64_t n) {
  Array x(Shape{n, 4, 5});
  for (std::int64_t i = 0; i < x.size(); ++i) x.data<float>()[i] = static_cast<float>(i * 37 % 101) / 100;
  return x;
}
Array labels(std::int64_t n) {
  Array y(Shape{n}, graph::int32);
  for (std::int64_t i = 0; i < n; ++i) y.data<std::int32_t>()[i] = static_cast<std::int32_t>(i % 3);
  return y;
}
History fit(models::Sequential& model, const TensorBoard& callback, FitConfig config = {}) {
  config.batch_size = 8;
  config.verbose = 0;
  config.callbacks.push_back(callback);
  return model.fit(images(24), labels(24), std::move(config));
}

TEST(TensorBoard, WritesKerasTagsOfEpochsAndEvaluations) {
  const TemporaryFolder folder;
  auto model = classifier();
  const History history =
      fit(model, TensorBoard({.log_dir = folder / "logs"}), {.epochs = 2, .validation_data = {images(10), labels(10)}});
  const WrittenLog train(folder / "logs/train"), validation(folder / "logs/validation");
  EXPECT_THAT(train.tags(), ElementsAre("epoch_accuracy", "epoch_learning_rate", "epoch_loss", "keras"));
  EXPECT_THAT(train.steps("epoch_loss"), ElementsAre(0, 1));
  EXPECT_THAT(train.values("epoch_learning_rate"), ElementsAre(0.25f, 0.25f));
  EXPECT_FLOAT_EQ(train.values("epoch_loss")[1], static_cast<float>(history["loss"][1]));
  EXPECT_THAT(validation.tags(), ElementsAre("epoch_accuracy", "epoch_loss", "evaluation_accuracy_vs_iterations",
                                             "evaluation_loss_vs_iterations"));
  EXPECT_FLOAT_EQ(validation.values("epoch_loss")[0], static_cast<float>(history["val_loss"][0]));
  EXPECT_THAT(validation.steps("evaluation_loss_vs_iterations"), ElementsAre(3, 6));
}

TEST(TensorBoard, WritesBothGraphsAndTheTimesOfAStep) {
  const TemporaryFolder folder;
  auto model = classifier();
  fit(model, TensorBoard({.log_dir = folder.path(), .profile_batch = {4, 5}}), {.epochs = 2});
  const WrittenLog train(folder / "train");
  ASSERT_EQ(train.graphs.size(), 1u);
  for (const char* name : {"net/a/MatMul", "net/a/kernel", "gradients/net/b/MatMul", "optimizer/sgd/",
                           "loss/sparse_categorical_crossentropy/", "metrics/accuracy/"})
    EXPECT_THAT(train.graphs[0], HasSubstr(name));
  EXPECT_THAT(train.metadata_tags, ElementsAre("batch_2", "batch_4", "batch_5"));
  const auto& keras = train.summaries.at("keras")[0].second;
  EXPECT_EQ(keras.plugin, "graph_keras_model");
  EXPECT_THAT(keras.strings.at(0), HasSubstr("\"net\""));

  const TemporaryFolder other;
  fit(model, TensorBoard({.log_dir = other.path(), .write_graph = false}), {.epochs = 2});
  const WrittenLog without(other / "train");
  EXPECT_THAT(without.graphs, IsEmpty());
  EXPECT_THAT(without.metadata_tags, IsEmpty());
  EXPECT_THAT(without.tags(), Not(Contains("keras")));
}

TEST(TensorBoard, WritesHistogramsOfWeightsActivationsAndGradients) {
  const TemporaryFolder folder;
  auto model = classifier();
  fit(model, TensorBoard({.log_dir = folder.path(), .histogram_freq = 2}),
      {.epochs = 3, .validation_data = {images(10), labels(10)}});
  const WrittenLog train(folder / "train");
  EXPECT_THAT(train.tags("/histogram"),
              ElementsAre("net/a/activation/histogram", "net/a/bias/gradient/histogram", "net/a/bias/histogram",
                          "net/a/kernel/gradient/histogram", "net/a/kernel/histogram", "net/b/activation/histogram",
                          "net/b/bias/gradient/histogram", "net/b/bias/histogram", "net/b/kernel/gradient/histogram",
                          "net/b/kernel/histogram"));
  EXPECT_THAT(train.steps("net/a/kernel/gradient/histogram"), ElementsAre(0, 2));
  const auto total = [&](const std::string& tag) {
    const Array rows = *train.summaries.at(tag)[1].second.numbers;
    double sum = 0;
    for (std::int64_t i = 0; i < rows.rows(); ++i) sum += rows[i].data<double>()[2];
    return sum;
  };
  EXPECT_EQ(total("net/a/kernel/histogram"), 120);
  EXPECT_EQ(total("net/a/kernel/gradient/histogram"), 120);
  EXPECT_EQ(total("net/a/activation/histogram"), 8 * 6) << "of the first validation batch";
  EXPECT_THAT(train.tags("/image"), IsEmpty());
}

TEST(TensorBoard, WithoutValidationLooksAtTheLastTrainingBatch) {
  const TemporaryFolder folder;
  auto model = classifier();
  fit(model, TensorBoard({.log_dir = folder.path(), .histogram_freq = 1, .write_images = true}));
  const WrittenLog train(folder / "train");
  EXPECT_THAT(train.tags("activation/histogram"),
              ElementsAre("net/a/activation/histogram", "net/b/activation/histogram"));
  EXPECT_THAT(train.tags("/image"),
              ElementsAre("net/a/bias/image", "net/a/kernel/image", "net/b/bias/image", "net/b/kernel/image"));
  EXPECT_FALSE(std::filesystem::exists(folder / "validation"));
}

TEST(TensorBoard, TrainsToTheSameBits) {
  const auto weights = [](const FitConfig& config) {
    utils::set_random_seed(5);
    auto model = classifier();
    FitConfig own = config;
    own.epochs = 3;
    own.batch_size = 8;
    own.verbose = 0;
    model.fit(images(20), labels(20), own);
    return model.get_weights();
  };
  const TemporaryFolder folder;
  const auto plain = weights({});
  const auto watched = weights({.callbacks = {TensorBoard({.log_dir = folder.path(),
                                                           .histogram_freq = 1,
                                                           .update_freq = 1,
                                                           .profile_batch = 2,
                                                           .embeddings_freq = 1})}});
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_TRUE(array_equal(plain[i], watched[i])) << i;
}

TEST(TensorBoard, WritesBatchesOnRequest) {
  const TemporaryFolder folder;
  auto model = classifier();
  fit(model, TensorBoard({.log_dir = folder / "2", .write_steps_per_second = true, .update_freq = 2}), {.epochs = 3});
  const WrittenLog two(folder / "2/train");
  EXPECT_THAT(two.steps("batch_loss"), ElementsAre(2, 4, 6, 8));
  EXPECT_THAT(two.steps("batch_steps_per_second"), ElementsAre(2, 4, 6, 8));
  EXPECT_THAT(two.steps("epoch_steps_per_second"), ElementsAre(0, 1, 2));
  EXPECT_GT(two.values("epoch_steps_per_second")[1], 0);
  fit(model, TensorBoard({.log_dir = folder / "all", .update_freq = "batch"}));
  EXPECT_THAT(WrittenLog(folder / "all/train").steps("batch_accuracy"), ElementsAre(1, 2, 3));
}

TEST(TensorBoard, ASecondFitGoesOn) {
  const TemporaryFolder folder;
  auto model = classifier();
  const TensorBoard callback({.log_dir = folder.path(), .update_freq = "batch"});
  fit(model, callback, {.epochs = 2, .validation_data = {images(10), labels(10)}});
  fit(model, callback, {.epochs = 1, .validation_data = {images(10), labels(10)}});
  fit(model, TensorBoard({.log_dir = folder.path(), .update_freq = "batch"}), {.epochs = 5, .initial_epoch = 3});
  const WrittenLog train(folder / "train"), validation(folder / "validation");
  EXPECT_THAT(train.steps("epoch_loss"), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(train.steps("batch_loss").size(), 15u);
  EXPECT_EQ(train.steps("batch_loss").back(), 15);
  EXPECT_THAT(validation.steps("evaluation_loss_vs_iterations"), ElementsAre(3, 6, 9));
}

TEST(TensorBoard, EvaluateAloneWritesToValidation) {
  const TemporaryFolder folder;
  auto model = classifier();
  model.evaluate(images(8), labels(8), {.verbose = 0, .callbacks = {TensorBoard(folder.path())}});
  EXPECT_THAT(WrittenLog(folder / "validation").steps("evaluation_loss_vs_iterations"), ElementsAre(0));
  EXPECT_FALSE(std::filesystem::exists(folder / "train"));
}

TEST(TensorBoard, PointsAreTheLastHiddenLayersActivationsWithLabelsAndImages) {
  const TemporaryFolder folder;
  auto model = classifier();
  fit(model, TensorBoard({.log_dir = folder.path(), .embeddings_freq = 1, .embeddings_samples = 7}),
      {.epochs = 2, .validation_data = {images(10), labels(10)}});
  const std::string config = read_text(folder / "train/projector_config.pbtxt");
  EXPECT_THAT(config, HasSubstr("net/a/activation/epoch_0"));
  EXPECT_THAT(config, HasSubstr("net/a/activation/epoch_1"));
  EXPECT_THAT(config, HasSubstr("sprite"));
  const std::string points = read_text(folder / "train/net_a_activation_epoch_1.tensor.tsv");
  EXPECT_EQ(std::count(points.begin(), points.end(), '\n'), 7);
  EXPECT_EQ(std::count(points.begin(), points.end(), '\t'), 7 * 5);
  EXPECT_EQ(read_text(folder / "train/net_a_activation_epoch_1.metadata.tsv"), "0\n1\n2\n0\n1\n2\n0\n");
}

TEST(TensorBoard, PointsOfChosenLayersAndOneHotLabels) {
  const TemporaryFolder folder;
  models::Sequential model({layers::Dense(4, {.name = "a", .input_shape = {3}}), layers::Dense(2, {.name = "b"})},
                           "net");
  model.compile({.optimizer = "sgd", .loss = "categorical_crossentropy"});
  const Array y = Array{{0.f, 1.f}, {1.f, 0.f}};
  model.fit(graph::ones({2, 3}), y,
            {.batch_size = 1,
             .verbose = 0,
             .callbacks = {TensorBoard(
                 {.log_dir = folder.path(), .embeddings_freq = 1, .embeddings_layers = {"net/b", "a"}})},
             .validation_data = {graph::ones({2, 3}), y}});
  EXPECT_EQ(read_text(folder / "train/net_b_activation_epoch_0.metadata.tsv"), "1\n0\n");
  EXPECT_TRUE(std::filesystem::exists(folder / "train/net_a_activation_epoch_0.tensor.tsv"));
  EXPECT_THAT(read_text(folder / "train/projector_config.pbtxt"), Not(HasSubstr("sprite")));
}

TEST(TensorBoard, MatricesOfEmbeddingLayersWithTheirMetadata) {
  const TemporaryFolder folder;
  write_text(folder / "words.tsv", "word\tcount\nzero\t0\none\t1\ntwo\t2\n");
  models::Sequential model(
      {layers::Embedding(3, 2, {.name = "words", .input_shape = {4}}), layers::Flatten(), layers::Dense(1)}, "net");
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const auto train = [&](const EmbeddingsMetadata& metadata) {
    model.fit(graph::ones({6, 4}, graph::int32), graph::ones({6, 1}),
              {.epochs = 3,
               .verbose = 0,
               .callbacks = {
                   TensorBoard({.log_dir = folder.path(), .embeddings_freq = 2, .embeddings_metadata = metadata})}});
  };
  train({{"words", "words.tsv"}});
  const std::string config = read_text(folder / "train/projector_config.pbtxt");
  for (const char* name :
       {"net/words/embeddings/epoch_0", "net/words/embeddings/epoch_2", "net/words/activation/epoch_0"})
    EXPECT_THAT(config, HasSubstr(name));
  EXPECT_EQ(read_text(folder / "train/net_words_embeddings_epoch_2.metadata.tsv"),
            "word\tcount\nzero\t0\none\t1\ntwo\t2\n");
  const std::string points = read_text(folder / "train/net_words_embeddings_epoch_2.tensor.tsv");
  EXPECT_EQ(std::count(points.begin(), points.end(), '\n'), 3);

  write_text(folder / "labels.tsv", "a\nb\n");
  EXPECT_THROW(train("labels.tsv"), ValueError) << "two lines for three rows";
  EXPECT_THROW(train("none.tsv"), IoError);
  write_text(folder / "labels.tsv", "a\nb\nc\n");
  train("labels.tsv");
  EXPECT_EQ(read_text(folder / "train/net_words_embeddings_epoch_3.metadata.tsv"), "a\nb\nc\n") << "the epochs go on";
}

// Curves and histograms of real Keras and of Cornu are to lie side by side.
TEST(TensorBoard, HasTheTagsAndFormsOfRealKeras) {
  const auto golden = cornu::tests::shared_data("golden-tb/keras3-mlp");
  if (!golden) GTEST_SKIP() << "there is no ../shared/golden-tb";
  const TemporaryFolder folder;
  models::Sequential model({layers::Dense(16, {.activation = "relu", .input_shape = {784}}),
                            layers::Dense(16, {.activation = "relu"}), layers::Dense(10, {.activation = "softmax"})},
                           "sequential");
  model.compile({.optimizer = "rmsprop", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  const Array x = graph::ones({40, 784}), y = labels(40);
  model.fit(x, y,
            {.epochs = 3,
             .verbose = 0,
             .callbacks = {TensorBoard({.log_dir = folder.path(), .histogram_freq = 1, .write_images = true})},
             .validation_data = {x, y}});
  for (const char* run : {"train", "validation"}) {
    const WrittenLog keras(*golden / run), own(folder / run);
    ASSERT_FALSE(keras.summaries.empty());
    for (const auto& [tag, values] : keras.summaries) {
      SCOPED_TRACE(std::string(run) + ' ' + tag);
      ASSERT_TRUE(own.summaries.contains(tag));
      const auto& wanted = values[0].second;
      const auto& got = own.summaries.at(tag)[0].second;
      EXPECT_EQ(got.plugin, wanted.plugin);
      EXPECT_EQ(got.content, wanted.content);
      EXPECT_EQ(got.numbers.has_value(), wanted.numbers.has_value());
      if (wanted.numbers && got.numbers) {
        EXPECT_EQ(got.numbers->spec(), wanted.numbers->spec());
      }
      if (wanted.plugin == "images") {
        EXPECT_THAT(got.strings, testing::SizeIs(wanted.strings.size()));
      }
      if (!tag.starts_with("evaluation_")) {
        EXPECT_EQ(own.steps(tag), keras.steps(tag));
      }
    }
  }
}

TEST(TensorBoard, WritersAreThere) {
  const TemporaryFolder folder;
  auto model = classifier();
  TensorBoard callback(folder.path());
  FitConfig config;
  config.callbacks.push_back(LambdaCallback(
      {.on_epoch_end = [&](int epoch, const Logs&) { callback->train_writer().text("note", "hello", epoch); }}));
  fit(model, callback, std::move(config));
  EXPECT_THAT(WrittenLog(folder / "train").steps("note"), ElementsAre(0));
}

TEST(TensorBoard, NumbersThatAreNoneAreCountedAndTheTrainingGoesOn) {
  const TemporaryFolder folder;
  auto model = classifier();
  Array x = images(24);
  x.data<float>()[3] = std::numeric_limits<float>::quiet_NaN();
  cornu::tests::CapturedStream warnings(std::cerr);
  model.fit(x, labels(24),
            {.batch_size = 8,
             .epochs = 2,
             .verbose = 0,
             .callbacks = {TensorBoard({.log_dir = folder.path(), .histogram_freq = 1, .embeddings_freq = 1})}});
  const WrittenLog train(folder / "train");
  EXPECT_THAT(train.values("net/a/kernel/not_finite"), ElementsAre(6, 6)) << "the weights of the bad pixel";
  EXPECT_TRUE(std::isnan(train.values("epoch_loss")[0]));
  EXPECT_THAT(warnings.text(), HasSubstr("TensorBoard: points for the Projector are missing: "));
}

TEST(TensorBoard, AFolderThatGoesAwayIsAWarning) {
  const TemporaryFolder folder;
  auto model = classifier();
  cornu::tests::CapturedStream warnings(std::cerr);
  FitConfig config{.epochs = 3};
  config.callbacks.push_back(
      LambdaCallback({.on_epoch_end = [&](int, const Logs&) { std::filesystem::remove_all(folder / "logs"); }}));
  const History history = fit(model, TensorBoard({.log_dir = folder / "logs", .histogram_freq = 1}), std::move(config));
  EXPECT_EQ(history.epoch().size(), 3u);
  EXPECT_THAT(warnings.text(), HasSubstr("Warning: "));
}

TEST(TensorBoard, Errors) {
  const auto text_of = [](auto&& run) {
    try {
      run();
    } catch (const graph::Error& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(text_of([] { TensorBoard({.histogram_freq = -1}); }),
            "TensorBoard: histogram_freq must be at least 0, got -1");
  EXPECT_EQ(text_of([] { TensorBoard({.update_freq = "step"}); }),
            "TensorBoard: update_freq must be \"epoch\", \"batch\" or a number of batches, got \"step\"");
  EXPECT_EQ(text_of([] { TensorBoard({.update_freq = 0}); }), "TensorBoard: update_freq must be at least 1, got 0");
  EXPECT_EQ(
      text_of([] {
        TensorBoard({.profile_batch = {5, 2}});
      }),
      "TensorBoard: profile_batch must be 0, a batch from 1 on, or the first and last one of several, got 5 to 2");
  EXPECT_EQ(text_of([] { TensorBoard({.embeddings_samples = 0}); }),
            "TensorBoard: embeddings_samples must be at least 1, got 0");
  auto model = classifier();
  const TemporaryFolder folder;
  EXPECT_EQ(text_of([&] {
              fit(model, TensorBoard({.log_dir = folder.path(), .embeddings_freq = 1, .embeddings_layers = {"c"}}));
            }),
            "TensorBoard: embeddings_layers names the layer \"c\", but the model \"net\" computes with a, b");
  EXPECT_EQ(
      text_of([&] {
        fit(model,
            TensorBoard({.log_dir = folder.path(), .embeddings_freq = 1, .embeddings_metadata = {{"words", "w.tsv"}}}));
      }),
      "TensorBoard: embeddings_metadata names the layer \"words\", but the model \"net\" has no Embedding layer of "
      "that name");
  write_text(folder / "file", "");
  EXPECT_THAT(text_of([&] { fit(model, TensorBoard({.log_dir = folder / "file"})); }), HasSubstr("file"));
}

}  // namespace
}  // namespace cornu::keras::callbacks

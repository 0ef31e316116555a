// Losses and metrics in a model: in the compiled step, in files, with weights.
#include <gtest/gtest.h>

#include <filesystem>

#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/reshaping/reshape.h"
#include "cornu/keras/losses/ctc.h"
#include "cornu/keras/losses/segmentation.h"
#include "cornu/keras/metrics/f_score.h"
#include "cornu/keras/metrics/iou.h"
#include "cornu/keras/metrics/r2_score.h"
#include "cornu/keras/metrics/regression.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/utils/random_seed.h"
#include "tests/keras/metrics/update.h"

namespace cornu::keras::metrics {
namespace {

using models::Sequential;

Array random(const Shape& shape, std::uint64_t seed, double low = -1) {
  return graph::random::Generator(seed).uniform(shape, low, 1);
}

Sequential classifier() {
  utils::set_random_seed(1);
  return Sequential({layers::Dense(3, {.activation = "softmax", .input_shape = {4}})});
}
const Array kX = random({10, 4}, 2), kLabels{0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
Array one_hot() {
  Array targets = graph::zeros({10, 3});
  for (std::int64_t i = 0; i < 10; ++i) targets.at<float>({i, kLabels.data<int>()[i]}) = 1;
  return targets;
}

TEST(MetricsInTrainingTest, AreThoseOfThePredictions) {
  Sequential model = classifier();
  const Array targets = one_hot();
  model.compile({.loss = "categorical_focal_crossentropy",
                 .metrics = {F1Score("macro"), FBetaScore({.beta = 2, .name = "f2"}), R2Score(), OneHotMeanIoU(3),
                             "kl_divergence", losses::dice},
                 .weighted_metrics = {F1Score({.average = "micro", .name = "weighted_f1"})}});
  const Array weights = random({10}, 3, 0);
  // Batches of 4, 4 and 2.
  const Logs logs = model.evaluate(kX, targets, {.batch_size = 4, .verbose = 0, .sample_weight = weights});
  const Array predictions = model.predict(kX);
  const auto all = [&](const Shared<Metric>& metric, const Tensor& weight = {}) {
    return tests::updated(metric, targets, predictions, weight);
  };
  EXPECT_NEAR(logs["f1_score"], all(F1Score("macro")).item<float>(), 1e-5);
  EXPECT_NEAR(logs["r2_score"], all(R2Score()).item<float>(), 1e-5);
  EXPECT_NEAR(logs["one_hot_mean_io_u"], all(OneHotMeanIoU(3)).item<float>(), 1e-5);
  EXPECT_NEAR(logs["kl_divergence"], all(Metric::from_name("kl_divergence")).item<float>(), 1e-5);
  EXPECT_NEAR(logs["weighted_f1"], all(F1Score("micro"), weights).item<float>(), 1e-5);
  const Array f2 = all(FBetaScore({.beta = 2}));
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(logs["f2_" + std::to_string(i)], f2.data<float>()[i], 1e-5);
  EXPECT_GT(logs["dice"], 0);
}

TEST(MetricsInTrainingTest, BeginAgainInEachEpoch) {
  Sequential model = classifier();
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {F1Score("macro"), R2Score()}});
  const auto history = model.fit(kX, one_hot(), {.batch_size = 4, .epochs = 2, .verbose = 0, .validation_split = 0.2});
  for (const char* name : {"f1_score", "val_f1_score", "r2_score", "val_r2_score"})
    EXPECT_EQ(history[name].size(), 2u) << name;
}

TEST(LossesInTrainingTest, GoDown) {
  const Array sparse = kLabels.astype(graph::float32).reshape({10, 1});
  for (const char* loss :
       {"huber", "log_cosh", "mape", "msle", "cosine_similarity", "hinge", "squared_hinge", "categorical_hinge", "kld",
        "poisson", "binary_focal_crossentropy", "categorical_focal_crossentropy", "dice", "tversky",
        "categorical_generalized_cross_entropy", "circle"}) {
    SCOPED_TRACE(loss);
    Sequential model = classifier();
    model.compile({.optimizer = "adam", .loss = loss});
    const bool numbers = std::string(loss) == "circle" || std::string(loss).starts_with("categorical_gen");
    const auto losses =
        model.fit(kX, numbers ? sparse : one_hot(), {.batch_size = 10, .epochs = 20, .verbose = 0})["loss"];
    EXPECT_LT(losses.back(), losses.front());
  }
}

TEST(LossesInTrainingTest, SequencesAreLearntByCTC) {
  utils::set_random_seed(1);
  Sequential model({layers::Dense(24, {.input_shape = {4}}), layers::Reshape({6, 4})});
  model.compile({.optimizer = "adam", .loss = losses::CTC()});
  const Array labels{{1, 2, 0}, {3, 0, 0}, {2, 2, 1}, {1, 3, 2}};
  const auto history = model.fit(kX.slice(0, 4), labels, {.batch_size = 4, .epochs = 20, .verbose = 0});
  EXPECT_LT(history["loss"].back(), history["loss"].front());
  EXPECT_THROW(model.fit(kX.slice(0, 1), Array{{1, 4, 0}}, {.verbose = 0}), ValueError) << "4 is no class";
}

TEST(LossesAndMetricsInFilesTest, GoOnAfterLoading) {
  const std::string path = (std::filesystem::temp_directory_path() / "losses_and_metrics.h5").string();
  Sequential model = classifier();
  model.compile(
      {.optimizer = "sgd",
       .loss = losses::Huber({.delta = 0.25}),
       .metrics = {F1Score("macro"), MeanIoU({.num_classes = 3, .sparse_y_true = false, .sparse_y_pred = false}),
                   CosineSimilarity({.axis = 1})}});
  model.fit(kX, one_hot(), {.batch_size = 10, .verbose = 0});
  const Logs before = model.evaluate(kX, one_hot(), {.verbose = 0});
  model.save(path);
  models::Model loaded = models::load_model(path);
  const Logs after = loaded.evaluate(kX, one_hot(), {.verbose = 0});
  for (const char* name : {"loss", "f1_score", "mean_io_u", "cosine_similarity"})
    EXPECT_FLOAT_EQ(static_cast<float>(after[name]), static_cast<float>(before[name])) << name;
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace cornu::keras::metrics

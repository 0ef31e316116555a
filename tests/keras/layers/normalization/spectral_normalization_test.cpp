#include "cornu/keras/layers/normalization/spectral_normalization.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/activations/relu.h"
#include "cornu/keras/layers/convolutional/conv.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "SpectralNormalization",
       .config =
           R"({"layer": {"class_name": "Dense", "config": {"name": "d", "units": 3}}, "power_iterations": 2, BASE})",
       .example = {.inputs = {some({3, 4, 2})}, .free_axes = {1}}}};
});

// One power iteration, written plainly.
struct Normalized {
  Array kernel, u;
};
Normalized normalized(const Array& kernel, const Array& u) {
  const auto unit = [](const Array& x) { return x / graph::sqrt(graph::sum(x * x)).item<float>(); };
  const Array v = unit(graph::matmul(u, kernel.transpose())), next = unit(graph::matmul(v, kernel));
  const float sigma = graph::matmul(graph::matmul(v, kernel), next.transpose()).item<float>();
  return {kernel / sigma, next};
}

const Array kKernel{{1.f, -0.5f}, {0.25f, 2.f}, {-1.f, 0.75f}}, kU{{0.3f, -0.4f}}, kX = some({4, 3});

SpectralNormalization dense(DenseConfig config = {}) {
  config.units = 2;
  config.name = "d";
  const SpectralNormalization layer(Dense(config), {.name = "s"});
  layer->ensure_built({kUnknown, 3});
  std::vector<Array> weights{kKernel, kU};
  if (config.use_bias) weights.push_back(graph::zeros({2}));
  layer->set_weights(weights);
  return layer;
}

TEST(SpectralNormalizationTest, WeightsHaveKerasNamesAndOrder) {
  const auto layer = dense();
  std::vector<std::string> names, trained;
  for (const Variable& w : layer->weights()) names.push_back(w.name());
  for (const Variable& w : layer->trainable_weights()) trained.push_back(w.name());
  EXPECT_THAT(names, testing::ElementsAre("d/kernel", "s/vector_u", "d/bias"));
  EXPECT_THAT(trained, testing::ElementsAre("d/kernel", "d/bias"));
  layer->set_name("other");
  EXPECT_EQ(layer->weights()[0].name(), "d/kernel");
  EXPECT_EQ(layer->weights()[1].name(), "other/vector_u");
}

TEST(SpectralNormalizationTest, TrainingDividesTheKernelAndInferenceTakesItAsItIs) {
  const auto layer = dense();
  const Array plain = graph::matmul(kX, kKernel);
  EXPECT_TRUE(allclose(run_layer(layer, kX).output, plain, 1e-5, 1e-6));
  const auto want = normalized(kKernel, kU);
  EXPECT_TRUE(allclose(run_layer(layer, kX, true).output, graph::matmul(kX, want.kernel), 1e-5, 1e-6));
  EXPECT_TRUE(allclose(layer->get_weights()[0], want.kernel, 1e-5, 1e-6)) << "and keeps it";
  EXPECT_TRUE(allclose(layer->get_weights()[1], want.u, 1e-5, 1e-6));
  for (int i = 0; i < 50; ++i) run_layer(layer, kX, true);
  const Array w = layer->get_weights()[0], u = layer->get_weights()[1];
  EXPECT_NEAR(graph::sum(graph::matmul(w, u.transpose()) * graph::matmul(w, u.transpose())).item<float>(), 1, 1e-4);
}

TEST(SpectralNormalizationTest, AKernelOfZerosStays) {
  const auto layer = dense();
  layer->set_weights({graph::zeros({3, 2}), kU, graph::ones({2})});
  EXPECT_TRUE(array_equal(run_layer(layer, kX, true).output, graph::ones({4, 2})));
  EXPECT_TRUE(array_equal(layer->get_weights()[0], graph::zeros({3, 2})));
  EXPECT_TRUE(array_equal(layer->get_weights()[1], kU));
}

// As Keras on TensorFlow: the gradient by the divided kernel changes the divided kernel.
TEST(SpectralNormalizationTest, AStepChangesTheDividedKernel) {
  models::Sequential model({dense()});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  const Array y = some({4, 2}, 5);
  const auto n = normalized(kKernel, kU);
  model.fit(kX, y, {.batch_size = 4, .epochs = 1, .verbose = 0});
  const Array error = (graph::matmul(kX, n.kernel) - y) / 4;  // 2 / 8 elements
  EXPECT_TRUE(allclose(model.get_weights()[0], n.kernel - graph::matmul(kX.transpose(), error) * 0.1, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(model.get_weights()[1], n.u, 1e-5, 1e-6));
}

// Each use divides what the one before has left, and all gradients count.
TEST(SpectralNormalizationTest, UsedTwiceInAStep) {
  const auto layer = dense({.use_bias = false, .kernel_regularizer = regularizers::l2(0.5)});
  const auto a = Input({.shape = {3}}), b = Input({.shape = {3}});
  models::Model model({a, b}, Add()({layer(a), layer(b)}));
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  const Array x2 = some({4, 3}, 6), y = some({4, 2}, 5);
  const auto first = normalized(kKernel, kU), second = normalized(first.kernel, first.u);
  model.fit({kX, x2}, y, {.batch_size = 4, .epochs = 1, .verbose = 0});
  const Array error = (graph::matmul(kX, first.kernel) + graph::matmul(x2, second.kernel) - y) / 4;
  const Array gradient = graph::matmul(kX.transpose(), error) + graph::matmul(x2.transpose(), error) + first.kernel;
  EXPECT_TRUE(allclose(model.get_weights()[0], second.kernel - gradient * 0.1, 1e-5, 1e-5));
}

TEST(SpectralNormalizationTest, TakesEveryKernel) {
  const SpectralNormalization conv(Conv2D(4, 3), {.power_iterations = 3}), table(Embedding(7, 5));
  EXPECT_EQ(run_layer(conv, some({2, 5, 5, 3}), true).output.shape(), (Shape{2, 3, 3, 4}));
  EXPECT_EQ(conv->weights()[1].shape(), (Shape{1, 4}));
  EXPECT_EQ(run_layer(table, Array{{1, 2, 6}}, true).output.shape(), (Shape{1, 3, 5}));
  EXPECT_EQ(table->weights()[1].shape(), (Shape{1, 5}));
  const SpectralNormalization narrow(Dense(2), {.dtype = "mixed_bfloat16"});
  EXPECT_TRUE(array_equal(graph::isfinite(run_layer(narrow, kX, true).output), graph::ones({4, 2}, bool_)));
}

TEST(SpectralNormalizationTest, GoesOnFromAFile) {
  models::Sequential model({dense()});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Array y = some({4, 2}, 5);
  model.fit(kX, y, {.epochs = 2, .verbose = 0});
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.h5");
  models::Model loaded = models::load_model(folder.path() / "m.h5");
  for (models::Model* each : {static_cast<models::Model*>(&model), &loaded})
    each->fit(kX, y, {.epochs = 2, .verbose = 0});
  EXPECT_TRUE(array_equal(model.predict(kX), loaded.predict(kX)));
}

TEST(SpectralNormalizationTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { SpectralNormalization({.name = "s"}); }),
            "[SpectralNormalization \"s\"] expected a layer to wrap, got none");
  EXPECT_EQ(error_text<ValueError>([] { SpectralNormalization(Dense(2), {.power_iterations = 0, .name = "s"}); }),
            "[SpectralNormalization \"s\"] expected power_iterations of at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] {
              SpectralNormalization(ReLU({.name = "r"}), {.name = "s"})->ensure_built({kUnknown, 3});
            }),
            "[SpectralNormalization \"s\"] expected a layer with a kernel or embeddings, got layer 'r'");
}

}  // namespace
}  // namespace cornu::keras::layers

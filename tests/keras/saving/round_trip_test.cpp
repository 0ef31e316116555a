// What is saved comes back: the model, how it is trained, and its training.
#include <gmock/gmock.h>

#include "cornu/io/hdf5/reader.h"
#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/layers/reshaping/reshape.h"
#include "cornu/keras/losses/crossentropy.h"
#include "cornu/keras/metrics/accuracy.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/legacy/rmsprop.h"
#include "cornu/keras/optimizers/rmsprop.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/keras/schedules/decay.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::equal_bits;
using tests::read_text;
using tests::small_network;
using tests::some_classes;
using tests::some_inputs;

class SavingTest : public testing::Test {
 protected:
  // Saves, loads, saves again: the files are the same byte for byte.
  models::Model saved_and_loaded(const models::Model& model, const std::string& form = ".h5") {
    model.save(folder_ / ("model" + form));
    models::Model loaded = models::load_model(folder_ / ("model" + form));
    loaded.save(folder_ / ("again" + form));
    EXPECT_TRUE(read_text(folder_ / ("model" + form)) == read_text(folder_ / ("again" + form)))
        << "the second file differs";
    return loaded;
  }
  // Training that was saved and loaded goes on as the one that was not.
  void expect_same_training(models::Model model, int steps = 3, bool archive = true) {
    const Array x = some_inputs(), y = some_classes();
    for (int i = 0; i < steps; ++i) model.train_on_batch(x, y);
    std::vector<models::Model> all = {saved_and_loaded(model)};
    if (archive) all.push_back(saved_and_loaded(model, ".keras"));
    for (models::Model& loaded : all) {
      EXPECT_TRUE(equal_bits(model.predict(x), loaded.predict(x)));
      EXPECT_EQ(loaded.optimizer()->iterations(), steps);
    }
    for (int i = 0; i < steps; ++i) {
      model.reset_metrics();
      const Logs expected = model.train_on_batch(x, y);
      for (models::Model& loaded : all) {
        loaded.reset_metrics();
        const Logs got = loaded.train_on_batch(x, y);
        for (const auto& [name, value] : expected) EXPECT_EQ(got[name], value) << name << " of step " << i;
      }
    }
    for (const models::Model& loaded : all) EXPECT_TRUE(equal_bits(model.get_weights(), loaded.get_weights()));
  }
  tests::TemporaryFolder folder_;
};

TEST_F(SavingTest, TrainingGoesOnBitForBit) {
  namespace legacy = optimizers::legacy;
  using Optimizer = Arg<optimizers::Optimizer>;
  for (const Optimizer& optimizer :
       {Optimizer(optimizers::RMSprop({.learning_rate = 0.01, .momentum = 0.9, .centered = true})),
        Optimizer(optimizers::SGD({.learning_rate = 0.1})),
        Optimizer(optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true})),
        Optimizer(optimizers::Adam({.learning_rate = 0.03, .amsgrad = true, .weight_decay = 0.1, .clipnorm = 0.1})),
        Optimizer(optimizers::Adam({.learning_rate = schedules::ExponentialDecay(
                                        {.initial_learning_rate = 0.1, .decay_steps = 2, .decay_rate = 0.5})})),
        Optimizer(optimizers::Adam({.learning_rate = 0.05, .use_ema = true, .ema_overwrite_frequency = 2})),
        Optimizer(legacy::RMSprop({.learning_rate = 0.01, .centered = true, .decay = 0.2}))}) {
    SCOPED_TRACE(get_config(*optimizer));
    auto model = small_network();
    model.compile({.optimizer = optimizer,
                   .loss = "categorical_crossentropy",
                   .metrics = {"acc", "mse"},
                   .weighted_metrics = {"mae"}});
    expect_same_training(model, 3, !optimizer->base().legacy_decay);  // Keras 3 has no older optimizers
  }
}

TEST_F(SavingTest, ARateThatWasChangedIsKept) {
  auto model = small_network();
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "mse"});
  model.train_on_batch(some_inputs(), some_classes());
  model.optimizer()->set_learning_rate(0.25);
  EXPECT_EQ(saved_and_loaded(model).optimizer()->learning_rate(), 0.25);
}

TEST_F(SavingTest, LayersKeepTheirArguments) {
  models::Sequential model(
      {layers::Input({.shape = {5}, .name = "numbers"}),
       layers::Dense(8, {.use_bias = false,
                         .kernel_initializer = "he_normal",
                         .kernel_regularizer = "l2",
                         .kernel_constraint = "max_norm"}),
       layers::Reshape({2, 4}), layers::Dense(3, {.activity_regularizer = regularizers::l1(0.25), .name = "middle"}),
       layers::Flatten(), layers::Dropout(0.25), layers::Activation("relu"), layers::Dense(4, {.trainable = false}),
       layers::Dense(3, {.activation = "softmax"})},
      "everything");
  model.compile({.loss = "mse"});
  const models::Model loaded = saved_and_loaded(model);
  EXPECT_EQ(loaded.name(), "everything");
  ASSERT_EQ(loaded.layers().size(), model.layers().size());
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    EXPECT_TRUE(same_config(*loaded.layers()[i], *model.layers()[i])) << get_config(*loaded.layers()[i]);
    EXPECT_EQ(loaded.layers()[i]->name(), model.layers()[i]->name());
  }
  EXPECT_EQ(loaded.input_shape(), model.input_shape());
  EXPECT_EQ(loaded.trainable_weights().size(), model.trainable_weights().size());
  EXPECT_TRUE(equal_bits(loaded.predict(some_inputs()), model.predict(some_inputs())));
}

TEST_F(SavingTest, ModelsInModelsKeepTheirWeightsApart) {
  models::Sequential inner({layers::Dense(4, {.activation = "tanh", .input_shape = {6}}),
                            layers::Dense(4, {.trainable = false}), layers::Dense(4)},
                           "inner");
  models::Sequential model({layers::Dense(6, {.input_shape = {5}})}, "outer");
  model.add(inner.network());
  model.add(layers::Dense(3, {.activation = "softmax"}));
  model.compile({.optimizer = "adam", .loss = "mse"});
  expect_same_training(model);
  // As in Keras: the inner model's trained weights first, whatever their layers.
  const auto group = io::hdf5::File(folder_ / "model.h5").root().group("model_weights/inner");
  EXPECT_THAT(group.texts("weight_names"),
              ElementsAre("inner/dense/kernel:0", "inner/dense/bias:0", "inner/dense_2/kernel:0",
                          "inner/dense_2/bias:0", "inner/dense_1/kernel:0", "inner/dense_1/bias:0"));
}

TEST_F(SavingTest, AModelBuiltOnFirstUseIsSavedWithItsInput) {
  models::Sequential model({layers::Dense(3, {.activation = "softmax"})});
  EXPECT_THAT(tests::error_text<ValueError>([&] { model.save(folder_ / "model.h5"); }),
              HasSubstr("model 'sequential' cannot be saved before it is built: give the first layer an input_shape"));
  const Array y = model.predict(some_inputs());
  model.save(folder_ / "model.h5");
  EXPECT_TRUE(equal_bits(models::load_model(folder_ / "model.h5").predict(some_inputs()), y));
}

TEST_F(SavingTest, MetricsAreLoggedAsBefore) {
  auto model = small_network();
  model.compile({.loss = losses::CategoricalCrossentropy({.label_smoothing = 0.1}),
                 .loss_weights = 0.5,
                 .metrics = {"acc", metrics::CategoricalAccuracy({.name = "hits"})},
                 .weighted_metrics = {"mse"}});
  // Before the first step it is not known what "acc" means.
  EXPECT_THAT(saved_and_loaded(model).metrics_names(), ElementsAre("loss", "acc", "hits", "mse"));
  model.fit(some_inputs(), some_classes(), {.verbose = 0});
  models::Model loaded = saved_and_loaded(model);
  EXPECT_THAT(loaded.metrics_names(), ElementsAre("loss", "acc", "hits", "mse"));
  const Logs before = model.evaluate(some_inputs(), some_classes(), {.verbose = 0}),
             after = loaded.evaluate(some_inputs(), some_classes(), {.verbose = 0});
  for (const auto& [name, value] : before) EXPECT_EQ(after[name], value) << name;
}

TEST_F(SavingTest, TheOptimizerMayBeLeftOut) {
  auto model = small_network();
  model.compile({.loss = "mse"});
  model.train_on_batch(some_inputs(), some_classes());
  model.save(folder_ / "model.h5", {.include_optimizer = false});
  EXPECT_FALSE(models::load_model(folder_ / "model.h5").compiled());
  model.save(folder_ / "model.h5");
  EXPECT_TRUE(models::load_model(folder_ / "model.h5").compiled());
  EXPECT_FALSE(models::load_model(folder_ / "model.h5", {.compile = false}).compiled());
  EXPECT_TRUE(models::load_model(folder_ / "model.h5", {.isolated = true}).compiled());
}

TEST_F(SavingTest, ACompiledModelThatWasNotTrainedStartsFresh) {
  auto model = small_network();
  model.compile({.optimizer = "adam", .loss = "mse"});
  models::Model loaded = saved_and_loaded(model);
  const Logs expected = model.train_on_batch(some_inputs(), some_classes()),
             got = loaded.train_on_batch(some_inputs(), some_classes());
  EXPECT_EQ(got["loss"], expected["loss"]);
  EXPECT_TRUE(equal_bits(model.get_weights(), loaded.get_weights()));
}

TEST_F(SavingTest, SlotsOfLayersThatWereFrozenSinceAreLeftOut) {
  auto model = small_network();
  model.compile({.optimizer = "adam", .loss = "mse"});
  model.train_on_batch(some_inputs(), some_classes());
  model.get_layer("dense")->set_trainable(false);
  models::Model loaded = saved_and_loaded(model);
  EXPECT_EQ(loaded.optimizer()->iterations(), 1);
  EXPECT_EQ(loaded.optimizer()->slots().size(), 4);
  const Array frozen = loaded.get_weights()[0].copy();
  loaded.train_on_batch(some_inputs(), some_classes());
  EXPECT_TRUE(equal_bits(loaded.get_weights()[0], frozen));
}

TEST_F(SavingTest, OverwritesUnlessToldNotTo) {
  auto model = small_network();
  model.save(folder_ / "model.h5");
  model.save(folder_ / "model.h5");
  EXPECT_THAT(tests::error_text<ValueError>([&] { model.save(folder_ / "model.h5", {.overwrite = false}); }),
              HasSubstr("model.h5' exists already and is not to be overwritten"));
  EXPECT_THAT(tests::error_text<ValueError>([&] { model.save(folder_ / "model.onnx"); }),
              HasSubstr("expected one that ends in .keras, .h5 or .hdf5"));
  EXPECT_THAT(tests::error_text<IoError>([&] { model.save(folder_ / "none" / "model.h5"); }), HasSubstr("none"));
}

}  // namespace
}  // namespace cornu::keras

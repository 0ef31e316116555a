// What users read when a model is given what it cannot take: the thing, what was expected, what came.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/keras/callbacks/terminate_on_nan.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::error_text;
using layers::Dense;
using testing::AllOf;
using testing::HasSubstr;

const Array kX = ones({6, 4});
const Array kY = zeros({6, 3});

Sequential classifier(Arg<losses::Loss> loss = "categorical_crossentropy") {
  Sequential model({Dense(5, {.activation = "relu", .input_shape = {4}}), Dense(3, {.activation = "softmax"})});
  model.compile({.optimizer = "sgd", .loss = std::move(loss), .metrics = {"accuracy"}});
  return model;
}

FitConfig quiet() { return {.verbose = 0}; }

TEST(ModelErrors, CompileComesFirst) {
  Sequential model({Dense(3, {.input_shape = {4}})});
  const std::string text = "model \"sequential\" is not compiled: call compile({.optimizer = …, .loss = …}) first";
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(kX, kY, quiet()); }), text);
  EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(kX, kY); }), text);
  EXPECT_EQ(error_text<ValueError>([&] { model.train_on_batch(kX, kY); }), text);
  EXPECT_EQ(error_text<ValueError>([&] { model.test_on_batch(kX, kY); }), text);
  EXPECT_EQ(error_text<ValueError>([&] { model.optimizer(); }), text);
  EXPECT_EQ(error_text<ValueError>([&] { model.metrics_names(); }), text);
  EXPECT_EQ(model.predict(kX).shape(), (Shape{6, 3}));
}

TEST(ModelErrors, TrainingNeedsSamples) {
  auto model = classifier();
  EXPECT_EQ(error_text<ValueError>([&] {
              model.fit(zeros({0, 4}), zeros({0, 3}), quiet());
            }),
            "there are no samples: x has shape (0, 4)");
  EXPECT_EQ(error_text<ValueError>([&] {
              model.evaluate(zeros({0, 4}), zeros({0, 3}));
            }),
            "there are no samples: x has shape (0, 4)");
  EXPECT_THROW(model.train_on_batch(zeros({0, 4}), zeros({0, 3})), ValueError);
  EXPECT_EQ(error_text<ValueError>([&] {
              model.fit(kX, kY, {.verbose = 0, .validation_data = {zeros({0, 4}), zeros({0, 3})}});
            }),
            "validation: there are no samples: x has shape (0, 4)");
}

TEST(ModelErrors, NumbersMustMakeSense) {
  auto model = classifier();
  const auto text = [&](FitConfig config) {
    config.verbose = config.verbose == 1 ? 0 : config.verbose;
    return error_text<ValueError>([&] { model.fit(kX, kY, config); });
  };
  EXPECT_EQ(text({.batch_size = 0}), "batch_size must be at least 1, got 0");
  EXPECT_EQ(text({.validation_data = {kX, kY}, .validation_batch_size = 0}),
            "validation: batch_size must be at least 1, got 0");
  EXPECT_EQ(text({.epochs = -1}), "epochs and initial_epoch must be at least 0, got -1 and 0");
  EXPECT_EQ(text({.verbose = 3}), "verbose must be 0, 1 or 2, got 3");
  EXPECT_EQ(text({.steps_per_epoch = 0}), "steps_per_epoch must be at least 1, got 0");
  EXPECT_EQ(text({.validation_steps = 0}), "validation_steps must be at least 1, got 0");
  EXPECT_EQ(text({.validation_freq = 0}), "validation_freq must be at least 1, got 0");
  EXPECT_EQ(text({.validation_split = 1}), "validation_split must be in [0, 1), got 1");
  EXPECT_EQ(text({.validation_split = 0.9}),
            "validation_split 0.9 of 6 samples leaves none to train or to validate with");
  EXPECT_EQ(text({.validation_data = {kX}}), "validation_data needs x and y");
  EXPECT_EQ(error_text<ValueError>([&] { model.predict(kX, {.batch_size = 0}); }),
            "batch_size must be at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(kX, kY, {.batch_size = -2}); }),
            "batch_size must be at least 1, got -2");
  EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(kX, kY, {.steps = 0}); }), "steps must be at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([&] { model.compile({.loss = "mse", .threads = -1}); }),
            "compile: threads must be at least 0, got -1");
}

TEST(ModelErrors, XAndYBelongTogether) {
  auto model = classifier();
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(kX, zeros({5, 3}), quiet()); }), "x has 6 samples, y has 5");
  EXPECT_EQ(error_text<ValueError>([&] { model.train_on_batch(kX, zeros({5, 3})); }), "x has 6 samples, y has 5");
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(kX, kY, {.verbose = 0, .sample_weight = ones({4})}); }),
            "x has 6 samples, sample_weight has 4");
  EXPECT_EQ(error_text<ValueError>([&] {
              model.fit(kX, kY, {.verbose = 0, .validation_data = {kX, zeros({2, 3})}});
            }),
            "validation: x has 6 samples, y has 2");
  EXPECT_EQ(error_text<ValueError>([&] {
              model.fit(kX, kY, {.verbose = 0, .class_weight = {{0, 2}}, .sample_weight = ones({6})});
            }),
            "class_weight and sample_weight cannot be given at the same time");
}

TEST(ModelErrors, AWrongShapeNamesTheLayerAndBothShapes) {
  auto model = classifier();
  const std::string text = "[Dense \"dense\"] expected input shape (None, 4), got (6, 5)";
  EXPECT_EQ(error_text<ShapeError>([&] { model.fit(ones({6, 5}), kY, quiet()); }), text);
  EXPECT_EQ(error_text<ShapeError>([&] { model.evaluate(ones({6, 5}), kY); }), text);
  EXPECT_EQ(error_text<ShapeError>([&] { model.predict(ones({6, 5})); }), text);
  EXPECT_EQ(error_text<ShapeError>([&] { model.predict_on_batch(ones({6, 5})); }), text);
  EXPECT_EQ(error_text<ShapeError>([&] { model.train_on_batch(ones({6, 5}), kY); }), text);
  EXPECT_EQ(error_text<ShapeError>([&] {
              model.fit(kX, kY, {.verbose = 0, .validation_data = {ones({6, 5}), kY}});
            }),
            text);
  EXPECT_EQ(error_text<ShapeError>([&] {
              model.predict(ones({6, 2, 2}));
            }),
            "[Dense \"dense\"] expected input shape (None, 4), got (6, 2, 2)");
  EXPECT_EQ(error_text<ShapeError>([&] { model.predict(Array::scalar(1.f)); }),
            "[Sequential \"sequential\"] data needs an axis of samples, got shape ()");
  EXPECT_EQ(error_text<ShapeError>([&] { Sequential({Dense(2)}).predict(ones({6})); }),
            "[Dense \"dense\"] expected an input of at least two axes, got shape (None,)");
  EXPECT_EQ(error_text<ValueError>([&] { Sequential().predict(kX); }),
            "[Sequential \"sequential\"] the model has no layers");
}

TEST(ModelErrors, TargetsMustFitTheOutputs) {
  auto model = classifier();
  const auto before = model.get_weights();
  EXPECT_EQ(error_text<ShapeError>([&] {
              model.fit(kX, zeros({6, 4}), quiet());
            }),
            "categorical_crossentropy: expected a target of the output's shape (6, 3), got (6, 4)");
  EXPECT_THAT(error_text<ShapeError>([&] { model.fit(kX, zeros({6}), quiet()); }), HasSubstr("got (6,"));
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(array_equal(model.get_weights()[i], before[i]));
  model.fit(kX, kY, quiet());  // and it is still fit to train
}

TEST(ModelErrors, LabelsMustBeClasses) {
  for (const char* loss : {"sparse_categorical_crossentropy", "crossentropy"}) {
    auto model = classifier(loss);
    const std::string text =
        "[SparseCategoricalCrossentropy] labels must be class numbers from 0 to 2 for predictions of 3 classes; label "
        "number 4 is 3";
    const Array y = {0, 1, 2, 0, 3, 9};
    EXPECT_EQ(error_text<ValueError>([&] { model.fit(kX, y, quiet()); }), text);
    EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(kX, y); }), text);
    EXPECT_EQ(error_text<ValueError>([&] { model.train_on_batch(kX, y); }), text);
    EXPECT_EQ(error_text<ValueError>([&] { model.test_on_batch(kX, y); }), text);
    EXPECT_EQ(error_text<ValueError>([&] {
                model.fit(kX, Array{0, 1, 2, 0, 1, 2}, {.verbose = 0, .validation_data = {kX, y}});
              }),
              text);
    EXPECT_THAT(error_text<ValueError>([&] {
                  model.fit(kX, Array{0, 1, -1, 0, 0, 0}, quiet());
                }),
                HasSubstr("label number 2 is -1"));
    EXPECT_EQ(model.optimizer()->iterations(), 0);
  }
}

TEST(ModelErrors, UnknownNamesListTheKnownOnes) {
  EXPECT_THAT(error_text<ValueError>([] { Dense(3, {.activation = "rellu"}); }),
              AllOf(HasSubstr("'rellu'"), HasSubstr("known: "), HasSubstr("relu"), HasSubstr("softmax")));
  EXPECT_THAT(error_text<ValueError>([] { Dense(3, {.kernel_initializer = "glorot"}); }),
              AllOf(HasSubstr("unknown initializer 'glorot'"), HasSubstr("glorot_uniform")));
  EXPECT_THAT(error_text<ValueError>([] { Dense(3, {.kernel_regularizer = "l3"}); }),
              AllOf(HasSubstr("unknown regularizer 'l3'"), HasSubstr("l2")));
  EXPECT_THAT(error_text<ValueError>([] { CompileConfig{.optimizer = "adamm"}; }),
              AllOf(HasSubstr("unknown optimizer 'adamm'"), HasSubstr("adam"), HasSubstr("rmsprop")));
  EXPECT_THAT(error_text<ValueError>([] { CompileConfig{.loss = "msee"}; }),
              AllOf(HasSubstr("unknown loss 'msee'"), HasSubstr("mean_squared_error")));
  EXPECT_THAT(error_text<ValueError>([] { CompileConfig{.metrics = {"accuraccy"}}; }),
              AllOf(HasSubstr("unknown metric 'accuraccy'"), HasSubstr("accuracy")));
}

TEST(ModelErrors, CompileSaysWhatIsMissing) {
  Sequential model({Dense(3, {.input_shape = {4}})});
  EXPECT_EQ(error_text<ValueError>([&] { model.compile({.optimizer = nullptr, .loss = "mse"}); }),
            "compile: an optimizer is needed");
  EXPECT_EQ(error_text<ValueError>([&] { model.compile({.loss = "mse", .metrics = {nullptr}}); }),
            "compile: an empty metric");
  model.compile({.optimizer = "sgd"});
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(kX, kY, quiet()); }),
            "model \"sequential\" was compiled without a loss, and no layer adds one");
}

TEST(ModelErrors, AnOptimizerBelongsToOneModel) {
  optimizers::SGD sgd({.learning_rate = 0.1, .momentum = 0.5});
  Sequential a({Dense(3, {.input_shape = {4}})}), b({Dense(3, {.input_shape = {4}})});
  a.compile({.optimizer = sgd, .loss = "mse"});
  b.compile({.optimizer = sgd, .loss = "mse"});
  a.fit(kX, kY, quiet());
  EXPECT_EQ(
      error_text<ValueError>([&] { b.fit(kX, kY, quiet()); }),
      "[sgd] was built for other variables and does not know 'dense/kernel': use a new optimizer for another model");
}

TEST(ModelErrors, ALossThatIsNotANumberEndsTraining) {
  Sequential model({Dense(3, {.input_shape = {4}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Array x = ones({6, 4});
  x.data<float>()[9] = std::numeric_limits<float>::quiet_NaN();  // in the third sample
  testing::internal::CaptureStdout();
  const History history = model.fit(
      x, kY,
      {.batch_size = 1, .epochs = 5, .verbose = 0, .callbacks = {callbacks::TerminateOnNaN()}, .shuffle = false});
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "Batch 2: Invalid loss, terminating training\n");
  EXPECT_EQ(model.optimizer()->iterations(), 3);
  ASSERT_EQ(history["loss"].size(), 1u);
  EXPECT_TRUE(std::isnan(history["loss"][0]));
  const auto raises = callbacks::TerminateOnNaN({.raise_error = true});
  EXPECT_THAT(error_text<ValueError>([&] { model.fit(x, kY, {.verbose = 0, .callbacks = {raises}}); }),
              HasSubstr("NaN or Inf loss encountered at batch 0"));
}

}  // namespace
}  // namespace cornu::keras::models

// What Keras 2.15 could not read or would compute otherwise is refused before anything is written.
#include <gmock/gmock.h>

#include <iostream>

#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/losses/regression.h"
#include "cornu/keras/metrics/accuracy.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/small_models.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// The text of the error; the file keeps what it had.
std::string refused(const models::Model& model) {
  const tests::TemporaryFolder folder;
  tests::write_text(folder / "model.h5", "as before");
  const std::string text = tests::error_text<ValueError>([&] { model.save(folder / "model.h5"); });
  EXPECT_EQ(tests::read_text(folder / "model.h5"), "as before");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "a file was left behind";
  return text;
}

std::string refused(CompileConfig config) {
  auto model = tests::small_network();
  model.compile(std::move(config));
  return refused(model);
}

TEST(RefusedTest, ActivationsThatKeras2DoesNotHave) {
  const auto with = [](Arg<activations::Activation> activation) {
    return refused(
        models::Sequential({layers::Dense(3, {.activation = activation, .name = "wave", .input_shape = {5}})}));
  };
  EXPECT_THAT(with("sparsemax"),
              AllOf(HasSubstr("layer 'wave'"),
                    HasSubstr("activation 'sparsemax' cannot be saved for Keras 2, which does not have it")));
  EXPECT_THAT(
      with("hard_sigmoid"),
      AllOf(HasSubstr("layer 'wave'"),
            HasSubstr(
                "activation 'hard_sigmoid' cannot be saved for Keras 2, whose function of that name is another one")));
  EXPECT_THAT(with([](const Tensor& x) { return x * x; }),
              AllOf(HasSubstr("layer 'wave'"), HasSubstr("not registered"),
                    HasSubstr("activations::registry().add<Name>(\"Name\")")));
}

TEST(RefusedTest, OptimizersArgumentsThatKeras2DoesNotHave) {
  EXPECT_THAT(
      refused({.optimizer = optimizers::Adam({.gradient_accumulation_steps = 2}), .loss = "mse"}),
      HasSubstr("optimizer 'Adam' cannot be saved for Keras 2, which has no argument 'gradient_accumulation_steps'"));
  EXPECT_THAT(refused({.optimizer = optimizers::SGD({.loss_scale_factor = 8.0}), .loss = "mse"}),
              HasSubstr("optimizer 'SGD' cannot be saved for Keras 2, which has no argument 'loss_scale_factor'"));
}

TEST(RefusedTest, LossesThatKeras2DoesNotHave) {
  EXPECT_THAT(
      refused({.loss = losses::MeanSquaredError({.reduction = "mean_with_sample_weight"})}),
      HasSubstr(
          "loss 'MeanSquaredError' cannot be saved for Keras 2, which has no reduction 'mean_with_sample_weight'"));
  EXPECT_THAT(refused({.loss = "crossentropy"}),
              AllOf(HasSubstr("loss 'crossentropy' cannot be saved before the first step of training"),
                    HasSubstr("'categorical_crossentropy'")));
}

TEST(RefusedTest, FunctionsWithoutAName) {
  const auto squared = [](const Tensor& t, const Tensor& p) { return ops::mean(ops::square(t - p), -1); };
  EXPECT_THAT(refused({.loss = squared}),
              AllOf(HasSubstr("loss"), HasSubstr("losses::registry().add<Name>(\"Name\")")));
  EXPECT_THAT(refused({.loss = "mse", .metrics = {squared}}),
              AllOf(HasSubstr("metric"), HasSubstr("metrics::registry().add<Name>(\"Name\")")));
}

struct Plain : layers::Layer {
  Tensor call(const Tensor& x, Context&) override { return x; }
};
struct Stepper : optimizers::Optimizer {
  Stepper() : Optimizer(0.1, {.name = "stepper"}) {}
  void add_slots(const std::vector<Variable>&) override {}
  Tensor step(const Step& s) override { return s.value - s.rate * s.gradient; }
};

TEST(RefusedTest, ClassesThatAreNotRegistered) {
  auto model = tests::small_network();
  model.add(Plain());
  EXPECT_THAT(refused(model), AllOf(HasSubstr("layer 'plain' cannot be saved: its class is not registered"),
                                    HasSubstr("layers::registry().add<Plain>(\"Plain\")")));
  EXPECT_THAT(refused({.optimizer = Stepper(), .loss = "mse"}),
              HasSubstr("optimizers::registry().add<Stepper>(\"Stepper\")"));
}

TEST(RefusedTest, ALayerThatIsUsedTwice) {
  const auto twice = layers::Dense(5, {.name = "twice", .input_shape = {5}});
  models::Sequential model({twice, twice});
  EXPECT_THAT(refused(model), HasSubstr("layer 'twice' is in it twice"));
}

TEST(RefusedTest, NamesThatAreNotUtf8) {
  models::Sequential model({layers::Dense(3, {.name = "\xff\xfe", .input_shape = {5}})});
  EXPECT_THAT(refused(model), HasSubstr("UTF-8"));
}

TEST(RefusedTest, ExclusionsFromWeightDecayAreLostWithAWarning) {
  const tests::TemporaryFolder folder;
  const auto saved = [&](const optimizers::AdamW& optimizer) {
    auto model = tests::small_network();
    model.compile({.optimizer = optimizer, .loss = "mse"});
    const tests::CapturedStream errors(std::cerr);
    model.save(folder / "model.h5");
    return errors.text();
  };
  EXPECT_EQ(saved(optimizers::AdamW()), "");
  const optimizers::AdamW optimizer;
  optimizer->exclude_from_weight_decay({}, {"bias"});
  EXPECT_THAT(saved(optimizer), HasSubstr("optimizer 'AdamW': which variables are excluded from weight decay is not "
                                          "saved"));
}

}  // namespace
}  // namespace cornu::keras

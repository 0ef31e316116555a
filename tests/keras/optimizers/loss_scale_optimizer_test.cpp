#include "cornu/keras/optimizers/loss_scale_optimizer.h"

#include <limits>

#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/schedules/decay.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/optimizers/rules.h"
#include "tests/keras/saving/small_models.h"
#include "tests/support/evaluate.h"

namespace cornu::keras::optimizers {
namespace {

using saving::KerasVersion;
using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "LossScaleOptimizer",
       R"({"inner_optimizer": {"class_name": "SGD", "config": {"momentum": 0.5, "name": "SGD"}}, "initial_scale": 8.0,
           "dynamic_growth_steps": 2, "name": "loss_scale_optimizer"})"}};
});

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// An optimizer's variable by the end of its name.
graph::Array variable(const Optimizer& optimizer, const std::string& name) {
  for (const Variable& v : optimizer.variables())
    if (v.name().ends_with(name)) return v.value();
  throw ValueError("no variable " + name);
}

TEST(LossScaleOptimizer, ScalesTheLossAndUnscalesTheGradients) {
  const LossScaleOptimizer scaled(SGD(1), {.initial_scale = 8});
  EXPECT_FLOAT_EQ(tests::evaluate(scaled->scale_loss(Tensor(graph::Array{2.f}))).item<float>(), 16.f);
  tests::Descent d = tests::descent_from_one(scaled);
  EXPECT_THAT(d.values({4.f, 8.f}), ElementsAre(0.5f, -0.5f));
  EXPECT_EQ(scaled->iterations(), 2);
  EXPECT_EQ(variable(*scaled, "step_counter").item<std::int64_t>(), 2);
}

TEST(LossScaleOptimizer, AStepThatIsNotFiniteChangesNothingAndHalvesTheScale) {
  for (const float bad : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    const LossScaleOptimizer scaled(Adam({.learning_rate = 0.5, .use_ema = true}), {.initial_scale = 8});
    tests::Descent d(scaled, {Variable(graph::Array{1.f}, "w"), Variable(graph::Array{2.f}, "u")});
    d.step({graph::Array{4.f}, graph::Array{4.f}});
    std::vector<graph::Array> before;
    for (const Variable& v : scaled->stepping().variables()) before.push_back(v.value().copy());
    const float w = d.value(0), u = d.value(1);
    d.step({graph::Array{4.f}, graph::Array{bad}});
    EXPECT_EQ(d.value(0), w) << bad;
    EXPECT_EQ(d.value(1), u) << bad;
    for (std::size_t i = 0; i < before.size(); ++i)
      EXPECT_TRUE(array_equal(scaled->stepping().variables()[i].value(), before[i])) << i;
    EXPECT_EQ(scaled->iterations(), 1);
    EXPECT_EQ(variable(*scaled, "step_counter").item<std::int64_t>(), 0);
    EXPECT_EQ(variable(*scaled, "dynamic_scale").item<float>(), 4.f);
    EXPECT_FLOAT_EQ(tests::evaluate(scaled->scale_loss(Tensor(graph::Array{2.f}))).item<float>(), 8.f);
  }
}

TEST(LossScaleOptimizer, TheScaleGrowsAfterStepsInARow) {
  const LossScaleOptimizer scaled(SGD(1), {.initial_scale = 8, .dynamic_growth_steps = 3});
  tests::Descent d = tests::descent_from_one(scaled);
  std::vector<float> scales;
  for (const float g : {0.f, 0.f, kInfinity, 0.f, 0.f, 0.f, 0.f}) {
    d.step({graph::Array{g}});
    scales.push_back(variable(*scaled, "dynamic_scale").item<float>());
  }
  EXPECT_THAT(scales, ElementsAre(8, 8, 4, 4, 4, 8, 8));
}

TEST(LossScaleOptimizer, HasTheRateAndTheStepsOfTheInnerOptimizer) {
  const SGD sgd(0.5);
  const LossScaleOptimizer scaled(sgd);
  EXPECT_EQ(scaled->learning_rate, 0.5);
  scaled->learning_rate = 0.25;
  EXPECT_EQ(sgd->learning_rate, 0.25);
  scaled->set_iterations(7);
  EXPECT_EQ(sgd->iterations(), 7);
  scaled->exclude_from_weight_decay({}, {"bias"});
  EXPECT_TRUE(sgd->has_exclusions());
  EXPECT_TRUE(LossScaleOptimizer(SGD(schedules::ExponentialDecay(0.5, 2, 0.5)))->schedule());
  const LossScaleOptimizer averaging(SGD({.learning_rate = 1, .use_ema = true, .ema_momentum = 0.75}));
  tests::Descent d = tests::descent_from_one(averaging);
  d.values({32768.f, 4 * 32768.f});
  averaging->finalize_variable_values();
  EXPECT_FLOAT_EQ(d.value(), -1.f);
}

TEST(LossScaleOptimizer, KeepsItsVariablesInKerasOrder) {
  const LossScaleOptimizer scaled(SGD({.momentum = 0.5}));
  EXPECT_THAT(weight_names(scaled, {Variable(graph::Array{1.f}, "w")}),
              ElementsAre("loss_scale_optimizer/iteration", "loss_scale_optimizer/learning_rate",
                          "loss_scale_optimizer/step_counter", "loss_scale_optimizer/dynamic_scale", "sgd/iteration",
                          "sgd/learning_rate", "sgd/w_momentum"));
  EXPECT_EQ(variable(*scaled, "dynamic_scale").item<float>(), 32768.f);
  EXPECT_THAT(slot_names(scaled, {}), ElementsAre("m/w"));
}

TEST(LossScaleOptimizer, IsSavedInBothForms) {
  const LossScaleOptimizer scaled(SGD(0.5), {.initial_scale = 4, .name = "mine"});
  const std::string keras2 = saving::serialize(*scaled, KerasVersion::keras2);
  EXPECT_THAT(keras2, testing::AllOf(testing::HasSubstr("LossScaleOptimizerV3"), testing::HasSubstr("\"dynamic\":true"),
                                     testing::Not(testing::HasSubstr("mine"))));
  EXPECT_EQ(saving::deserialize(registry(), keras2, KerasVersion::keras2)->learning_rate, 0.5);
  EXPECT_TRUE(same_config(*scaled, *saving::deserialize(registry(), saving::serialize(*scaled, KerasVersion::keras3),
                                                        KerasVersion::keras3)));
  // Older files of Keras 3 hold base arguments, which have no effect.
  const auto older = [](const std::string& argument) {
    return saving::deserialize(registry(),
                               R"({"class_name": "LossScaleOptimizer", "config": {"name": "l",
        "inner_optimizer": {"class_name": "SGD", "config": {}}, "initial_scale": 4.0, )" +
                                   argument + "}}",
                               KerasVersion::keras3);
  };
  EXPECT_EQ(
      older(R"("weight_decay": null, "clipnorm": null, "global_clipnorm": null, "clipvalue": null, "use_ema": false,
      "ema_momentum": 0.99, "ema_overwrite_frequency": null, "loss_scale_factor": null,
      "gradient_accumulation_steps": null)")
          ->name(),
      "l");
  EXPECT_THAT([&] { older(R"("clipnorm": 1.0)"); },
              refuses("[l] does not take `clipnorm`: give it to the inner optimizer"));
}

TEST(LossScaleOptimizer, TrainsAModelThatIsSavedAndLoaded) {
  tests::TemporaryFolder folder;
  auto plain = tests::small_network(), scaled = tests::small_network();
  scaled.set_weights(plain.get_weights());
  plain.compile({.optimizer = Adam(0.125), .loss = "mse"});
  scaled.compile({.optimizer = LossScaleOptimizer(Adam(0.125)), .loss = "mse"});
  for (int i = 0; i < 3; ++i)
    for (auto* model : {&plain, &scaled}) model->train_on_batch(tests::some_inputs(), tests::some_classes());
  EXPECT_TRUE(tests::equal_bits(plain.get_weights(), scaled.get_weights())) << "a scale by a power of 2 is exact";
  scaled.save(folder / "model.h5");
  auto loaded = models::load_model(folder / "model.h5");
  EXPECT_EQ(loaded.optimizer()->class_name(), "LossScaleOptimizer");
  EXPECT_EQ(loaded.optimizer()->iterations(), 3);
  plain.train_on_batch(tests::some_inputs(), tests::some_classes());
  loaded.train_on_batch(tests::some_inputs(), tests::some_classes());
  EXPECT_TRUE(tests::equal_bits(plain.get_weights(), loaded.get_weights()));
}

TEST(LossScaleOptimizer, RefusesArguments) {
  EXPECT_THAT([] { LossScaleOptimizer(LossScaleOptimizerConfig{}); },
              refuses("[loss_scale_optimizer] needs `inner_optimizer`"));
  EXPECT_THAT([] { LossScaleOptimizer(SGD(), {.initial_scale = 0}); },
              refuses("[loss_scale_optimizer] `initial_scale` must be a finite number > 0, got 0"));
  EXPECT_THAT([] { LossScaleOptimizer(SGD(), {.dynamic_growth_steps = 0}); },
              refuses("`dynamic_growth_steps` must be >= 1, got 0"));
  EXPECT_THAT([] { LossScaleOptimizer({.inner_optimizer = LossScaleOptimizer(SGD())}); },
              refuses("`inner_optimizer` wraps another optimizer already (LossScaleOptimizer)"));
  EXPECT_THAT([] { Optimizer::from_name("lossscaleoptimizer"); }, refuses("needs `inner_optimizer`"));
  EXPECT_THAT(
      [] {
        saving::deserialize(registry(), R"({"class_name": "LossScaleOptimizerV3", "config": {"dynamic": false,
            "inner_optimizer": {"class_name": "Custom>SGD", "config": {}}}})",
                            KerasVersion::keras2);
      },
      refuses("a fixed scale (`dynamic` = false) is the loss_scale_factor of the inner optimizer"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

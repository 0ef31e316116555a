#include "cornu/keras/optimizers/optimizer.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/internal/steps.h"
#include "cornu/keras/optimizers/rmsprop.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/schedules/decay.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/keras/optimizers/descent.h"
#include "tests/support/evaluate.h"

namespace cornu::keras::optimizers {
namespace {

using cornu::tests::Descent;
using cornu::tests::descent_from_one;
using graph::Array;
using testing::AllOf;
using testing::ElementsAre;
using testing::FloatEq;
using testing::FloatNear;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<std::string> names(const std::vector<Variable>& variables) {
  std::vector<std::string> out;
  for (const Variable& v : variables) out.push_back(v.name());
  return out;
}

TEST(Optimizer, WeightsDecayBeforeTheStep) {
  Descent d = descent_from_one(SGD({.learning_rate = 0.5, .weight_decay = 0.1}));
  EXPECT_THAT(d.values({1.f, 0.f}), ElementsAre(FloatEq(0.95f - 0.5f), FloatEq(0.45f * 0.95f)));
}

TEST(Optimizer, SomeVariablesDoNotDecay) {
  const Array zero{0.f};
  const SGD sgd({.learning_rate = 0.5, .weight_decay = 0.1});
  const Variable kernel(Array{1.f}, "dense/kernel"), bias(Array{1.f}, "dense/bias"), scale(Array{1.f}, "scale");
  sgd->exclude_from_weight_decay({scale}, {"bias"});
  Descent d(sgd, {kernel, bias, scale});
  d.step({zero, zero, zero});
  EXPECT_FLOAT_EQ(d.value(0), 0.95f);
  EXPECT_FLOAT_EQ(d.value(1), 1.f);
  EXPECT_FLOAT_EQ(d.value(2), 1.f);
  EXPECT_THAT([&] { sgd->exclude_from_weight_decay({}, {"kernel"}); },
              ThrowsMessage<ValueError>(HasSubstr("must be called before the optimizer is built")));
  EXPECT_THAT([] { SGD()->exclude_from_weight_decay({}, {"("}); },
              ThrowsMessage<ValueError>(HasSubstr("'(' is no regular expression")));
}

TEST(Optimizer, ClipsGradients) {
  const auto steps = [](const SGDConfig& config) {
    Descent d(SGD(config), {Variable(graph::zeros({2}), "a"), Variable(graph::zeros({1}), "b")});
    d.step({Array{3.f, 4.f}, Array{-12.f}});
    return std::vector<float>{-d.value(0, 0), -d.value(0, 1), -d.value(1)};
  };
  EXPECT_THAT(steps({.learning_rate = 1}), ElementsAre(3, 4, -12));
  EXPECT_THAT(steps({.learning_rate = 1, .clipvalue = 3.5}), ElementsAre(3, 3.5, -3.5));
  EXPECT_THAT(steps({.learning_rate = 1, .clipnorm = 2.5}), ElementsAre(FloatEq(1.5f), FloatEq(2), FloatEq(-2.5)));
  EXPECT_THAT(steps({.learning_rate = 1, .clipnorm = 100}), ElementsAre(FloatEq(3), FloatEq(4), FloatEq(-12)));
  EXPECT_THAT(steps({.learning_rate = 1, .global_clipnorm = 6.5}), ElementsAre(FloatEq(1.5f), FloatEq(2), FloatEq(-6)));
  EXPECT_THAT(steps({.learning_rate = 1, .global_clipnorm = 0}), ElementsAre(3, 4, -12)) << "0: no clipping";
}

TEST(Optimizer, GradientsOfZeroSurviveClipping) {
  Descent norm = descent_from_one(SGD({.learning_rate = 1, .clipnorm = 1}));
  EXPECT_THAT(norm.values({0.f}), ElementsAre(1.f));
  Descent global = descent_from_one(SGD({.learning_rate = 1, .global_clipnorm = 1}));
  EXPECT_THAT(global.values({0.f}), ElementsAre(1.f));
}

TEST(Optimizer, AccumulatesGradients) {
  const SGD sgd({.learning_rate = 1, .momentum = 0.5, .gradient_accumulation_steps = 2});
  Descent d = descent_from_one(sgd);
  // Means of pairs: 2 and 1; velocities -2 and -2.
  EXPECT_THAT(d.values({1.f, 3.f, 0.f, 2.f, 9.f}), ElementsAre(1.f, -1.f, -1.f, -3.f, -3.f));
  EXPECT_EQ(sgd->iterations(), 2);
  EXPECT_EQ(sgd->variables()[0].value().item<std::int64_t>(), 5) << "calls";
  EXPECT_EQ(sgd->variables()[2].name(), "sgd/w_gradient_accumulator");
  EXPECT_FLOAT_EQ(sgd->variables()[2].value().item<float>(), 9.f);
  sgd->set_iterations(3);
  EXPECT_EQ(sgd->iterations(), 3);
}

TEST(Optimizer, KeepsMovingAverages) {
  const SGD sgd({.learning_rate = 1, .use_ema = true, .ema_momentum = 0.75});
  Descent d = descent_from_one(sgd);
  EXPECT_THAT(d.values({1.f, 4.f}), ElementsAre(0.f, -4.f)) << "the variables themselves are not averaged";
  const Variable average = sgd->variables()[2];
  EXPECT_EQ(average.name(), "sgd/w_average");
  EXPECT_FLOAT_EQ(average.value().item<float>(), 0.75f * 0 + 0.25f * -4) << "the first step's value begins the average";
  sgd->finalize_variable_values();
  EXPECT_FLOAT_EQ(d.value(), -1.f);
}

TEST(Optimizer, OverwritesVariablesByTheirAverages) {
  Descent d =
      descent_from_one(SGD({.learning_rate = 1, .use_ema = true, .ema_momentum = 0.75, .ema_overwrite_frequency = 2}));
  EXPECT_THAT(d.values({1.f, 4.f, 1.f, 1.f}), ElementsAre(0.f, -1.f, -2.f, FloatEq(0.75f * -1.25f + 0.25f * -3)));
}

TEST(Optimizer, ProjectsVariablesAfterTheStep) {
  const Variable w(Array{1.f}, "w"), free(Array{1.f}, "free");
  Descent d(SGD({.learning_rate = 1}), {w, free}, {[](const Tensor& x) { return ops::clip(x, -0.5, 0.5); }, nullptr});
  d.step({Array{3.f}, Array{3.f}});
  EXPECT_FLOAT_EQ(d.value(0), -0.5f);
  EXPECT_FLOAT_EQ(d.value(1), -2.f);
}

TEST(Optimizer, DividesGradientsByTheScaleOfTheLoss) {
  const SGD sgd({.learning_rate = 1, .loss_scale_factor = 8});
  Descent d = descent_from_one(sgd);
  EXPECT_THAT(d.values({4.f}), ElementsAre(0.5f));
  EXPECT_FLOAT_EQ(tests::evaluate(sgd->scale_loss(Tensor(Array{2.f}))).item<float>(), 16.f);
}

TEST(Optimizer, RatesFollowASchedule) {
  const SGD sgd({.learning_rate =
                     schedules::ExponentialDecay({.initial_learning_rate = 1, .decay_steps = 1, .decay_rate = 0.5})});
  Descent d = descent_from_one(sgd);
  EXPECT_FLOAT_EQ(sgd->learning_rate(), 1.f);
  EXPECT_THAT(d.values({1.f, 1.f, 1.f}), ElementsAre(0.f, -0.5f, -0.75f));
  EXPECT_FLOAT_EQ(sgd->learning_rate(), 0.125f);
  EXPECT_THAT(names(sgd->variables()), ElementsAre("sgd/iteration"));
  EXPECT_THAT(
      [&] { sgd->set_learning_rate(1); },
      ThrowsMessage<TypeError>(HasSubstr("the learning rate is a schedule (ExponentialDecay) and cannot be set")));
}

TEST(Optimizer, TheRateCanBeSetWithoutTracingAnew) {
  const SGD sgd({.learning_rate = 1});
  Descent d = descent_from_one(sgd);
  d.values({1.f});
  sgd->set_learning_rate(0.5);
  EXPECT_THAT(d.values({1.f}), ElementsAre(-0.5f));
  EXPECT_EQ(sgd->learning_rate(), 0.5);
  EXPECT_THROW(sgd->set_learning_rate(std::nan("")), ValueError);
}

TEST(Optimizer, DecayOfKeras2IsAnInverseTimeDecay) {
  const SGD sgd({.lr = 1, .decay = 1});
  Descent d = descent_from_one(sgd);
  EXPECT_THAT(d.values({1.f, 1.f, 1.f}), ElementsAre(0.f, -0.5f, FloatNear(-0.5f - 1.f / 3, 1e-6)));
  EXPECT_EQ(sgd->schedule()->class_name(), "InverseTimeDecay");
  EXPECT_FALSE(SGD({.lr = 1, .decay = 0.0})->schedule());
}

TEST(Optimizer, IsAHandleThatSharesItsState) {
  const Adam adam({.learning_rate = 0.5});
  const Arg<Optimizer> other = adam;
  other->set_learning_rate(0.25);
  EXPECT_EQ(adam->learning_rate(), 0.25);
  EXPECT_EQ(Adam(0.125)->learning_rate(), 0.125);
}

TEST(Optimizer, IsFoundByName) {
  for (const char* name : {"rmsprop", "RMSprop", "RMSProp"})
    EXPECT_EQ(Optimizer::from_name(name)->class_name(), "RMSprop");
  for (const char* name : {"sgd", "SGD"}) EXPECT_EQ(Optimizer::from_name(name)->class_name(), "SGD");
  for (const char* name : {"adam", "Adam"}) EXPECT_EQ(Optimizer::from_name(name)->class_name(), "Adam");
  EXPECT_EQ(Optimizer::from_name("adamw")->class_name(), "AdamW");
  EXPECT_FLOAT_EQ(Optimizer::from_name("sgd")->learning_rate(), 0.01f);
  EXPECT_FLOAT_EQ(Optimizer::from_name("rmsprop")->learning_rate(), 0.001f);
  EXPECT_THAT([] { Optimizer::from_name("adaam"); },
              ThrowsMessage<ValueError>(AllOf(HasSubstr("unknown optimizer 'adaam'"), HasSubstr("rmsprop"))));
}

TEST(Optimizer, RefusesArguments) {
  const auto message = [](const SGDConfig& config) -> std::string {
    try {
      SGD sgd(config);
    } catch (const ValueError& e) {
      return e.what();
    }
    return "accepted";
  };
  const double nan = std::nan("");
  EXPECT_THAT(message({.learning_rate = 1, .lr = 1}), HasSubstr("[sgd] got both `learning_rate` and `lr`"));
  EXPECT_THAT(message({.learning_rate = nan}), HasSubstr("the learning rate must be a finite number >= 0, got nan"));
  EXPECT_THAT(message({.weight_decay = -0.1}),
              HasSubstr("[sgd] `weight_decay` must be a finite number >= 0, got -0.1"));
  EXPECT_THAT(message({.clipnorm = nan}), HasSubstr("`clipnorm`"));
  EXPECT_THAT(message({.clipvalue = -1}), HasSubstr("`clipvalue`"));
  EXPECT_THAT(message({.global_clipnorm = -1}), HasSubstr("`global_clipnorm`"));
  EXPECT_THAT(message({.clipnorm = 1, .clipvalue = 1}),
              HasSubstr("only one of `clipnorm`, `clipvalue` and `global_clipnorm`"));
  EXPECT_THAT(message({.use_ema = true, .ema_momentum = 1.5}), HasSubstr("`ema_momentum` must be in [0, 1], got 1.5"));
  EXPECT_THAT(message({.use_ema = true, .ema_overwrite_frequency = 0}),
              HasSubstr("`ema_overwrite_frequency` must be >= 1, got 0"));
  EXPECT_THAT(message({.loss_scale_factor = 0}), HasSubstr("`loss_scale_factor`"));
  EXPECT_THAT(message({.gradient_accumulation_steps = 1}),
              HasSubstr("`gradient_accumulation_steps` must be >= 2, got 1"));
  EXPECT_THAT(message({.decay = -1}), HasSubstr("`decay` must be a finite number >= 0"));
  EXPECT_EQ(message({.use_ema = false, .ema_overwrite_frequency = 0}), "accepted") << "as Keras: unused";
}

TEST(Optimizer, KnowsItsVariables) {
  const SGD sgd;
  const Variable w(Array{1.f}, "w"), other(Array{1.f}, "other");
  sgd->build({w});
  EXPECT_NO_THROW(sgd->build({w}));
  EXPECT_THAT([&] { sgd->build({other}); }, ThrowsMessage<ValueError>(HasSubstr("does not know 'other'")));
  Context ctx;
  EXPECT_THAT(
      [&] {
        sgd->apply({{Tensor(), w}}, ctx);
      },
      ThrowsMessage<ValueError>(HasSubstr("no gradient for any variable")));
  EXPECT_THAT(
      [&] {
        sgd->apply({{Tensor(graph::zeros({3})), w}}, ctx);
      },
      ThrowsMessage<ShapeError>(AllOf(HasSubstr("the gradient of 'w' has shape (3,)"), HasSubstr("expected (1,)"))));
}

TEST(Optimizer, LeavesVariablesWithoutGradientAlone) {
  const SGD sgd({.learning_rate = 1});
  const Variable w(Array{1.f}, "w"), idle(Array{1.f}, "idle");
  Context ctx;
  sgd->apply({{Tensor(Array{1.f}), w}, {Tensor(), idle}}, ctx);
  tests::run(ctx);
  EXPECT_FLOAT_EQ(w.value().item<float>(), 0.f);
  EXPECT_FLOAT_EQ(idle.value().item<float>(), 1.f);
}

TEST(Optimizer, VariablesAndSlotsHaveKerasNamesAndOrder) {
  const std::vector<Variable> variables = {Variable(Array{1.f}, "dense/kernel"), Variable(Array{1.f}, "dense/bias")};
  const auto slots = [&](const Shared<Optimizer>& optimizer) {
    optimizer->build(variables);
    std::vector<std::string> out;
    for (const Optimizer::Slot& s : optimizer->slots()) out.push_back(s.name);
    return out;
  };
  const Adam adam({.amsgrad = true});
  EXPECT_THAT(slots(adam), ElementsAre("m/dense/kernel", "v/dense/kernel", "m/dense/bias", "v/dense/bias",
                                       "vhat/dense/kernel", "vhat/dense/bias"));
  EXPECT_THAT(names(adam->variables()),
              ElementsAre("adam/iteration", "adam/learning_rate", "adam/dense_kernel_momentum",
                          "adam/dense_kernel_velocity", "adam/dense_bias_momentum", "adam/dense_bias_velocity",
                          "adam/dense_kernel_velocity_hat", "adam/dense_bias_velocity_hat"));
  EXPECT_THAT(slots(RMSprop({.momentum = 0.5, .centered = true})),
              ElementsAre("velocity/dense/kernel", "velocity/dense/bias", "momentum/dense/kernel",
                          "momentum/dense/bias", "average_gradient/dense/kernel", "average_gradient/dense/bias"));
  const SGD plain;
  EXPECT_THAT(slots(plain), ElementsAre("m/dense/kernel", "m/dense/bias")) << "zeros in files of Keras 2.15";
  EXPECT_FALSE(plain->slots()[0].slot.defined());
  EXPECT_EQ(plain->variables().size(), 2u);
}

TEST(Optimizer, ConfigsHoldTheRateAsItIs) {
  const RMSprop rmsprop({.lr = 0.001, .epsilon = 1e-08, .decay = 0.0});
  EXPECT_THAT(get_config(*rmsprop),
              AllOf(HasSubstr("\"learning_rate\":0.0010000000474974513"), HasSubstr("\"epsilon\":1e-08"),
                    Not(HasSubstr("\"lr\"")), Not(HasSubstr("\"decay\""))));
  rmsprop->set_learning_rate(0.5);
  EXPECT_THAT(get_config(*rmsprop), HasSubstr("\"learning_rate\":0.5"));
  EXPECT_THAT(get_config(*SGD({.lr = 0.25, .decay = 0.5})),
              AllOf(HasSubstr("InverseTimeDecay"), HasSubstr("\"decay_rate\":0.5")));
}

struct Momentum : Optimizer {
  Momentum() : Optimizer(0.5, {.name = "momentum"}) {}
  void add_slots(const std::vector<Variable>& variables) override {
    for (const Variable& v : variables) add_slot(v, "velocity", "", 2);
  }
  Tensor step(const Step& s) override {
    const Tensor velocity = 0.5 * s.slot("velocity") - s.rate * s.gradient;
    s.update("velocity", velocity);
    return s.value + velocity;
  }
};

TEST(Optimizer, TakesARuleOfOnesOwn) {
  Descent d = descent_from_one(Momentum());
  EXPECT_THAT(d.values({1.f, 1.f}), ElementsAre(1.5f, FloatEq(1.5f + 0.25f - 0.5f)));
}

TEST(Steps, AreDividedExactly) {
  for (const std::int64_t x : {std::int64_t{0}, std::int64_t{5}, std::int64_t{6}, std::int64_t{16777217},
                               std::int64_t{3} << 30, (std::int64_t{3} << 40) + 1}) {
    const auto d = internal::divide(Tensor(Array::scalar(x)), 3);
    EXPECT_EQ(tests::evaluate(d.quotient).item<std::int64_t>(), x / 3);
    EXPECT_EQ(tests::evaluate(d.remainder).item<std::int64_t>(), x % 3);
    EXPECT_EQ(tests::evaluate(internal::is_multiple(Tensor(Array::scalar(x)), 3)).item<bool>(), x % 3 == 0);
  }
}

TEST(Optimizer, TheLearningRateIsAProperty) {
  const SGD sgd(0.5), other(0.125);
  EXPECT_EQ(sgd->learning_rate, 0.5);
  sgd->learning_rate = 0.25;
  const double rate = sgd->learning_rate;
  EXPECT_EQ(rate, 0.25);
  Descent d = descent_from_one(sgd);
  d.step({Array{1.f}});
  EXPECT_FLOAT_EQ(d.value(), 0.75f);
  sgd->learning_rate = other->learning_rate;
  other->learning_rate = 1;
  d.step({Array{1.f}});
  EXPECT_FLOAT_EQ(d.value(), 0.625f) << "the number is taken over, not the other optimizer's variable";
  Momentum moved, replaced;
  moved.learning_rate = 0.75;
  replaced = std::move(moved);
  EXPECT_EQ(replaced.learning_rate, 0.75);
  EXPECT_THAT([&] { sgd->learning_rate = std::numeric_limits<double>::infinity(); },
              ThrowsMessage<ValueError>(HasSubstr("[sgd] the learning rate must be a finite number, got inf")));
}

TEST(Optimizer, TakesTheRateByPosition) {
  EXPECT_EQ(Adam(0.5)->learning_rate, 0.5);
  EXPECT_EQ(Adam(0.5, {.beta_1 = 0.5})->config().beta_1, 0.5);
  EXPECT_EQ(SGD(1)->learning_rate, 1);
  EXPECT_TRUE(RMSprop(schedules::ExponentialDecay(0.5, 2, 0.5))->schedule());
}

TEST(Optimizer, RemembersVariablesNotTheirAddresses) {
  const SGD sgd({.learning_rate = 0.5, .weight_decay = 0.5});
  sgd->exclude_from_weight_decay({Variable(Array{1.f}, "gone")});
  EXPECT_TRUE(sgd->has_exclusions());
  // Some of these would lie where the excluded one lay, were it not kept.
  std::vector<Variable> variables;
  for (int i = 0; i < 8; ++i) variables.emplace_back(Array{1.f}, "w" + std::to_string(i));
  Descent d(sgd, variables);
  d.step(std::vector<Array>(8, Array{0.f}));
  for (int i = 0; i < 8; ++i) EXPECT_FLOAT_EQ(d.value(i), 0.75f) << i;
}

}  // namespace
}  // namespace cornu::keras::optimizers

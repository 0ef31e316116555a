// Each rule against its formula in double, step by step.
#include "tests/keras/optimizers/rules.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/legacy/adam.h"
#include "cornu/keras/optimizers/legacy/rmsprop.h"
#include "cornu/keras/optimizers/legacy/sgd.h"
#include "cornu/keras/optimizers/rmsprop.h"
#include "cornu/keras/optimizers/sgd.h"

namespace cornu::keras::optimizers {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Adam",
       R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, "amsgrad": true, "weight_decay": 0.25, BASE})"},
      {"optimizer", "AdamW",
       R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, "amsgrad": true, "weight_decay": 0.25, BASE})"},
      {"optimizer", "RMSprop",
       R"({"learning_rate": 0.5, "rho": 0.5, "momentum": 0.25, "epsilon": 0.125, "centered": true, "weight_decay": 0.25, BASE})"},
      {"optimizer", "SGD", R"({"learning_rate": 0.5, "momentum": 0.25, "nesterov": true, "weight_decay": 0.25, BASE})"},
      {"legacy optimizer", "Adam",
       R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, "amsgrad": true, LEGACY})"},
      {"legacy optimizer", "RMSprop",
       R"({"learning_rate": 0.5, "rho": 0.5, "momentum": 0.25, "epsilon": 0.125, "centered": true, LEGACY})"},
      {"legacy optimizer", "SGD", R"({"learning_rate": 0.5, "momentum": 0.25, "nesterov": true, LEGACY})"},
  };
});

TEST(SGD, FollowsItsFormula) {
  double w = 1, v = 0;
  expect_rule(SGD({.learning_rate = 0.1}), [w](double g, int) mutable { return w -= 0.1 * g; });
  expect_rule(SGD({.learning_rate = 0.1, .momentum = 0.9}),
              [=](double g, int) mutable { return w += v = 0.9 * v - 0.1 * g; });
  expect_rule(SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}), [=](double g, int) mutable {
    v = 0.9 * v - 0.1 * g;
    return w += 0.9 * v - 0.1 * g;
  });
}

TEST(RMSprop, FollowsItsFormula) {
  double w = 1, v = 0, a = 0, m = 0;
  expect_rule(RMSprop({.learning_rate = 0.01, .rho = 0.8, .epsilon = 1e-8}), [=](double g, int) mutable {
    v = 0.8 * v + 0.2 * g * g;
    return w -= 0.01 * g / std::sqrt(v + 1e-8);
  });
  expect_rule(RMSprop({.learning_rate = 0.01, .momentum = 0.5, .epsilon = 1e-3, .centered = true}),
              [=](double g, int) mutable {
                v = 0.9 * v + 0.1 * g * g;
                a = 0.9 * a + 0.1 * g;
                m = 0.5 * m + 0.01 * g / std::sqrt(v - a * a + 1e-3);
                return w -= m;
              });
}

TEST(Adam, FollowsItsFormula) {
  for (const bool amsgrad : {false, true}) {
    double w = 1, m = 0, v = 0, largest = 0;
    expect_rule(
        Adam({.learning_rate = 0.01, .beta_1 = 0.8, .beta_2 = 0.9, .amsgrad = amsgrad}), [=](double g, int t) mutable {
          m = 0.8 * m + 0.2 * g;
          v = 0.9 * v + 0.1 * g * g;
          largest = amsgrad ? std::max(largest, v) : v;
          return w -= 0.01 * std::sqrt(1 - std::pow(0.9, t)) / (1 - std::pow(0.8, t)) * m / (std::sqrt(largest) + 1e-7);
        });
  }
}

TEST(AdamW, IsAdamWithDecay) {
  double w = 1, m = 0, v = 0;
  expect_rule(AdamW({.learning_rate = 0.01, .weight_decay = 0.5}), [=](double g, int t) mutable {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= w * 0.01 * 0.5;
    return w -= 0.01 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * m / (std::sqrt(v) + 1e-7);
  });
  EXPECT_THAT([] { AdamW({.weight_decay = std::nullopt}); },
              ThrowsMessage<ValueError>(HasSubstr("[AdamW] needs `weight_decay`")));
}

TEST(LegacyRMSprop, HasEpsilonOutsideOfTheRootUnlessThereIsMomentum) {
  double w = 1, v = 0, a = 0, m = 0;
  expect_rule(legacy::RMSprop({.learning_rate = 0.01, .epsilon = 0.1, .decay = 0.5}), [=](double g, int t) mutable {
    v = 0.9 * v + 0.1 * g * g;
    return w -= 0.01 / (1 + 0.5 * (t - 1)) * g / (std::sqrt(v) + 0.1);
  });
  expect_rule(legacy::RMSprop({.learning_rate = 0.01, .epsilon = 0.1, .centered = true}), [=](double g, int) mutable {
    v = 0.9 * v + 0.1 * g * g;
    a = 0.9 * a + 0.1 * g;
    return w -= 0.01 * g / (std::sqrt(v - a * a) + 0.1);
  });
  expect_rule(legacy::RMSprop({.learning_rate = 0.01, .momentum = 0.5, .epsilon = 0.1}), [=](double g, int) mutable {
    v = 0.9 * v + 0.1 * g * g;
    return w -= m = 0.5 * m + 0.01 * g / std::sqrt(v + 0.1);
  });
}

TEST(LegacySGD, DecaysItsRate) {
  double w = 1, v = 0;
  const legacy::SGD sgd({.learning_rate = 0.1, .momentum = 0.9, .decay = 0.5});
  expect_rule(sgd, [=](double g, int t) mutable { return w += v = 0.9 * v - 0.1 / (1 + 0.5 * (t - 1)) * g; });
  EXPECT_FLOAT_EQ(sgd->learning_rate(), 0.1f);
  EXPECT_NO_THROW(sgd->set_learning_rate(0.2)) << "the rate stays a number";
}

TEST(LegacyAdam, DecaysItsRate) {
  double w = 1, m = 0, v = 0;
  expect_rule(legacy::Adam({.learning_rate = 0.01, .decay = 0.5}), [=](double g, int t) mutable {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const double rate = 0.01 / (1 + 0.5 * (t - 1));
    return w -= rate * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * m / (std::sqrt(v) + 1e-7);
  });
}

TEST(Legacy, WeightsAreOrderedAndNamedAsInKeras2) {
  const std::vector<Variable> variables = {Variable(graph::Array{1.f}, "a"), Variable(graph::Array{1.f}, "b")};
  const legacy::Adam adam({.amsgrad = true});
  adam->build(variables);
  std::vector<std::string> names;
  for (const Variable& v : adam->variables()) names.push_back(v.name());
  EXPECT_THAT(names, testing::ElementsAre("Adam/iter", "Adam/a/m", "Adam/b/m", "Adam/a/v", "Adam/b/v", "Adam/a/vhat",
                                          "Adam/b/vhat"));
  EXPECT_EQ(adam->slots()[1].name, "b/m");
  EXPECT_TRUE(adam->base().legacy_decay.has_value());
  const legacy::SGD sgd;
  sgd->build(variables);
  EXPECT_TRUE(sgd->slots().empty());
}

TEST(Legacy, IsRegisteredApart) {
  for (const char* name : {"RMSprop", "SGD", "Adam"}) {
    EXPECT_TRUE(legacy::registry().make(name)->base().legacy_decay.has_value());
    EXPECT_FALSE(registry().make(name)->base().legacy_decay.has_value());
  }
  EXPECT_THAT(get_config(*legacy::RMSprop({.decay = 0.5})), HasSubstr("\"decay\":0.5"));
  EXPECT_THAT([] { legacy::registry().make("Lamb"); },
              ThrowsMessage<ValueError>(HasSubstr("unknown legacy optimizer 'Lamb'")));
}

TEST(Rules, RefuseArguments) {
  EXPECT_THAT([] { SGD({.momentum = 1.5}); },
              ThrowsMessage<ValueError>(HasSubstr("[sgd] `momentum` must be in [0, 1], got 1.5")));
  EXPECT_THAT([] { RMSprop({.rho = -0.1}); },
              ThrowsMessage<ValueError>(HasSubstr("[rm_sprop] `rho` must be in [0, 1], got -0.1")));
  EXPECT_THAT([] { RMSprop({.epsilon = std::nan("")}); },
              ThrowsMessage<ValueError>(HasSubstr("[rm_sprop] `epsilon` must be a finite number >= 0, got nan")));
  EXPECT_THAT([] { Adam({.beta_1 = 1}); },
              ThrowsMessage<ValueError>(HasSubstr("[adam] `beta_1` must be in [0, 1), got 1")));
  EXPECT_THAT([] { Adam({.beta_2 = std::nan("")}); }, ThrowsMessage<ValueError>(HasSubstr("[adam] `beta_2`")));
  EXPECT_THAT([] { AdamW({.epsilon = -1}); }, ThrowsMessage<ValueError>(HasSubstr("[adam_w] `epsilon`")));
  EXPECT_THAT([] { legacy::SGD({.decay = -1}); }, ThrowsMessage<ValueError>(HasSubstr("`decay`")));
  EXPECT_THAT([] { legacy::RMSprop({.momentum = 2}); }, ThrowsMessage<ValueError>(HasSubstr("[RMSprop] `momentum`")));
}

}  // namespace
}  // namespace cornu::keras::optimizers

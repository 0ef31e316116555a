#include "cornu/keras/tuner/hyperparameters.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/keras/expect_error.h"

namespace cornu::keras::tuner {
namespace {

using testing::ElementsAre;
using tests::error_text;

std::vector<double> at_places(const HyperParameter& parameter) {
  std::vector<double> values;
  for (const double place : {0.0, 0.25, 0.5, 0.75, 0.999}) values.push_back(parameter.at(place).number());
  return values;
}

HyperParameter asked(const std::function<void(HyperParameters&)>& ask) {
  HyperParameters hp;
  ask(hp);
  return hp.space().at(0);
}

TEST(HyperParametersTest, AreTheirDefaultsWithoutASearch) {
  HyperParameters hp;
  EXPECT_EQ(hp.Int("units", 32, 256), 32);
  EXPECT_EQ(hp.Int("layers", 1, 5, {.default_value = 3}), 3);
  EXPECT_EQ(hp.Float("rate", 0.1, 1.0), 0.1);
  EXPECT_EQ(hp.Choice("activation", {"relu", "tanh"}), "relu");
  EXPECT_EQ(hp.Choice("size", {3, 5}, 5), 5);
  EXPECT_EQ(hp.Choice("momentum", {0.9, 0.99}), 0.9);
  EXPECT_FALSE(hp.Boolean("dropout"));
  EXPECT_EQ(hp.Fixed("kind", "dense").text(), "dense");
  EXPECT_EQ(hp.get("activation").text(), "relu");
  EXPECT_EQ(hp.space().size(), 8u);
  EXPECT_EQ(hp.values().size(), 8u);
  hp.set("units", 64);
  EXPECT_EQ(hp.Int("units", 32, 256), 64);
  EXPECT_EQ(hp.space().size(), 8u);
}

// The values of KerasTuner's `_sample_numerical_value` and `_sample_with_step`.
TEST(HyperParametersTest, HaveKerasTunersValues) {
  EXPECT_THAT(at_places(asked([](auto& hp) { hp.Int("i", 1, 4); })), ElementsAre(1, 2, 3, 4, 4));
  EXPECT_THAT(at_places(asked([](auto& hp) { hp.Int("i", 32, 128, {.step = 32}); })),
              ElementsAre(32, 64, 96, 128, 128));
  EXPECT_THAT(at_places(asked([](auto& hp) { hp.Int("i", 2, 32, {.step = 2, .sampling = "log"}); })),
              ElementsAre(2, 4, 8, 16, 32));
  EXPECT_THAT(at_places(asked([](auto& hp) { hp.Float("f", 0, 1, {.step = 0.25}); })),
              ElementsAre(0, 0.25, 0.5, 0.75, 1));
  const auto log = at_places(asked([](auto& hp) { hp.Float("f", 1e-4, 1, {.sampling = "log"}); }));
  EXPECT_NEAR(log[1], 1e-3, 1e-12);
  EXPECT_NEAR(log[2], 1e-2, 1e-12);
  const auto reverse = at_places(asked([](auto& hp) { hp.Float("f", 1, 100, {.sampling = "reverse_log"}); }));
  EXPECT_NEAR(reverse[0], 1, 1e-9);
  EXPECT_NEAR(reverse[2], 91, 1e-9);
  const HyperParameter choice = asked([](auto& hp) { hp.Choice("c", {"a", "b"}); });
  EXPECT_EQ(choice.at(0.49).text(), "a");
  EXPECT_EQ(choice.at(0.5).text(), "b");
}

TEST(HyperParametersTest, NamesWhatIsWrong) {
  HyperParameters hp;
  hp.Int("units", 1, 2);
  EXPECT_EQ(error_text<ValueError>([&] { hp.Float("units", 1, 2); }),
            "hyperparameter 'units' is an Int, and was asked for as a Float");
  EXPECT_EQ(error_text<ValueError>([&] { hp.Int("n", 3, 2); }),
            "hyperparameter 'n': expected min_value <= max_value, got 3 and 2");
  EXPECT_EQ(error_text<ValueError>([&] { hp.Float("r", 0, 2, {.sampling = "log"}); }),
            "hyperparameter 'r': sampling 'log' needs a min_value above 0, got 0");
  EXPECT_EQ(error_text<ValueError>([&] { hp.Float("r", 1, 2, {.sampling = "even"}); }),
            "hyperparameter 'r': unknown sampling 'even'; known are linear, log, reverse_log");
  EXPECT_EQ(error_text<ValueError>([&] { hp.Int("r", 1, 2, {.step = 0}); }),
            "hyperparameter 'r': expected a step above 0, got 0");
  EXPECT_EQ(error_text<ValueError>([&] { hp.Choice("c", std::vector<std::string>()); }),
            "hyperparameter 'c': expected values to choose from, got none");
  EXPECT_EQ(error_text<ValueError>([&] { hp.Choice("c", {"a"}, "b"); }),
            "hyperparameter 'c': the default is none of the values");
  EXPECT_EQ(error_text<ValueError>([&] { hp.Boolean(""); }), "a hyperparameter needs a name");
  EXPECT_EQ(error_text<ValueError>([&] { hp.get("rate"); }), "no hyperparameter 'rate'; there are units");
}

}  // namespace
}  // namespace cornu::keras::tuner

// Losses, weights, metrics and data of models with several inputs and outputs. Values of Keras 3.15.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>

#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/sgd.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/models/two_towers.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::data;
using cornu::tests::error_text;
using cornu::tests::two_towers;
using testing::HasSubstr;

const Arrays kX = {data(6, 2, 3), data(6, 2, 7)};
const Array kDigit(std::vector<std::int64_t>{0, 1, 2, 0, 1, 2});
const Array kSame = Array{{0.f}, {1.f}, {0.f}, {1.f}, {0.f}, {1.f}};
const Arrays kY = {kDigit, kSame};

CompileConfig by_name() {
  return {.optimizer = optimizers::SGD({.learning_rate = 0.1}),
          .loss = {{"digit", "sparse_categorical_crossentropy"}, {"same", "binary_crossentropy"}},
          .loss_weights = {{"digit", 1.0}, {"same", 0.5}},
          .metrics = {{"digit", {"accuracy"}}, {"same", {"accuracy", "mae"}}}};
}

void expect(const std::map<std::string, double>& want, const std::function<double(const std::string&)>& got) {
  for (const auto& [name, value] : want) EXPECT_NEAR(got(name), value, 2e-6 * std::max(1.0, value) + 1e-6) << name;
}

TEST(SeveralOutputs, TrainAndScoreAsKeras) {
  Model model = two_towers();
  model.compile(by_name());
  const History history = model.fit(kX, kY, {.batch_size = 3, .epochs = 2, .verbose = 0, .shuffle = false});
  const std::map<std::string, std::vector<double>> epochs = {{"loss", {1.5248624086380005, 1.5039453506469727}},
                                                             {"digit_loss", {1.1409062147140503, 1.123186469078064}},
                                                             {"same_loss", {0.7679125666618347, 0.7615180611610413}},
                                                             {"digit_accuracy", {1 / 6.0, 1 / 3.0}},
                                                             {"same_accuracy", {1 / 6.0, 1 / 6.0}},
                                                             {"same_mae", {0.5343155264854431, 0.53133624792099}}};
  for (const auto& [name, values] : epochs) {
    ASSERT_TRUE(history.contains(name)) << name;
    ASSERT_EQ(history[name].size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(history[name][i], values[i], 3e-6) << name << ' ' << i;
  }
  const Logs scores = model.evaluate(kX, kY, {.batch_size = 3, .verbose = 0});
  expect({{"loss", 1.4816054105758667},
          {"digit_loss", 1.1038190126419067},
          {"same_loss", 0.7555729746818542},
          {"digit_accuracy", 0.5},
          {"same_accuracy", 1 / 3.0},
          {"same_mae", 0.5286266207695007}},
         [&](const std::string& name) { return scores[name]; });
  const Arrays weights = {Array{1.f, 2.f, 0.f, 1.f, 3.f, 1.f}, Array{0.f, 1.f, 1.f, 2.f, 1.f, 1.f}};
  const Logs weighted = model.evaluate(kX, kY, {.batch_size = 3, .verbose = 0, .sample_weight = weights});
  expect({{"loss", 1.8441404104232788},
          {"digit_loss", 1.4520331621170044},
          {"same_loss", 0.784214198589325},
          {"digit_accuracy", 0.5},
          {"same_mae", 0.5286266207695007}},
         [&](const std::string& name) { return weighted[name]; });
  const Logs by_names = model.evaluate(
      kX, kY, {.batch_size = 3, .verbose = 0, .sample_weight = {{"same", weights[1]}, {"digit", weights[0]}}});
  EXPECT_EQ(by_names["loss"], weighted["loss"]);
  const Logs step = model.train_on_batch(kX, kY);
  expect({{"loss", 1.4816054105758667}, {"digit_loss", 1.1038188934326172}, {"same_loss", 0.7555729746818542}},
         [&](const std::string& name) { return step[name]; });

  model.compile({.optimizer = "sgd",
                 .loss = {{"digit", "sparse_categorical_crossentropy"}},
                 .metrics = {{"digit", {"accuracy"}}, {"same", {"mae"}}}});
  const Logs one_loss = model.evaluate(kX, kY, {.batch_size = 3, .verbose = 0});
  expect({{"loss", 1.0963616371154785}, {"digit_accuracy", 2 / 3.0}, {"same_mae", 0.527271032333374}},
         [&](const std::string& name) { return one_loss[name]; });

  model.compile({.optimizer = "sgd",
                 .loss = std::vector<Arg<losses::Loss>>{"sparse_categorical_crossentropy", "mse"},
                 .weighted_metrics = {{"digit", {"accuracy"}}, {"same", {"mae"}}}});
  const Logs in_order = model.evaluate(kX, kY, {.batch_size = 3, .verbose = 0, .sample_weight = weights});
  expect({{"loss", 1.7378320693969727},
          {"digit_loss", 1.4440208673477173},
          {"same_loss", 0.29381129145622253},
          {"digit_accuracy", 0.875},
          {"same_mae", 0.5404055118560791}},
         [&](const std::string& name) { return in_order[name]; });
}

TEST(SeveralOutputs, TakeDataByNameAndInOrder) {
  Model model = two_towers();
  model.compile(by_name());
  const double in_order = model.evaluate(kX, kY, {.verbose = 0})["loss"];
  EXPECT_EQ(
      model.evaluate({{"right", kX[1]}, {"left", kX[0]}}, {{"same", kSame}, {"digit", kDigit}}, {.verbose = 0})["loss"],
      in_order);
  EXPECT_THAT(error_text<ValueError>([&] {
                model.evaluate({{"rihgt", kX[1]}, {"left", kX[0]}}, kY, {.verbose = 0});
              }),
              testing::AllOf(HasSubstr("rihgt"), HasSubstr("left"), HasSubstr("right")));
  EXPECT_THAT(error_text<ValueError>([&] {
                model.fit(kX, {{"digit", kDigit}, {"other", kSame}}, {.verbose = 0});
              }),
              testing::AllOf(HasSubstr("other"), HasSubstr("same")));
  EXPECT_THROW(model.fit(kX, {kDigit}, {.verbose = 0}), ValueError);
  EXPECT_THROW(model.fit(Arrays(kX[0]), kY, {.verbose = 0}), ValueError);
  EXPECT_THROW(model.fit({kX[0], kX[1].slice(0, 5)}, kY, {.verbose = 0}), ValueError);
}

TEST(SeveralOutputs, NamesInCompileMustBeOutputs) {
  Model model = two_towers();
  EXPECT_EQ(error_text<ValueError>([&] {
              model.compile({.loss = {{"digits", "mse"}}});
            }),
            "compile: loss: the model has no output named 'digits'; it has: digit, same");
  EXPECT_THAT(error_text<ValueError>([&] {
                model.compile({.loss = "mse", .metrics = {{"x", {"mae"}}}});
              }),
              HasSubstr("no output named 'x'; it has: digit, same"));
  EXPECT_THAT(error_text<ValueError>([&] {
                model.compile({.loss = "mse", .loss_weights = {{"y", 1.0}}});
              }),
              HasSubstr("no output named 'y'"));
  EXPECT_THAT(error_text<ValueError>([&] {
                model.compile({.loss = std::vector<Arg<losses::Loss>>{"mse", "mse", "mse"}});
              }),
              HasSubstr("compile: loss needs a value for each of 2 outputs (digit, same), got 3"));
}

TEST(SeveralOutputs, HaveNoClassWeights) {
  Model model = two_towers();
  model.compile(by_name());
  EXPECT_THAT(error_text<ValueError>([&] {
                model.fit(kX, kY, {.verbose = 0, .class_weight = {{0, 1.0}, {1, 2.0}}});
              }),
              HasSubstr("class_weight"));
}

TEST(SeveralOutputs, AFrozenPartStays) {
  Model model = two_towers();
  model.get_layer("shared")->set_trainable(false);
  model.compile({.optimizer = "sgd", .loss = {{"digit", "sparse_categorical_crossentropy"}, {"same", "mse"}}});
  const Array frozen = model.get_layer("shared")->get_weights()[0].copy(),
              free = model.get_layer("digit")->get_weights()[0].copy();
  model.get_layer("shared")->set_trainable(true);  // counts from the next compile on, for batches of every size
  model.fit(kX, kY, {.batch_size = 4, .epochs = 2, .verbose = 0});
  EXPECT_TRUE(array_equal(model.get_layer("shared")->get_weights()[0], frozen));
  EXPECT_FALSE(array_equal(model.get_layer("digit")->get_weights()[0], free));
}

}  // namespace
}  // namespace cornu::keras::models

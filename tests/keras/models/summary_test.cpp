#include <gmock/gmock.h>

#include <iostream>
#include <sstream>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/ops/binary.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::models {
namespace {

using layers::Dense;
using layers::Dropout;

std::string summary(const Model& model) {
  std::ostringstream out;
  model.summary(out);
  return out.str();
}

const char kIntroduction[] =
    "Model: \"sequential\"\n"
    "_________________________________________________________________\n"
    "Layer (type)                 Output Shape              Param #   \n"
    "=================================================================\n"
    "dense (Dense)                (None, 512)               401920    \n"
    "_________________________________________________________________\n"
    "dense_1 (Dense)              (None, 512)               262656    \n"
    "_________________________________________________________________\n"
    "dense_2 (Dense)              (None, 10)                5130      \n"
    "=================================================================\n"
    "Total params: 669,706\n"
    "Trainable params: 669,706\n"
    "Non-trainable params: 0\n"
    "_________________________________________________________________\n";

Sequential introduction() {
  return Sequential({Dense(512, {.activation = "relu", .input_shape = {784}}), Dense(512, {.activation = "relu"}),
                     Dense(10, {.activation = "softmax"})});
}

TEST(Summary, OfTheIntroductionsNetwork) {
  EXPECT_EQ(summary(introduction()), kIntroduction);
  const cornu::tests::CapturedStream out(std::cout);
  introduction().summary();
  EXPECT_EQ(out.text(), kIntroduction);
  std::string lines;
  introduction().summary([&](const std::string& line) { lines += line + '\n'; });
  EXPECT_EQ(lines, kIntroduction);
}

std::string line_of(const Model& model, const std::string& start) {
  std::istringstream lines(summary(model));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(start)) return line;
  return "";
}

TEST(Summary, TellsTrainableFromFrozen) {
  Sequential model = introduction();
  model.get_layer(0)->set_trainable(false);
  const std::string text = summary(model);
  EXPECT_THAT(text,
              testing::HasSubstr("Total params: 669,706\nTrainable params: 267,786\nNon-trainable params: 401,920\n"));
}

TEST(Summary, CutsLongFields) {
  const Sequential model(
      {Dense(3, {.name = "a_name_that_is_much_too_long_for_its_field", .input_shape = {100, 200, 300, 400, 500}})});
  EXPECT_EQ(line_of(model, "a_name"), "a_name_that_is_much_too_long (None, 100, 200, 300, 400 1503      ");
  const Sequential wide({Dense(3, {.name = "größe", .input_shape = {2}})});
  EXPECT_EQ(line_of(wide, "gr"), "größe (Dense)                (None, 3)                 9         ");
}

TEST(Summary, OfLayersWithoutWeightsAndBigOnes) {
  const Sequential model({Dense(2000, {.input_shape = {2000}}), Dropout(0.5)});
  EXPECT_EQ(line_of(model, "dense"), "dense (Dense)                (None, 2000)              4002000   ");
  EXPECT_EQ(line_of(model, "dropout"), "dropout (Dropout)            (None, 2000)              0         ");
  EXPECT_EQ(line_of(model, "Total"), "Total params: 4,002,000");
}

TEST(Summary, NestedModelsAreOneRow) {
  const Sequential inner({Dense(4, {.input_shape = {3}}), Dense(2)}, "inner");
  const Sequential model({inner.network(), Dense(1)}, "outer");
  EXPECT_EQ(line_of(model, "Model"), "Model: \"outer\"");
  EXPECT_EQ(line_of(model, "inner"), "inner (Sequential)           (None, 2)                 26        ");
  EXPECT_EQ(line_of(model, "Total"), "Total params: 29");
}

TEST(Summary, ALayerUsedTwiceHasTwoRowsAndCountsOnce) {
  const auto dropout = Dropout(0.5);
  const Sequential model({Dense(4, {.input_shape = {3}}), dropout, Dense(2), dropout});
  EXPECT_THAT(summary(model),
              testing::HasSubstr("dropout (Dropout)            (None, 2)                 0         \n"));
  const Dense square(3, {.input_shape = {3}});
  EXPECT_EQ(line_of(Sequential({square, square}), "Total"), "Total params: 12");
}

struct Scale : layers::Layer {
  Variable gain;
  void build(const Shape& input) override {
    gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones"});
  }
  Tensor call(const Tensor& x, Context&) override { return x * gain; }
};

TEST(Summary, NamesLayersOfOnesOwn) {
  Sequential model({Dense(4, {.input_shape = {3}})});
  model.add(Scale());
  EXPECT_EQ(line_of(model, "scale"), "scale (Scale)                (None, 4)                 4         ");
}

TEST(Summary, NeedsABuiltModel) {
  const Sequential model({Dense(4)});
  try {
    summary(model);
    FAIL() << "no error";
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(),
                 "model \"sequential\" has not been built: call build() with an input shape, or use the model on data, "
                 "before summary()");
  }
  Sequential built({Dense(4)});
  built.build({kUnknown, 3});
  EXPECT_EQ(line_of(built, "dense"), "dense (Dense)                (None, 4)                 16        ");
}

}  // namespace
}  // namespace cornu::keras::models

// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/activations/softmax.h"

#include <gtest/gtest.h>

#include "cornu/graph/function.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Softmax",
       .config = R"({"axis": [2, 1], BASE})",
       .example = {.inputs = {some({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

const Array kX{{0.217449f, -0.288357f, -0.96104f, -1.19785f},
               {0.280411f, 0.555651f, 1.6671f, 0.212109f},
               {-0.903087f, 0.0940576f, -0.702174f, 0.271286f}};
const Array kMask{{true, true, false, false}, {false, false, false, false}, {true, true, true, true}};
const Array kMasked{{0.623823f, 0.376177f, 0.f, 0.f}, {0.f, 0.f, 0.f, 0.f}, {0.122412f, 0.3318f, 0.14965f, 0.396138f}};

/// What the layer gives with a mask that is given for the call, and whether its output has one.
std::pair<Array, bool> with_mask(const Softmax& layer, const Array& x, const Array& mask) {
  bool masked = false;
  const Function f([&](const Tensor& x, const Tensor& mask) {
    Context ctx;
    const Tensor y = (*layer)(Inputs(x).with("mask", mask), ctx)[0];
    masked = ctx.mask(y).defined();
    return y;
  });
  const Array y = f(x, mask);
  return {y, masked};
}

TEST(SoftmaxLayerTest, GivesProbabilitiesAlongAnAxis) {
  const Array y = call_layer(Softmax(), {kX}).output();
  EXPECT_TRUE(allclose(y[2], kMasked[2], 1e-5, 1e-6));
  EXPECT_TRUE(allclose(graph::sum(y, 1), graph::ones({3})));
  for (const Softmax& layer : {Softmax(0), Softmax({.axis = {-2}})})
    EXPECT_TRUE(allclose(graph::sum(call_layer(layer, {kX}).output(), 0), graph::ones({4})));
}

TEST(SoftmaxLayerTest, GivesProbabilitiesOverSeveralAxes) {
  const Array x{{{-2.10337f, 0.413143f, 1.09726f, -1.37635f},
                 {1.737f, 0.57361f, -1.0515f, -0.324066f},
                 {0.91293f, -0.00292746f, -0.350106f, -0.907889f}}};
  const Array y{{{0.00677787f, 0.0839464f, 0.166383f, 0.0140228f},
                 {0.31546f, 0.098558f, 0.0194052f, 0.040164f},
                 {0.138375f, 0.0553739f, 0.0391316f, 0.0224019f}}};
  for (const Softmax& layer : {Softmax({.axis = {1, 2}}), Softmax({.axis = {-1, 1}})})
    EXPECT_TRUE(allclose(call_layer(layer, {x}).output(), y, 1e-5, 1e-6));
  const Array first = call_layer(Softmax({.axis = {0, 2}}), {some({3, 4, 2})}).output();
  EXPECT_TRUE(allclose(graph::sum(first, {0, 2}), graph::ones({4})));
}

TEST(SoftmaxLayerTest, WhatAMaskExcludesGetsNothing) {
  const auto [y, masked] = with_mask(Softmax(), kX, kMask);
  EXPECT_TRUE(allclose(y, kMasked, 1e-5, 1e-6));
  EXPECT_FALSE(masked) << "the mask is the call's alone";
  EXPECT_TRUE(allclose(
      with_mask(Softmax({.axis = {1, 0}}), Array{{0.706943f, 1.90814f, 0.856961f}, {1.54026f, 0.524384f, -0.716051f}},
                Array{{true, false, true}, {false, true, false}})
          .first,
      Array{{0.333891f, 0.f, 0.387933f}, {0.f, 0.278176f, 0.f}}, 1e-5, 1e-6));
  // One row for all.
  EXPECT_TRUE(array_equal(with_mask(Softmax(), kX, kMask[0].reshape({1, 4})).first[0], y[0]));
}

TEST(SoftmaxLayerTest, TheInputsMaskExcludesSteps) {
  const auto call = call_layer(Softmax(1), {some({3, 4, 2})}, {kMask});
  ASSERT_TRUE(call.mask);
  EXPECT_TRUE(array_equal(*call.mask, kMask));
  EXPECT_TRUE(allclose(graph::sum(call.output(), 1), Array{{1.f, 1.f}, {0.f, 0.f}, {1.f, 1.f}}));
  EXPECT_TRUE(array_equal(call.output()[0][2], graph::zeros({2})));
}

TEST(SoftmaxLayerTest, AModelTakesTheMaskAsAnInput) {
  const KerasTensor x = Input({.shape = {4}}), mask = Input({.shape = {4}, .dtype = "bool"});
  const models::Model model({x, mask}, Softmax()(x, {.mask = mask}));
  EXPECT_TRUE(allclose(model.predict(Arrays({kX, kMask})).arrays()[0], kMasked, 1e-5, 1e-6));
}

TEST(SoftmaxLayerTest, FilesSayOneAxisAsANumber) {
  const auto axis = [](const std::string& json) {
    return saving::deserialize(registry(), R"({"class_name": "Softmax", "config": {"axis": )" + json + "}}");
  };
  EXPECT_TRUE(same_config(*axis("1"), *Softmax(1)));
  EXPECT_TRUE(same_config(*axis("[1, 2]"), *Softmax({.axis = {1, 2}})));
  EXPECT_NE(get_config(*Softmax()).find(R"("axis":-1)"), std::string::npos);
}

TEST(SoftmaxLayerTest, RefusesAxesAndMasksThatDoNotFit) {
  EXPECT_EQ(error_text<ValueError>([] { Softmax({.axis = {}, .name = "s"}); }),
            "[Softmax \"s\"] expected at least one axis, got none");
  EXPECT_EQ(error_text<ShapeError>([] { call_layer(Softmax(2), {kX}); }),
            "[Softmax] axis 2 is out of bounds for shape (None, 4)");
  EXPECT_EQ(error_text<ValueError>([] {
              call_layer(Softmax({.axis = {1, -1}}), {kX});
            }),
            "[Softmax] axis -1 of an input of shape (None, 4) is given twice");
  EXPECT_EQ(error_text<ShapeError>([] { with_mask(Softmax(), kX, kMask.astype(float32)); }),
            "[Softmax] a mask needs to be bool and of the first axes of float32(3, 4), got float32(3, 4)");
}

}  // namespace
}  // namespace cornu::keras::layers

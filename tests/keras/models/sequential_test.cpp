#include "cornu/keras/models/sequential.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/layers/reshaping/reshape.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/sgd.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::error_text;
using layers::Activation;
using layers::Dense;
using layers::Flatten;
using layers::Input;
using layers::Reshape;

std::vector<std::string> names(const Model& model) {
  std::vector<std::string> list;
  for (const auto& layer : model.layers()) list.push_back(layer->name());
  return list;
}

using Names = std::vector<std::string>;

std::string summary_of(const Model& model) {
  std::ostringstream out;
  model.summary(out);
  return out.str();
}

TEST(Sequential, IsBuiltLayerByLayerWhereTheFirstKnowsItsInput) {
  Sequential model;
  EXPECT_FALSE(model.built());
  model.add(Dense(3, {.input_shape = {4}}));
  EXPECT_TRUE(model.built());
  EXPECT_EQ(model.count_params(), 15);
  model.add(Activation("relu"));
  model.add(Dense(2));
  EXPECT_EQ(model.count_params(), 23);
  EXPECT_EQ(model.input_shape(), (Shape{kUnknown, 4}));
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 2}));
  EXPECT_EQ(model.layers().size(), 3u);
}

TEST(Sequential, ListsMakeTheSame) {
  Sequential listed({Dense(3, {.input_shape = {4}}), Activation("relu"), Dense(2)});
  EXPECT_EQ(listed.count_params(), 23);
  EXPECT_EQ(listed.name(), "sequential");
  const Sequential named(std::vector<Shared<layers::Layer>>{Dense(3)}, "mine");
  EXPECT_EQ(named.name(), "mine");
  EXPECT_FALSE(named.built());
}

TEST(Sequential, AnInputLayerIsNoneOfItsLayers) {
  Sequential model({Input({.shape = {4}, .name = "pixels"}), Dense(2)});
  EXPECT_EQ(names(model), Names{"dense"});
  EXPECT_TRUE(model.built());
  EXPECT_EQ(model.input_shape(), (Shape{kUnknown, 4}));
}

TEST(Sequential, TheDataBuildsItOtherwise) {
  Sequential model({Dense(3), Dense(2)});
  EXPECT_FALSE(model.built());
  EXPECT_TRUE(model.weights().empty());
  EXPECT_EQ(model.predict(zeros({5, 4})).shape(), (Shape{5, 2}));
  EXPECT_TRUE(model.built());
  EXPECT_EQ(model.input_shape(), (Shape{kUnknown, 4}));

  Sequential by_hand({Dense(3), Dense(2)});
  by_hand.build({kUnknown, 4});
  EXPECT_EQ(by_hand.count_params(), 23);
  by_hand.build({kUnknown, 4});  // again, for the same
  EXPECT_EQ(error_text<ValueError>([&] {
              by_hand.build({kUnknown, 7});
            }),
            "model \"sequential\" was built for the input shape (None, 4) and cannot be built for (None, 7)");
  EXPECT_THROW(by_hand.build({}), ShapeError);
}

TEST(Sequential, ABatchSizeShowsInItsShapes) {
  for (Sequential model : {Sequential({Dense(2, {.input_shape = {4}, .batch_size = 32}), Dense(3)}),
                           Sequential({Input({.shape = {4}, .batch_size = 32}), Dense(2), Dense(3)}),
                           Sequential({Input({.batch_shape = {32, 4}}), Dense(2), Dense(3)})}) {
    EXPECT_EQ(model.input_shape(), (Shape{32, 4}));
    EXPECT_EQ(model.output_shape(), (Shape{32, 3}));
    const std::string text = summary_of(model);
    EXPECT_NE(text.find("dense (Dense)                (32, 2)                   10        "), std::string::npos)
        << text;
    EXPECT_NE(text.find("dense_1 (Dense)              (32, 3)                   9         "), std::string::npos)
        << text;
    EXPECT_EQ(model.predict(zeros({5, 4})).shape(), (Shape{5, 3}));  // Keras takes other sizes, too
  }
}

TEST(Sequential, NumbersLayersWithoutANamePerModel) {
  for (int i = 0; i < 2; ++i) {
    Sequential model({Dense(3), Dense(3, {.name = "mine"}), Dense(2), Flatten(), Activation("relu"), Dense(1)});
    EXPECT_EQ(names(model), (Names{"dense", "mine", "dense_1", "flatten", "activation", "dense_2"}));
  }
  Sequential model({Dense(3, {.name = "dense_1"}), Dense(3), Dense(3)});
  EXPECT_EQ(names(model), (Names{"dense_1", "dense", "dense_2"}));
  model.build({kUnknown, 2});
  EXPECT_EQ(model.weights()[2].name(), "dense/kernel");
  EXPECT_EQ(model.weights()[5].name(), "dense_2/bias");
}

TEST(Sequential, ANameIsTakenOnce) {
  Sequential model({Dense(3, {.name = "a"})});
  EXPECT_EQ(error_text<ValueError>([&] { model.add(Dense(2, {.name = "a"})); }),
            "[Sequential \"sequential\"] has a layer named \"a\" already");
  EXPECT_EQ(names(model), Names{"a"});
  Sequential with_input({Input({.shape = {2}, .name = "dense"})});
  EXPECT_THROW(with_input.add(Dense(2, {.name = "dense"})), ValueError);
  with_input.add(Dense(2));
  EXPECT_EQ(names(with_input), Names{"dense_1"});
}

TEST(Sequential, ALayerOfTwoModelsHasANameThatIsFreeInBoth) {
  Dense shared(4);
  Sequential first({shared, Dense(4), Dense(2)});
  Sequential second({Dense(4), shared});
  first.build({kUnknown, 4});
  second.build({kUnknown, 4});
  EXPECT_EQ(first.layers()[0], second.layers()[1]);
  for (const Model& model : {Model(first), Model(second)}) {
    const Names all = names(model);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << testing::PrintToString(all);
  }
  EXPECT_EQ(first.weights()[0].name(), shared->name() + "/kernel");
}

TEST(Sequential, AnInputComesFirstAndOnce) {
  Sequential model({Dense(3)});
  EXPECT_EQ(error_text<ValueError>([&] { model.add(Input({.shape = {4}})); }),
            "[Sequential \"sequential\"] an Input must come first, and once");
  Sequential two({Input({.shape = {4}})});
  EXPECT_THROW(two.add(Input({.shape = {4}})), ValueError);
}

TEST(Sequential, WhatDoesNotFitLeavesItAsItWas) {
  Sequential model({Dense(6, {.input_shape = {4}})});
  model.compile({.loss = "mse"});
  const auto before = model.get_weights();
  const Array x = ones({3, 4}), y = model.predict(x);
  const auto odd = Reshape({4});
  const std::string text = error_text<ShapeError>([&] { model.add(odd); });
  EXPECT_EQ(text, "[Reshape \"reshape\"] cannot reshape samples of shape (6,) (6 elements) to (4,)");
  EXPECT_EQ(model.layers().size(), 1u);
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 6}));
  EXPECT_TRUE(array_equal(model.get_weights()[0], before[0]));
  EXPECT_TRUE(array_equal(model.predict(x), y));
  EXPECT_EQ(odd->name(), "");
  EXPECT_FALSE(odd->built());
  Sequential other({Dense(4, {.input_shape = {2}}), odd});
  EXPECT_EQ(odd->name(), "reshape");

  Sequential empty;
  EXPECT_THROW(empty.add(Reshape({5}, {.input_shape = {4}})), ShapeError);
  EXPECT_TRUE(empty.layers().empty());
  empty.add(Dense(2));
  EXPECT_FALSE(empty.built());  // the shape went with the layer
}

TEST(Sequential, DataThatDoesNotFitLeavesItUnbuilt) {
  Sequential model({Dense(3), Flatten(), Reshape({6})});
  EXPECT_THROW(model.predict(ones({1, 4})), ShapeError);
  EXPECT_FALSE(model.built());
  EXPECT_TRUE(model.weights().empty());
  EXPECT_EQ(model.predict(ones({1, 2, 5})).shape(), (Shape{1, 6}));  // Dense is built for 5 now, not for 4
}

TEST(Sequential, LayersThatAreAddedOrTakenAwayCount) {
  Sequential model({Dense(3, {.input_shape = {4}})});
  const Array x = ones({2, 4});
  EXPECT_EQ(model.predict(x).shape(), (Shape{2, 3}));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.train_on_batch(x, zeros({2, 3}));

  model.add(Dense(1));
  EXPECT_EQ(model.predict(x).shape(), (Shape{2, 1}));
  EXPECT_THAT(error_text<ValueError>([&] {
                model.train_on_batch(x, zeros({2, 1}));
              }),
              testing::HasSubstr("was built for other variables and does not know 'dense_1/kernel'"));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.train_on_batch(x, zeros({2, 1}));

  const auto last = model.pop();
  EXPECT_EQ(last->name(), "dense_1");
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 3}));
  EXPECT_EQ(model.predict(x).shape(), (Shape{2, 3}));
  EXPECT_EQ(model.count_params(), 15);
  model.train_on_batch(x, zeros({2, 3}));  // with some of the optimizer's variables
}

TEST(Sequential, TakenToPiecesItIsBuiltAgain) {
  Sequential model({Dense(3, {.input_shape = {4}})});
  model.pop();
  EXPECT_FALSE(model.built());
  EXPECT_EQ(error_text<ValueError>([&] {
              model.predict(ones({2, 4}));
            }),
            "[Sequential \"sequential\"] the model has no layers");
  EXPECT_EQ(error_text<ValueError>([&] { model.pop(); }), "[Sequential \"sequential\"] there is no layer to take away");
  model.add(Dense(2));  // the input stays declared, as in Keras
  EXPECT_TRUE(model.built());
  EXPECT_EQ(model.count_params(), 10);
}

TEST(Sequential, NestsModels) {
  Sequential inner({Dense(3, {.activation = "relu", .input_shape = {4}}), Dense(2)}, "encoder");
  Sequential outer({inner, Dense(1)});
  EXPECT_TRUE(outer.built());
  EXPECT_EQ(names(outer), (Names{"encoder", "dense"}));
  EXPECT_EQ(outer.count_params(), 15 + 8 + 3);
  const Array x = arange(0, 8).reshape({2, 4});
  const Array middle = inner.predict(x), w = outer.get_weights()[4], b = outer.get_weights()[5];
  EXPECT_TRUE(allclose(outer.predict(x), matmul(middle, w) + b, 1e-5, 1e-6));
  EXPECT_EQ(outer.layers()[0].as<Network>().pointer(), inner.network());

  outer.compile({.optimizer = "sgd", .loss = "mse"});
  const Array before = inner.get_weights()[0];
  outer.train_on_batch(x, ones({2, 1}));
  EXPECT_FALSE(array_equal(inner.get_weights()[0], before) && array_equal(inner.get_weights()[2], w));
  EXPECT_TRUE(array_equal(inner.get_weights()[0], outer.get_weights()[0]));
}

TEST(Sequential, NestedModelsWithoutANameAreNumbered) {
  Sequential a({Dense(3)}), b({Dense(3)});
  Sequential outer({a, b});
  EXPECT_EQ(names(outer), (Names{"sequential", "sequential_1"}));
  EXPECT_EQ(outer.name(), "sequential");
  EXPECT_EQ(outer.predict(ones({2, 2})).shape(), (Shape{2, 3}));
  Sequential c({Dense(1)}, "same"), d({Dense(1)}, "same");
  EXPECT_THROW(Sequential({c, d}), ValueError);
}

TEST(Sequential, DoesNotContainItself) {
  Sequential model({Dense(3)});
  EXPECT_EQ(error_text<ValueError>([&] { model.add(model); }),
            "[Sequential \"sequential\"] a model cannot contain itself");
  Sequential outer;
  outer.add(model);
  EXPECT_THROW(model.add(outer), ValueError);
}

TEST(Sequential, FindsLayers) {
  Sequential model({Dense(3), Dense(2, {.name = "mine"})});
  EXPECT_EQ(model.get_layer("mine"), model.layers()[1]);
  EXPECT_EQ(model.get_layer(0), model.layers()[0]);
  EXPECT_EQ(model.get_layer(-1), model.layers()[1]);
  EXPECT_EQ(error_text<ValueError>([&] { model.get_layer("yours"); }),
            "model \"sequential\" has no layer named 'yours'; it has: dense, mine");
  EXPECT_EQ(error_text<ValueError>([&] { model.get_layer(2); }),
            "model \"sequential\" has 2 layers, asked for number 2");
}

TEST(Sequential, GivesAndTakesWeights) {
  Sequential model({Dense(2, {.input_shape = {2}}), Dense(1, {.use_bias = false})});
  const std::vector<Array> values = {Array{{1.f, 2.f}, {3.f, 4.f}}, Array{5.f, 6.f}, Array{{7.f}, {8.f}}};
  model.set_weights(values);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_TRUE(array_equal(model.get_weights()[i], values[i]));
  EXPECT_TRUE(array_equal(model.predict(Array{{1.f, 1.f}}), Array{{9.f * 7 + 12.f * 8}}));

  EXPECT_EQ(error_text<ValueError>([&] { model.set_weights({values[0]}); }),
            "[Sequential \"sequential\"] set_weights: expected 3 arrays, got 1");
  EXPECT_EQ(error_text<ShapeError>([&] {
              model.set_weights({zeros({2, 2}), zeros({3}), values[2]});
            }),
            "[Sequential \"sequential\"] set_weights: expected shape (2,) for 'dense/bias', got (3,)");
  EXPECT_TRUE(array_equal(model.get_weights()[0], values[0]));  // nothing was changed
}

TEST(Sequential, KnowsWhichWeightsTrain) {
  Sequential model({Dense(3, {.trainable = false, .input_shape = {4}}), Dense(2)});
  EXPECT_EQ(model.weights().size(), 4u);
  ASSERT_EQ(model.trainable_weights().size(), 2u);
  EXPECT_EQ(model.trainable_weights()[0].name(), "dense_1/kernel");
  ASSERT_EQ(model.non_trainable_weights().size(), 2u);
  EXPECT_EQ(model.non_trainable_weights()[0].name(), "dense/kernel");
  model.set_trainable(false);
  EXPECT_TRUE(model.trainable_weights().empty());
  EXPECT_FALSE(model.get_layer(1)->trainable());
  model.set_trainable(true);
  EXPECT_EQ(model.trainable_weights().size(), 4u);
}

TEST(Sequential, AFrozenLayerKeepsItsWeights) {
  Sequential model({Dense(3, {.trainable = false, .input_shape = {4}}), Dense(2)});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse"});
  const auto before = model.get_weights();
  model.fit(ones({8, 4}), ones({8, 2}), {.batch_size = 3, .epochs = 2, .verbose = 0});
  const auto after = model.get_weights();
  EXPECT_TRUE(array_equal(before[0], after[0]));
  EXPECT_TRUE(array_equal(before[1], after[1]));
  EXPECT_FALSE(array_equal(before[2], after[2]));
  EXPECT_FALSE(array_equal(before[3], after[3]));
}

TEST(Sequential, FreezingWaitsForCompile) {
  Sequential model({Dense(3, {.input_shape = {4}}), Dense(2)});
  const Array x = ones({8, 4}), y = ones({8, 2});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.fit(x, y, {.verbose = 0});
  const Array trained = model.get_weights()[0];
  model.get_layer(0)->set_trainable(false);
  testing::internal::CaptureStderr();
  model.fit(x, y, {.batch_size = 5, .verbose = 0});  // other shapes are traced, and still train it
  model.fit(x, y, {.batch_size = 5, .verbose = 0});
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Warning: model \"sequential\": `trainable` of a layer was changed after compile; it has no effect before "
            "compile is called again\n");
  const Array still = model.get_weights()[0];
  EXPECT_FALSE(array_equal(trained, still));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.fit(x, y, {.verbose = 0});
  EXPECT_TRUE(array_equal(model.get_weights()[0], still));
}

TEST(Sequential, AFrozenNestedModelKeepsItsWeights) {
  Sequential inner({Dense(3, {.input_shape = {4}})});
  inner.set_trainable(false);
  Sequential outer({inner, Dense(2)});
  outer.compile({.optimizer = "sgd", .loss = "mse"});
  const Array before = inner.get_weights()[0];
  outer.fit(ones({8, 4}), ones({8, 2}), {.verbose = 0});
  EXPECT_TRUE(array_equal(inner.get_weights()[0], before));
}

TEST(Sequential, TakesOtherDtypesAsItsInputs) {
  Sequential model({Flatten({.input_shape = {2, 2}})});
  const Array bytes = Array(std::vector<std::uint8_t>{1, 2, 3, 4}, {1, 2, 2}), y = model.predict(bytes);
  EXPECT_EQ(y.dtype(), graph::float32);
  EXPECT_TRUE(array_equal(y, Array{{1.f, 2.f, 3.f, 4.f}}));
  Sequential integers({Input({.shape = {2}, .dtype = "int32"}), Flatten()});
  EXPECT_EQ(integers.predict(Array{{1.f, 2.f}}).dtype(), graph::int32);
}

// Else a deep model would take the square of its layers to put together.
TEST(Sequential, DescribesALayerNoMoreWhenOthersAreAdded) {
  struct Counting : layers::Layer {
    int calls = 0;
    Tensor call(const Tensor& x, Context&) override { return ++calls, x; }
  };
  const auto counting = std::make_shared<Counting>();
  Sequential model({Input({.shape = {4}})});
  model.add(counting);
  model.add(Dense(4));
  const int before = counting->calls;
  for (int i = 0; i < 5; ++i) model.add(Dense(i + 1));
  EXPECT_EQ(counting->calls, before);
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 5}));
}

TEST(Sequential, IsToldFromOtherModels) {
  Sequential model({Dense(1)});
  const Model handle = model;
  Sequential again(handle);
  again.add(Dense(2));
  EXPECT_EQ(model.layers().size(), 2u);
  EXPECT_THROW(model.add(nullptr), ValueError);
}

}  // namespace
}  // namespace cornu::keras::models

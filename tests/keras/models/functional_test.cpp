// Graphs of layers: how they are collected from symbolic tensors, and the errors of a graph that is none.
#include <gmock/gmock.h>

#include <iostream>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/concatenate.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/models/two_towers.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::data;
using cornu::tests::error_text;
using cornu::tests::set_known_weights;
using layers::Add;
using layers::Concatenate;
using layers::Dense;
using layers::Input;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const Model& model) {
  std::vector<std::string> list;
  for (const auto& layer : model.layers()) list.push_back(layer->name());
  return list;
}

// Keras 3.15's `[l.name for l in model.layers]`.
TEST(Functional, LayersStandInKerasOrder) {
  const Input a({.shape = {2}, .name = "a"}), b({.shape = {2}, .name = "b"}), c({.shape = {3}, .name = "c"});
  auto shared = Dense(2, {.name = "shared"});
  const auto x = shared(a), y = shared(b);
  const auto z = Add({.name = "sum"})({y, x});
  const auto w = Dense(2, {.name = "late"})(z);
  const auto u = Concatenate({.name = "cat"})({a, w, x});
  EXPECT_THAT(names(Model({a, b}, {u, z})), ElementsAre("a", "b", "shared", "sum", "late", "cat"));
  EXPECT_THAT(names(Model({b, a}, {z, u})), ElementsAre("b", "a", "shared", "sum", "late", "cat"));
  EXPECT_THAT(names(Model({a, b, c}, {u})),
              ElementsAre("a", "b", "shared", "sum", "late", "c", "cat"));  // c is not used
}

TEST(Functional, TakesAnInputThatNothingReads) {
  const Input a({.shape = {2}, .name = "a"}), c({.shape = {3}, .name = "c"});
  const Model model({a, c}, {Dense(1)(a)});
  EXPECT_EQ(model.predict({Array(Shape{4, 2}), Array(Shape{4, 3})})[0].shape(), (Shape{4, 1}));
  EXPECT_THAT(error_text<ValueError>([&] { model.predict(Arrays(Array(Shape{4, 2}))); }), HasSubstr("2"));
}

// Values of Keras 3.15 with the same weights.
TEST(Functional, PredictsAsKeras) {
  const Model model = cornu::tests::two_towers();
  const Arrays outputs = model.predict({data(6, 2, 3), data(6, 2, 7)});
  EXPECT_TRUE(allclose(outputs["digit"].slice(0, 2),
                       Array{{0.34044039f, 0.33637449f, 0.32318509f}, {0.26325712f, 0.35073027f, 0.38601267f}}, 1e-5,
                       1e-6));
  EXPECT_TRUE(allclose(outputs[1].slice(0, 2), Array{{0.51799333f}, {0.42030609f}}, 1e-5, 1e-6));
  const Arrays by_name = model.predict({{"right", data(6, 2, 7)}, {"left", data(6, 2, 3)}});
  EXPECT_TRUE(array_equal(by_name["digit"], outputs[0]));
  EXPECT_THAT(outputs.names(), ElementsAre("digit", "same"));
}

TEST(Functional, NestsThreeDeepAndUsesAModelTwice) {
  const Input i0({.shape = {2}}), i1({.shape = {2}}), i2({.shape = {2}});
  Model m0(i0, Dense(2, {.activation = "tanh", .name = "d0"})(i0), "m0");
  Model m1(i1, Add()({m0(i1), i1}), "m1");
  Model m2(i2, Dense(1, {.name = "d2"})(Concatenate()({m1(i2), m1(m1(i2))})), "m2");
  set_known_weights(m2);
  ASSERT_EQ(m2.weights().size(), 4u);
  const Array x = data(6, 2, 3), y = Array{0.f, 1.f, 0.f, 1.f, 0.f, 1.f}.reshape({6, 1});
  EXPECT_TRUE(allclose(m2.predict(x).reshape({6}),
                       Array{0.16120863f, -0.29901281f, 0.08638763f, -0.38075471f, 0.01134107f, -0.10944368f}, 1e-5,
                       1e-6));
  m2.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  for (const double loss : {0.809727132320404, 0.6481263637542725, 0.5547184348106384})
    EXPECT_NEAR(m2.train_on_batch(x, y)["loss"], loss, 1e-5);
  EXPECT_TRUE(array_equal(m0.get_weights()[0], m2.get_weights()[0]));  // the same layer
}

TEST(Functional, IsCutAtTensorsInside) {
  Model model = cornu::tests::two_towers();
  const Arrays x = {data(6, 2, 3), data(6, 2, 7)};
  const Model joined(model.inputs(), model.get_layer("join")->output());
  const Array inside = joined.predict(x)[0];
  EXPECT_EQ(inside.shape(), (Shape{6, 4}));
  const Model head(model.get_layer("join")->output(), model.outputs());
  EXPECT_THAT(names(head), ElementsAre("join_input", "digit", "same"));
  const Arrays outputs = model.predict(x), halves = head.predict(Arrays(inside));
  EXPECT_TRUE(array_equal(halves["digit"], outputs["digit"]));
  EXPECT_TRUE(array_equal(halves["same"], outputs["same"]));
  const Model second(model.get_layer("shared")->input(1), model.get_layer("shared")->output(1));
  EXPECT_EQ(second.predict(x[1]).shape(), (Shape{6, 2}));
  EXPECT_EQ(second.weights().front().id(), model.get_layer("shared")->weights().front().id());
}

TEST(Functional, SaysWhatIsWrongWithAGraph) {
  const Input a({.shape = {2}, .name = "a"}), b({.shape = {2}, .name = "b"});
  const auto sum = Add()({a, b});
  EXPECT_THAT(error_text<ValueError>([&] { Model(a, sum, "m"); }),
              testing::AllOf(HasSubstr("\"b\""), HasSubstr("which is not among the inputs")));
  EXPECT_THAT(error_text<ValueError>([&] { Model({a, a}, {sum}, "m"); }), HasSubstr("is given twice"));
  EXPECT_THAT(error_text<ValueError>([&] { Model({.inputs = {}, .outputs = {sum}}); }),
              HasSubstr("a model needs inputs and outputs"));
  const auto twice = Dense(2, {.name = "one"})(Dense(2, {.name = "one"})(a));
  EXPECT_THAT(error_text<ValueError>([&] { Model(a, twice, "m"); }), HasSubstr("has a layer named \"one\" already"));
  const Input c({.shape = {3}});
  EXPECT_THAT(error_text<ShapeError>([&] { Add({.name = "sum"})({a, c}); }), HasSubstr("\"sum\""));
  EXPECT_THROW(Model({.inputs = a, .outputs = KerasTensor()}), ValueError);
  EXPECT_THROW(Dense(3)(KerasTensor()), ValueError);
}

TEST(Functional, ASequentialNestsAModelInAList) {
  const Sequential inner({Dense(3, {.input_shape = {2}})}, "inner");
  const Sequential outer({inner});
  ASSERT_EQ(outer.layers().size(), 1u);
  EXPECT_EQ(outer.layers()[0].get(), inner.network().get());
  EXPECT_EQ(outer.output_shape(), (Shape{kUnknown, 3}));
}

TEST(Functional, ACopyHasItsOwnWeights) {
  const Model model = cornu::tests::two_towers();
  const Model copy = clone_model(model);
  EXPECT_EQ(names(copy), names(model));
  EXPECT_EQ(copy.name(), "towers");
  ASSERT_EQ(copy.weights().size(), model.weights().size());
  const Arrays x = {data(6, 2, 3), data(6, 2, 7)};
  EXPECT_FALSE(array_equal(copy.predict(x)[0], model.predict(x)[0]));
  Model same = copy;
  same.set_weights(model.get_weights());
  EXPECT_TRUE(array_equal(copy.predict(x)[0], model.predict(x)[0]));
}

// Keras' rule: a last axis of length 1 is put in or taken away.
TEST(Functional, ALastAxisOfOneMayBeLeftOutOrPutIn) {
  const Input x({.shape = {1}}), y({.shape = {4}});
  const Model one(x, Dense(1)(x)), four(y, Dense(1)(y));
  EXPECT_EQ(one.predict(Array{1.f, 2.f, 3.f}).shape(), (Shape{3, 1}));
  EXPECT_EQ(four.predict(Array(Shape{3, 4, 1})).shape(), (Shape{3, 1}));
  EXPECT_EQ(four.predict(Array(Shape{0, 4})).shape(), (Shape{0, 1}));
  EXPECT_THROW(four.predict(Array(Shape{3, 4, 2})), ShapeError);
}

TEST(Functional, AnEmptyPredictionHasTheModelsType) {
  const Input x({.shape = {2}});
  const Model model(x, Dense(3, {.dtype = "bfloat16"})(x));
  EXPECT_EQ(model.predict(Array(Shape{2, 2})).dtype(), graph::bfloat16);
  EXPECT_EQ(model.predict(Array(Shape{0, 2})).dtype(), graph::bfloat16);
  EXPECT_EQ(model.predict(Array(Shape{0, 2})).shape(), (Shape{0, 3}));
}

}  // namespace
}  // namespace cornu::keras::models

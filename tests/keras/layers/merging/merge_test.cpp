// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/merging/merge.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  cornu::tests::KerasSamples list;
  for (const char* name : {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})
    list.push_back({.kind = "layer",
                    .class_name = name,
                    .config = "{BASE}",
                    // The second stays away from the first, since the larger of two equal numbers has no gradient.
                    .example = {.inputs = {some({3, 4, 2}), some({3, 4, 2}, 2) + 0.25f}, .free_axes = {1}}});
  return list;
});

const Array kA{{1.f, -2.f, 3.f}, {0.5f, 4.f, -1.f}}, kB{{2.f, 2.f, -1.f}, {-3.f, 0.25f, 5.f}},
    kC{{0.f, 1.f, 2.f}, {3.f, 4.f, 5.f}};

std::vector<Shared<Layer>> all() { return {Add(), Multiply(), Average(), Maximum(), Minimum()}; }

TEST(MergeTest, JoinsElementByElement) {
  const auto of = [](const Shared<Layer>& layer) { return call_layer(layer, {kA, kB, kC}).output(); };
  EXPECT_TRUE(array_equal(of(Add()), Array{{3.f, 1.f, 4.f}, {0.5f, 8.25f, 9.f}}));
  EXPECT_TRUE(array_equal(of(Multiply()), Array{{0.f, -4.f, -6.f}, {-4.5f, 4.f, -25.f}}));
  EXPECT_TRUE(allclose(of(Average()), Array{{1.f, 0.33333334f, 1.3333334f}, {0.16666667f, 2.75f, 3.f}}));
  EXPECT_TRUE(array_equal(of(Maximum()), Array{{2.f, 2.f, 3.f}, {3.f, 4.f, 5.f}}));
  EXPECT_TRUE(array_equal(of(Minimum()), Array{{0.f, -2.f, -1.f}, {-3.f, 0.25f, -1.f}}));
  EXPECT_TRUE(array_equal(call_layer(Subtract(), {kA, kB}).output(), Array{{-1.f, -4.f, 4.f}, {3.5f, 3.75f, -6.f}}));
  for (const auto& layer : all()) EXPECT_TRUE(array_equal(call_layer(layer, {kA}).output(), kA)) << "one alone";
}

TEST(MergeTest, LowerRanksGetAxesBehindTheBatch) {
  const Array x = graph::arange(0, 6).reshape({2, 3}).astype(float32),
              y = graph::arange(0, 12).reshape({2, 2, 3}).astype(float32);
  const auto rows = [](std::vector<float> numbers) { return Array(numbers).reshape({2, 2, 3}); };
  const auto of = [&](const Shared<Layer>& layer) { return call_layer(layer, {x, y}).output(); };
  EXPECT_TRUE(array_equal(of(Add()), rows({0, 2, 4, 3, 5, 7, 9, 11, 13, 12, 14, 16})));
  EXPECT_TRUE(array_equal(of(Subtract()), rows({0, 0, 0, -3, -3, -3, -3, -3, -3, -6, -6, -6})));
  EXPECT_TRUE(array_equal(of(Multiply()), rows({0, 1, 4, 0, 4, 10, 18, 28, 40, 27, 40, 55})));
  EXPECT_TRUE(array_equal(of(Maximum()), rows({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})));
  EXPECT_EQ(Add()({Input({.shape = {3}}), Input({.shape = {kUnknown, 2, 3}})}).shape(),
            (Shape{kUnknown, kUnknown, 2, 3}));
}

TEST(MergeTest, IntegersStayIntegersUnlessTheyMeetFractions) {
  const Array i{{1, 2}, {3, 4}}, j{{5, 1}, {2, 8}}, x{{1.f, -2.f}, {0.5f, 4.f}};
  const auto whole = [&](const Shared<Layer>& layer) { return call_layer(layer, {i, j}).output(); };
  EXPECT_EQ(whole(Add()).dtype(), int32);
  EXPECT_TRUE(array_equal(whole(Add()), Array{{6, 3}, {5, 12}}));
  EXPECT_TRUE(array_equal(whole(Subtract()), Array{{-4, 1}, {1, -4}}));
  EXPECT_TRUE(array_equal(whole(Multiply()), Array{{5, 2}, {6, 32}}));
  EXPECT_TRUE(array_equal(whole(Maximum()), Array{{5, 2}, {3, 8}}));
  EXPECT_TRUE(array_equal(whole(Minimum()), Array{{1, 1}, {2, 4}}));
  EXPECT_TRUE(array_equal(whole(Average()), Array{{3.f, 1.5f}, {2.5f, 6.f}}));
  EXPECT_TRUE(array_equal(call_layer(Add(), {i, x}).output(), Array{{2.f, 0.f}, {3.5f, 8.f}}));
  EXPECT_TRUE(array_equal(call_layer(Average(), {i, x}).output(), Array{{1.f, 0.f}, {1.75f, 4.f}}));
}

const Array kX = (graph::arange(1, 13).astype(float32)).reshape({2, 3, 2}), kY = kX * 10.f;
const Array kMask{{true, true, false}, {true, false, false}}, kOther{{true, false, false}, {false, true, false}};
const Array kEither{{true, true, false}, {true, true, false}};

TEST(MergeTest, AStepIsMaskedWhereAllInputsAre) {
  for (const auto& layer : all()) {
    const auto both = call_layer(layer, {kX, kY}, {kMask, kOther});
    ASSERT_TRUE(both.mask) << layer->class_name();
    EXPECT_TRUE(array_equal(*both.mask, kEither)) << layer->class_name();
    EXPECT_FALSE(call_layer(layer, {kX, kY}, {kMask}).mask) << layer->class_name();
    EXPECT_FALSE(call_layer(layer, {kX, kY}).mask) << layer->class_name();
  }
}

TEST(MergeTest, MaskedStepsDoNotCountInProductsAndExtremes) {
  const auto of = [](const Shared<Layer>& layer, const std::vector<Array>& masks) {
    return call_layer(layer, {kX, kY}, masks).output();
  };
  const auto steps = [](std::vector<float> numbers) { return Array(numbers).reshape({2, 3, 2}); };
  const std::vector<Array> both{kMask, kOther}, first{kMask};
  EXPECT_TRUE(array_equal(of(Multiply(), both), steps({10, 40, 3, 4, 0, 0, 7, 8, 90, 100, 0, 0})));
  EXPECT_TRUE(array_equal(of(Multiply(), first), steps({10, 40, 90, 160, 50, 60, 490, 640, 90, 100, 110, 120})));
  EXPECT_TRUE(array_equal(of(Maximum(), both), steps({10, 20, 3, 4, 5, 6, 7, 8, 90, 100, 11, 12})));
  EXPECT_TRUE(array_equal(of(Maximum(), first), kY));
  EXPECT_TRUE(array_equal(of(Minimum(), both), steps({1, 2, 3, 4, 5, 6, 7, 8, 90, 100, 11, 12})));
  EXPECT_TRUE(array_equal(of(Minimum(), first), steps({1, 2, 3, 4, 50, 60, 7, 8, 90, 100, 110, 120})));
  EXPECT_TRUE(array_equal(of(Add(), both), kX * 11.f)) << "a sum is of all";
}

TEST(MergeTest, EachHasAFunction) {
  const Input a({.shape = {3}}), b({.shape = {3}});
  const auto of = [&](const KerasTensor& y) { return models::Model({a, b}, y).predict({kA, kB})[0]; };
  EXPECT_TRUE(array_equal(of(add({a, b})), kA + kB));
  EXPECT_TRUE(array_equal(of(subtract({a, b})), kA - kB));
  EXPECT_TRUE(array_equal(of(multiply({a, b})), kA * kB));
  EXPECT_TRUE(array_equal(of(average({a, b})), (kA + kB) / 2.f));
  EXPECT_TRUE(array_equal(of(maximum({a, b})), graph::maximum(kA, kB)));
  EXPECT_TRUE(array_equal(of(minimum({a, b}, {.name = "least"})), graph::minimum(kA, kB)));
}

TEST(MergeTest, InputsThatDoNotFitAreRefusedByName) {
  const Input three({.shape = {3}}), four({.shape = {4}});
  const std::string text = error_text<ShapeError>([&] { Add({.name = "a"})({three, four}); });
  EXPECT_THAT(text, StartsWith("[Add \"a\"] "));
  EXPECT_THAT(text, HasSubstr("3)"));
  EXPECT_THAT(text, HasSubstr("4)"));
  EXPECT_EQ(error_text<ValueError>([&] {
              Subtract({.name = "s"})({three, three, three});
            }),
            "[Subtract \"s\"] expected exactly 2 inputs, got 3");
  EXPECT_EQ(error_text<ValueError>([&] { subtract({three}); }), "[Subtract] expected exactly 2 inputs, got 1");
  EXPECT_EQ(error_text<ValueError>([&] { add({}); }), "[Add] was called on no tensor");
}

}  // namespace
}  // namespace cornu::keras::layers

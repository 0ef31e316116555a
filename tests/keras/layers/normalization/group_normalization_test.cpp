#include "cornu/keras/layers/normalization/group_normalization.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "GroupNormalization",
       .config =
           R"({"groups": 2, "axis": 1, "epsilon": 0.25, "center": false, "scale": false, "beta_initializer": "ones", "gamma_initializer": "zeros", "beta_regularizer": "l1", "gamma_regularizer": "l2", "beta_constraint": "non_neg", "gamma_constraint": "max_norm", BASE})",
       .example = {.inputs = {tests::some({3, 4, 3, 4})},
                   .config = R"({"groups": 2, "epsilon": 0.25, BASE})",
                   .free_axes = {1, 2}}},
  };
});

// x of shape (2, 3, 4) in groups along the last axis, each to mean 0 and variance 1.
Array in_groups(const Array& x, std::int64_t groups) {
  const Array g = x.reshape({2, 3, groups, 4 / groups}), difference = g - graph::mean(g, {1, 3}, graph::keepdims);
  return (difference / graph::sqrt(graph::mean(difference * difference, {1, 3}, graph::keepdims) + 1e-3))
      .reshape({2, 3, 4});
}

TEST(GroupNormalizationTest, NormalizesGroupsOfChannels) {
  const Array x = tests::some({2, 3, 4});
  for (const int groups : {1, 2, 4}) {
    EXPECT_TRUE(allclose(run_layer(GroupNormalization(groups), x).output, in_groups(x, groups), 1e-4, 1e-5)) << groups;
    // The same with the channels in front.
    const GroupNormalization layer({.groups = groups, .axis = 1});
    const Array turned = x.transpose({0, 2, 1});
    EXPECT_TRUE(allclose(run_layer(layer, turned).output.transpose({0, 2, 1}), in_groups(x, groups), 1e-4, 1e-5));
  }
  EXPECT_TRUE(allclose(run_layer(GroupNormalization(-1), x).output, in_groups(x, 4), 1e-4, 1e-5));
  EXPECT_TRUE(allclose(run_layer(GroupNormalization({.groups = 2, .axis = -2}), x.transpose({0, 2, 1})).output,
                       in_groups(x, 2).transpose({0, 2, 1}), 1e-4, 1e-5));
}

TEST(GroupNormalizationTest, HasAWeightForEachChannel) {
  const GroupNormalization layer({.groups = 2, .name = "g"});
  layer->ensure_built({kUnknown, 3, 4});
  ASSERT_EQ(layer->weights().size(), 2u);
  EXPECT_EQ(layer->weights()[0].name(), "g/gamma");
  EXPECT_EQ(layer->weights()[1].name(), "g/beta");
  const Array gamma{1.f, 2.f, 3.f, 4.f}, beta{0.f, 1.f, -1.f, 2.f}, x = tests::some({2, 3, 4});
  layer->set_weights({gamma, beta});
  EXPECT_TRUE(allclose(run_layer(layer, x).output, in_groups(x, 2) * gamma + beta, 1e-4, 1e-4));
  const GroupNormalization bare({.groups = 2, .center = false, .scale = false});
  bare->ensure_built({kUnknown, 3, 4});
  EXPECT_TRUE(bare->weights().empty());
}

TEST(GroupNormalizationTest, RefusesGroupsThatDoNotFit) {
  EXPECT_EQ(error_text<ValueError>([] { GroupNormalization(0, {.name = "g"}); }),
            "[GroupNormalization \"g\"] expected a positive number of groups, or -1 for each channel by itself, got 0");
  EXPECT_EQ(error_text<ValueError>([] {
              GroupNormalization(3, {.name = "g"})->ensure_built({kUnknown, 4});
            }),
            "[GroupNormalization \"g\"] the number of groups (3) must divide the number of channels (4)");
  EXPECT_EQ(error_text<ValueError>([] {
              GroupNormalization()->ensure_built({kUnknown, 4});
            }),
            "[GroupNormalization] the number of groups (32) cannot be more than the number of channels (4)");
  EXPECT_EQ(error_text<ValueError>([] {
              GroupNormalization(1, -2)->ensure_built({kUnknown, 4});
            }),
            "[GroupNormalization] axis 0 is the batch and has no channels");
  EXPECT_EQ(error_text<ShapeError>([] {
              GroupNormalization(1, 2)->ensure_built({kUnknown, 4});
            }),
            "[GroupNormalization] axis 2 is out of bounds for input shape (None, 4)");
  EXPECT_EQ(error_text<ShapeError>([] {
              GroupNormalization(1)(Input({.shape = {3, kUnknown}}));
            }),
            "[GroupNormalization] the length of axis 2 must be known, got input shape (None, 3, None)");
}

TEST(GroupNormalizationTest, RefusesInputsOfAnotherShapeOnceBuilt) {
  const GroupNormalization layer(2, {.name = "g"});
  layer->ensure_built({kUnknown, 3, 4});
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, graph::ones({2, 4}));
            }),
            "[GroupNormalization \"g\"] expected an input of 3 axes, got shape (2, 4)");
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, graph::ones({2, 3, 6}));
            }),
            "[GroupNormalization \"g\"] expected input axis 2 of length 4, got 6 (input shape (2, 3, 6))");
}

}  // namespace
}  // namespace cornu::keras::layers

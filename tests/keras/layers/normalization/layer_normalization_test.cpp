#include "cornu/keras/layers/normalization/layer_normalization.h"

#include <gmock/gmock.h>

#include "cornu/keras/initializers/constant.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

// Without rms_scaling, which Keras 2 does not have.
const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "LayerNormalization",
       .config =
           R"({"axis": [1, 2], "epsilon": 0.25, "center": false, "scale": false, "beta_initializer": "ones", "gamma_initializer": "zeros", "beta_regularizer": "l1", "gamma_regularizer": "l2", "beta_constraint": "non_neg", "gamma_constraint": "max_norm", "rms_scaling": false, BASE})",
       .example = {.inputs = {tests::some({3, 4, 5})}, .config = R"({"epsilon": 0.25, BASE})", .free_axes = {1}}},
  };
});

Array moved_to_standard(const Array& x, const std::vector<int>& axes, double epsilon) {
  const Array mean = graph::mean(x, axes, graph::keepdims), difference = x - mean;
  return difference / graph::sqrt(graph::mean(difference * difference, axes, graph::keepdims) + epsilon);
}

// shared/golden/layers/layernorm_rank3.
TEST(LayerNormalizationTest, ComputesWhatKerasDoes) {
  const LayerNormalization layer({.epsilon = 1e-5});
  layer->ensure_built({kUnknown, kUnknown, 5});
  layer->set_weights({{1.3303f, 0.600991f, 1.28714f, 1.12181f, 1.43595f},
                      {0.0983736f, -0.645848f, -0.0797412f, -0.00888753f, -0.44261f}});
  EXPECT_TRUE(allclose(run_layer(layer, Array{{{0.844822f, -0.174346f, 0.800729f, -1.84491f, -0.781495f},
                                               {-0.14553f, -2.02493f, 0.0119625f, -1.34751f, -0.403939f}}})
                           .output,
                       Array{{{1.51095f, -0.612219f, 1.23099f, -1.79575f, -1.22274f},
                              {1.18367f, -1.60336f, 1.23018f, -0.822079f, 0.253237f}}},
                       1e-4, 1e-5));
}

TEST(LayerNormalizationTest, NormalizesOverSeveralAxes) {
  const Array x = tests::some({2, 3, 4});
  for (const Axes& axes : {Axes{1, 2}, Axes{2, 1}, Axes{-1, -2}, Axes{1}}) {
    const LayerNormalization layer({.axis = axes, .epsilon = 0.5});
    EXPECT_TRUE(allclose(run_layer(layer, x).output, moved_to_standard(x, axes, 0.5), 1e-5, 1e-6)) << axes.size();
    EXPECT_EQ(layer->weights()[0].shape(), (axes.size() == 1 ? Shape{3} : Shape{3, 4}));
  }
  const LayerNormalization layer({.axis = 1});
  layer->ensure_built({kUnknown, 3, 4});
  layer->set_weights({{1.f, 2.f, 3.f}, {0.f, -1.f, 1.f}});
  EXPECT_TRUE(allclose(run_layer(layer, x).output,
                       moved_to_standard(x, {1}, 1e-3) * Array{{1.f}, {2.f}, {3.f}} + Array{{0.f}, {-1.f}, {1.f}}, 1e-5,
                       1e-5));
}

TEST(LayerNormalizationTest, HasKerasWeights) {
  const auto names = [](LayerNormalizationConfig config) {
    config.name = "n";
    const LayerNormalization layer(config);
    layer->ensure_built({kUnknown, 3});
    std::vector<std::string> found;
    for (const Variable& w : layer->weights()) found.push_back(w.name());
    return found;
  };
  using testing::ElementsAre;
  EXPECT_THAT(names({}), ElementsAre("n/gamma", "n/beta"));
  EXPECT_THAT(names({.center = false}), ElementsAre("n/gamma"));
  EXPECT_THAT(names({.scale = false}), ElementsAre("n/beta"));
  EXPECT_THAT(names({.center = false, .scale = false}), ElementsAre());
  EXPECT_THAT(names({.scale = false, .rms_scaling = true}), ElementsAre("n/gamma"));
  const LayerNormalization layer({.beta_initializer = initializers::Constant(2),
                                  .gamma_initializer = initializers::Constant(3),
                                  .beta_regularizer = "l2",
                                  .gamma_constraint = "non_neg"});
  layer->ensure_built({kUnknown, 3});
  const auto weights = layer->weight_list();
  EXPECT_TRUE(array_equal(layer->get_weights()[0], graph::full({3}, 3)));
  EXPECT_TRUE(array_equal(layer->get_weights()[1], graph::full({3}, 2)));
  EXPECT_TRUE(weights[0].constraint && !weights[0].regularizer && weights[1].regularizer && !weights[1].constraint);
}

TEST(LayerNormalizationTest, RmsScalingDividesByTheDeviationAlone) {
  const Array x = tests::some({3, 4});
  const LayerNormalization layer({.rms_scaling = true, .name = "n"});
  EXPECT_TRUE(
      allclose(run_layer(layer, x).output, x / graph::sqrt(graph::var(x, 1).reshape({3, 1}) + 1e-3), 1e-5, 1e-6));
  EXPECT_THAT(saving::serialize(*layer, saving::KerasVersion::keras3), testing::HasSubstr(R"("rms_scaling":true)"));
  EXPECT_EQ(error_text<ValueError>([&] { saving::serialize(*layer, saving::KerasVersion::keras2); }),
            "layer 'n' cannot be saved for Keras 2, which has no argument 'rms_scaling'");
}

TEST(LayerNormalizationTest, ComputesInFloat32) {
  // In bfloat16 the mean of such numbers would be lost.
  const Array x = (tests::some({2, 64}) + 100).astype(bfloat16);
  const LayerNormalization layer({.dtype = "mixed_bfloat16"});
  const Array y = run_layer(layer, x).output;
  EXPECT_EQ(y.dtype(), bfloat16);
  EXPECT_TRUE(allclose(y.astype(float32), moved_to_standard(x.astype(float32), {1}, 1e-3), 0.01, 0.01));
}

TEST(LayerNormalizationTest, RefusesAxesThatAreNotThere) {
  EXPECT_EQ(error_text<ShapeError>([] {
              LayerNormalization({.axis = 2, .name = "n"})->ensure_built({kUnknown, 3});
            }),
            "[LayerNormalization \"n\"] axis 2 is out of bounds for input shape (None, 3)");
  EXPECT_EQ(error_text<ValueError>([] {
              LayerNormalization({.axis = {-1, 1}})->ensure_built({kUnknown, 3});
            }),
            "[LayerNormalization] axis 1 is given twice");
  EXPECT_EQ(error_text<ValueError>([] {
              LayerNormalization({.axis = {}})->ensure_built({kUnknown, 3});
            }),
            "[LayerNormalization] expected an axis, got none");
  EXPECT_EQ(error_text<ShapeError>([] {
              LayerNormalization({.axis = {1, 2}})(Input({.shape = {kUnknown, 3}}));
            }),
            "[LayerNormalization] the length of axis 1 must be known, got input shape (None, None, 3)");
  const LayerNormalization layer({.name = "n"});
  layer->ensure_built({kUnknown, 3});
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, graph::ones({2, 4}));
            }),
            "[LayerNormalization \"n\"] expected lengths (3,) along its axes, got input shape (2, 4)");
}

}  // namespace
}  // namespace cornu::keras::layers

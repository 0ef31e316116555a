#include "cornu/keras/layers/normalization/rms_normalization.h"

#include <gmock/gmock.h>

#include "cornu/keras/models/sequential.h"
#include "tests/io/temporary_folder.h"
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
       .class_name = "RMSNormalization",
       .config = R"({"axis": [1, 2], "epsilon": 0.25, BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 4, 5})},
                   .config = R"({"epsilon": 0.25, BASE})",
                   .free_axes = {1},
                   .mask = tests::LayerExample::Mask::none}},
  };
});

// shared/golden/layers/rmsnorm.
TEST(RMSNormalizationTest, ComputesWhatKerasDoes) {
  const RMSNormalization layer({.name = "n"});
  layer->ensure_built({kUnknown, 6});
  ASSERT_EQ(layer->weights().size(), 1u);
  EXPECT_EQ(layer->weights()[0].name(), "n/scale");
  EXPECT_TRUE(array_equal(layer->get_weights()[0], graph::ones({6})));
  layer->set_weights({{1.12638f, 1.23011f, 1.10427f, 1.02992f, 1.49873f, 1.09898f}});
  EXPECT_TRUE(
      allclose(run_layer(layer, Array{{-0.492083f, -0.810455f, 0.326871f, 1.7565f, -0.554955f, 1.58594f}}).output,
               Array{{-0.516327f, -0.928699f, 0.336243f, 1.6852f, -0.774784f, 1.6236f}}, 1e-4, 1e-5));
}

TEST(RMSNormalizationTest, TakesSeveralAxesAndAnEpsilon) {
  const Array x = tests::some({2, 3, 4}), mean = graph::mean(x * x, {1, 2}, graph::keepdims);
  const RMSNormalization layer({.axis = {2, 1}, .epsilon = 0.5});
  EXPECT_TRUE(allclose(run_layer(layer, x).output, x / graph::sqrt(mean + 0.5), 1e-5, 1e-6));
  EXPECT_EQ(layer->weights()[0].shape(), (Shape{3, 4}));
  EXPECT_EQ(RMSNormalization(1, 0.5)->config().epsilon, 0.5);
}

TEST(RMSNormalizationTest, IsNotInKeras2) {
  const models::Sequential model({RMSNormalization({.name = "n", .input_shape = {3}})});
  const tests::TemporaryFolder folder;
  EXPECT_THAT(error_text<ValueError>([&] { model.save(folder.path() / "m.h5"); }),
              testing::HasSubstr("layer 'n' cannot be saved for Keras 2, which does not have it"));
}

TEST(RMSNormalizationTest, RefusesOtherLengths) {
  const RMSNormalization layer({.name = "n"});
  layer->ensure_built({kUnknown, 3});
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, graph::ones({2, 4}));
            }),
            "[RMSNormalization \"n\"] expected lengths (3,) along its axes, got input shape (2, 4)");
  EXPECT_EQ(error_text<ShapeError>([] {
              RMSNormalization(-3)->ensure_built({kUnknown, 3});
            }),
            "[RMSNormalization] axis -3 is out of bounds for input shape (None, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers

// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/activations/leaky_relu.h"

#include <gmock/gmock.h>

#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using saving::KerasVersion;
using tests::call_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "LeakyReLU",
       .config = R"({"negative_slope": 0.125, BASE})",
       .example = {.inputs = {graph::arange(-2.875, 3, 0.25).reshape({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

TEST(LeakyReLULayerTest, HasASlopeBelowZero) {
  const Array x{{0.301944f, -0.49858f, 0.4804f, -0.868069f}};
  EXPECT_TRUE(
      allclose(call_layer(LeakyReLU(), {x}).output(), Array{{0.301944f, -0.149574f, 0.4804f, -0.260421f}}, 1e-5, 1e-6));
  EXPECT_TRUE(array_equal(call_layer(LeakyReLU(0.5), {Array{-2.f, 2.f}}).output(), Array{-1.f, 2.f}));
}

TEST(LeakyReLULayerTest, Keras2CallsTheSlopeAlpha) {
  const std::string keras2 = saving::serialize(*LeakyReLU(0.25), KerasVersion::keras2),
                    keras3 = saving::serialize(*LeakyReLU(0.25), KerasVersion::keras3);
  EXPECT_THAT(keras2, testing::AllOf(testing::HasSubstr(R"("alpha":0.25)"),
                                     testing::Not(testing::HasSubstr("negative_slope"))));
  EXPECT_THAT(keras3, testing::AllOf(testing::HasSubstr(R"("negative_slope":0.25)"),
                                     testing::Not(testing::HasSubstr("alpha"))));
  // Keras 3 takes the old name, too.
  const auto read = saving::deserialize(registry(), R"({"class_name": "LeakyReLU", "config": {"alpha": 0.25}})");
  EXPECT_TRUE(same_config(*read, *LeakyReLU(0.25)));
}

TEST(LeakyReLULayerTest, NeedsASlope) {
  EXPECT_EQ(tests::error_text<ValueError>([] { LeakyReLU(-0.5, {.name = "l"}); }),
            "[LeakyReLU \"l\"] expected a negative_slope of at least 0, got -0.5");
  EXPECT_EQ(tests::error_text<graph::FormatError>([] {
              saving::deserialize(registry(), R"({"class_name": "LeakyReLU", "config": {"negative_slope": null}})");
            }),
            "LeakyReLU: argument 'negative_slope' needs a number, got null");
}

}  // namespace
}  // namespace cornu::keras::layers

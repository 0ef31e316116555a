#include "cornu/keras/layers/preprocessing/center_crop.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "CenterCrop",
       .config = R"({"height": 2, "width": 3, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 6})}, .free_axes = {1, 2, 3}}},
  };
});

TEST(CenterCropTest, TakesTheMiddle) {
  const Array x = graph::arange(0, 20, 1, int32).reshape({1, 4, 5, 1});
  EXPECT_TRUE(array_equal(run_layer(CenterCrop(2, 2), x).output, Array{6.f, 7.f, 11.f, 12.f}.reshape({1, 2, 2, 1})));
  EXPECT_TRUE(array_equal(run_layer(CenterCrop(4, 1), x.reshape({4, 5, 1})).output,
                          Array{2.f, 7.f, 12.f, 17.f}.reshape({4, 1, 1})));
}

TEST(CenterCropTest, SmallOnesAreResized) {
  const Array x = Array{{1.f, 2.f, 3.f}, {5.f, 6.f, 7.f}}.reshape({1, 2, 3, 1});
  const Array y = run_layer(CenterCrop(1, 4), x).output;  // from the rows that lie highest of two
  EXPECT_TRUE(allclose(y, Array{1.f, 1.625f, 2.375f, 3.f}.reshape({1, 1, 4, 1}))) << y;
}

TEST(CenterCropTest, NeedsASize) {
  EXPECT_EQ(tests::error_text<ValueError>([] { CenterCrop({.name = "c"}); }),
            "[CenterCrop \"c\"] expected a positive height and width, got 0 and 0");
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/layers/reshaping/flatten.h"

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
       .class_name = "Flatten",
       .config = R"({"data_format": "channels_first", BASE})",
       .example = {.inputs = {tests::some({3, 4, 5})}, .free_axes = {1, 2}}},
  };
});

TEST(FlattenTest, JoinsAllAxesButTheBatch) {
  const Array x = graph::arange(0, 24).reshape({2, 3, 4});
  EXPECT_TRUE(array_equal(run_layer(Flatten(), x).output, x.reshape({2, 12})));
  EXPECT_EQ(run_layer(Flatten(), graph::ones({5})).output.shape(), (Shape{5, 1}));
  EXPECT_EQ(run_layer(Flatten(), graph::ones({2, 3}, uint8)).output.dtype(), uint8);
  EXPECT_EQ(Flatten()->compute_output_shape({kUnknown, 28, 28}), (Shape{kUnknown, 784}));
}

TEST(FlattenTest, ChannelsFirstArePutLast) {
  const Array x = graph::arange(0, 12).reshape({2, 3, 2});
  EXPECT_TRUE(array_equal(run_layer(Flatten({.data_format = "channels_first"}), x).output,
                          x.transpose({0, 2, 1}).reshape({2, 6})));
}

TEST(FlattenTest, RefusesAnotherFormat) {
  EXPECT_EQ(tests::error_text<ValueError>([] { Flatten({.data_format = "NHWC", .name = "f"}); }),
            "[Flatten \"f\"] expected data_format 'channels_last' or 'channels_first', got 'NHWC'");
}

}  // namespace
}  // namespace cornu::keras::layers

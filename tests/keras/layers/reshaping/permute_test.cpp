#include "cornu/keras/layers/reshaping/permute.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "Permute",
                                     .config = R"({"dims": [2, 1], BASE})",
                                     .example = {.inputs = {tests::some({3, 4, 5})}, .free_axes = {1, 2}}}};
});

TEST(PermuteTest, OrdersTheAxesOfSamples) {
  const Array x = graph::arange(0, 12).reshape({2, 2, 3});
  const auto y = call_layer(Permute({.dims = {2, 1}}), {x}, {graph::ones({2, 2}, bool_)});
  EXPECT_TRUE(array_equal(y.output(), x.transpose({0, 2, 1})));
  EXPECT_FALSE(y.mask);
  const Array four = graph::arange(0, 24).reshape({1, 2, 3, 4});
  EXPECT_TRUE(array_equal(call_layer(Permute({.dims = {3, 1, 2}}), {four}).output(), four.transpose({0, 3, 1, 2})));
  EXPECT_EQ(Permute({.dims = {2, 1}})(Input({.shape = {kUnknown, 3}})).shape(), (Shape{kUnknown, 3, kUnknown}));
}

TEST(PermuteTest, RefusesWhatIsNoOrder) {
  EXPECT_EQ(error_text<ValueError>([] {
              Permute({.dims = {1, 3}, .name = "p"});
            }),
            "[Permute \"p\"] expected dims with each number from 1 on once, got (1, 3)");
  EXPECT_THROW(Permute({.dims = {0, 1}}), ValueError);
  EXPECT_THROW(Permute(), ValueError);
  EXPECT_EQ(error_text<ShapeError>([] {
              Permute({.dims = {2, 1}})(Input({.shape = {3}, .batch_size = 2}));
            }),
            "[Permute] expected an input of 3 axes, got shape (24, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers

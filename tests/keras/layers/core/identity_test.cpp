#include "cornu/keras/layers/core/identity.h"

#include <gtest/gtest.h>

#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "Identity",
                                     .config = "{BASE}",
                                     .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1, 2}}}};
});

TEST(IdentityTest, GivesWhatItGets) {
  const Array x = graph::arange(0, 6).reshape({2, 3}), mask{{true, false, true}, {false, true, true}};
  const auto y = tests::call_layer(Identity(), {x}, {mask});
  EXPECT_TRUE(array_equal(y.output(), x));
  EXPECT_EQ(y.output().dtype(), x.dtype());
  EXPECT_TRUE(array_equal(*y.mask, mask));
}

}  // namespace
}  // namespace cornu::keras::layers

// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/activations/elu.h"

#include <gtest/gtest.h>

#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "ELU",
       .config = R"({"alpha": 0.5, BASE})",
       .example = {.inputs = {graph::arange(-2.875, 3, 0.25).reshape({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

TEST(ELULayerTest, TendsToMinusAlpha) {
  const Array x{{0.358552f, -0.374594f, -1.79067f}};
  EXPECT_TRUE(
      allclose(tests::call_layer(ELU(0.7), {x}).output(), Array{{0.358552f, -0.218702f, -0.583206f}}, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(tests::call_layer(ELU(), {Array{1.f, -1.f, -50.f}}).output(), Array{1.f, -0.6321206f, -1.f}));
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/layers/core/activation.h"

#include <gtest/gtest.h>

#include "cornu/keras/activations/rectified.h"
#include "cornu/ops/binary.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Activation",
       .config = R"({"activation": "tanh", BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

TEST(ActivationLayerTest, AppliesAFunction) {
  const Array x{{-1.f, 2.f}};
  for (const Activation& layer :
       {Activation("relu"), Activation(activations::relu), Activation({.activation = "relu"})})
    EXPECT_TRUE(array_equal(tests::run_layer(layer, x).output, Array{{0.f, 2.f}}));
  EXPECT_TRUE(array_equal(tests::run_layer(Activation([](const Tensor& t) { return t * 3; }), x).output, x * 3));
  EXPECT_TRUE(array_equal(tests::run_layer(Activation(), x).output, x));
  EXPECT_THROW(Activation("rleu"), ValueError);
}

}  // namespace
}  // namespace cornu::keras::layers

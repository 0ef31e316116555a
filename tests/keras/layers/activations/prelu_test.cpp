// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/activations/prelu.h"

#include <gmock/gmock.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "PReLU",
       .config =
           R"({"alpha_initializer": "ones", "alpha_regularizer": "l2", "alpha_constraint": "non_neg", "shared_axes": [1, 2], BASE})",
       .example = {.inputs = {graph::arange(-2.875, 3, 0.25).reshape({3, 4, 2})},
                   .config = R"({"alpha_regularizer": "l2", "shared_axes": [1], BASE})",
                   .free_axes = {1}}},
  };
});

TEST(PReLUTest, HasASlopeForEachElementOfASample) {
  const PReLU layer;
  const Array x{{1.f, -2.f, -4.f}, {-1.f, 0.f, 4.f}};
  EXPECT_TRUE(array_equal(call_layer(layer, {x}).output(), Array{{1.f, 0.f, 0.f}, {0.f, 0.f, 4.f}}))
      << "slopes are 0 at first";
  ASSERT_EQ(layer->weights().size(), 1);
  EXPECT_THAT(layer->weights()[0].name(), testing::EndsWith("alpha"));
  layer->set_weights({Array{0.5f, 0.25f, -1.f}});
  EXPECT_TRUE(array_equal(call_layer(layer, {x}).output(), Array{{1.f, -0.5f, 4.f}, {-0.5f, 0.f, 4.f}}));
}

TEST(PReLUTest, SharesSlopesAlongAxes) {
  const PReLU layer({.shared_axes = {{1, 2}}});
  layer->ensure_built({kUnknown, kUnknown, 4, 5});
  EXPECT_EQ(layer->weights()[0].shape(), (Shape{1, 1, 5}));
  layer->set_weights({Array{0.210805f, 0.0783276f, 0.139383f, 0.277548f, 0.285506f}.reshape({1, 1, 5})});
  const Array x{-0.193633f, -0.499711f, 0.297549f, -0.464345f, -0.143465f},
      y{-0.0408188f, -0.0391411f, 0.297549f, -0.128878f, -0.0409601f};
  EXPECT_TRUE(allclose(call_layer(layer, {graph::zeros({2, 3, 4, 5}) + x}).output(), y, 1e-5, 1e-6));
}

TEST(PReLUTest, PenalizesAndConstrainsSlopes) {
  const PReLU layer({.alpha_initializer = "ones", .alpha_regularizer = "l2", .alpha_constraint = "non_neg"});
  EXPECT_NEAR(tests::run_layer(layer, graph::ones({2, 3})).added_loss, 0.03, 1e-7);
  EXPECT_TRUE(layer->own_weights()[0].constraint);
}

TEST(PReLUTest, RefusesAxesAndInputsThatDoNotFit) {
  for (const int axis : {0, -1, 3})
    EXPECT_EQ(error_text<ValueError>([&] {
                PReLU({.shared_axes = {{1, axis}}, .name = "p"})->ensure_built({4, 5, 2});
              }),
              "[PReLU \"p\"] expected shared_axes from 1 to 2 for an input of shape (None, 5, 2), got " +
                  std::to_string(axis));
  EXPECT_EQ(error_text<ShapeError>([] {
              PReLU()->ensure_built({kUnknown, kUnknown, 2});
            }),
            "[PReLU] axis 1 of the input must be known or one of shared_axes, got shape (None, None, 2)");
  const PReLU layer;
  layer->ensure_built({kUnknown, 2});
  for (const Shape& shape : {Shape{3, 4}, Shape{3, 1}, Shape{3, 2, 2}})
    EXPECT_EQ(
        error_text<ShapeError>([&] { call_layer(layer, {graph::ones(shape)}); }),
        "[PReLU] has alpha of shape (2,), to which an input of shape " + graph::to_string(shape) + " does not fit");
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/layers/core/input_layer.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"layer", "InputLayer",
       R"({"batch_shape": [null, 3], "dtype": "uint8", "sparse": false, "ragged": false, "name": "i", "optional": true})",
       false},
  };
});

TEST(InputLayerTest, KnowsItsShapeAndDtype) {
  const Input input({.shape = {28, 28}, .dtype = "uint8", .name = "image"});
  EXPECT_EQ(input->batch_shape(), (Shape{kUnknown, 28, 28}));
  EXPECT_EQ(input->dtype(), uint8);
  EXPECT_EQ(input->name(), "image");
  EXPECT_EQ(input->base().input_shape, (Shape{28, 28}));
  EXPECT_EQ(InputLayer({.shape = {3}, .batch_size = 4}).batch_shape(), (Shape{4, 3}));
  EXPECT_EQ(*InputLayer({.batch_shape = {4, 3}}).base().batch_size, 4);
}

TEST(InputLayerTest, PassesDataOfItsShape) {
  const Input input({.shape = {kUnknown, 2}, .name = "i"});
  EXPECT_TRUE(array_equal(tests::run_layer(input, graph::ones({3, 5, 2})).output, graph::ones({3, 5, 2})));
  EXPECT_EQ(error_text<ShapeError>([&] {
              tests::run_layer(input, graph::ones({3, 5, 3}));
            }),
            "[InputLayer \"i\"] expected input shape (None, None, 2), got (3, 5, 3)");
}

TEST(InputLayerTest, RefusesContradictions) {
  EXPECT_EQ(error_text<ValueError>([] { Input(); }), "[InputLayer] expected a shape");
  EXPECT_EQ(error_text<ValueError>([] {
              Input({.shape = {2}, .batch_shape = {1, 2}});
            }),
            "[InputLayer] expected either shape or batch_shape, got both");
  EXPECT_EQ(error_text<ValueError>([] { Input({.shape = {2}, .sparse = true}); }),
            "[InputLayer] sparse and ragged inputs are not supported");
  EXPECT_EQ(error_text<ValueError>([] { Input({.shape = {-2}}); }),
            "[InputLayer] expected lengths of at least 0, got (None, -2)");
  EXPECT_THROW(Input({.shape = {2}, .dtype = "float"}), ValueError);
}

}  // namespace
}  // namespace cornu::keras::layers

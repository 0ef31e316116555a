#include "cornu/keras/layers/reshaping/reshape.h"

#include <gtest/gtest.h>

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
       .class_name = "Reshape",
       .config = R"({"target_shape": [2, -1], BASE})",
       .example = {.inputs = {tests::some({3, 4, 5})}, .config = R"({"target_shape": [-1, 2, 5], BASE})"}},
  };
});

TEST(ReshapeTest, KeepsTheBatch) {
  const Array x = graph::arange(0, 24).reshape({2, 12});
  EXPECT_TRUE(array_equal(run_layer(Reshape({3, 4}), x).output, x.reshape({2, 3, 4})));
  EXPECT_TRUE(array_equal(run_layer(Reshape({.target_shape = {3, -1}}), x).output, x.reshape({2, 3, 4})));
  EXPECT_EQ(run_layer(Reshape(std::vector<int>{}), graph::ones({2, 1})).output.shape(), Shape{2});
  EXPECT_EQ(Reshape({-1, 2})->compute_output_shape({kUnknown, 6}), (Shape{kUnknown, 3, 2}));
}

TEST(ReshapeTest, TheNumberOfElementsMustFit) {
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(Reshape({5, 2}, {.name = "r"}), graph::ones({2, 12}));
            }),
            "[Reshape \"r\"] cannot reshape samples of shape (12,) (12 elements) to (5, 2)");
  EXPECT_THROW(run_layer(Reshape({5, -1}), graph::ones({2, 12})), ShapeError);
}

TEST(ReshapeTest, RefusesBadLengths) {
  EXPECT_EQ(error_text<ValueError>([] {
              Reshape({2, -3});
            }),
            "[Reshape] expected lengths of at least 0, or one -1, in target_shape, got (2, -3)");
  EXPECT_EQ(error_text<ValueError>([] {
              Reshape({-1, -1});
            }),
            "[Reshape] expected at most one -1 in target_shape, got (None, None)");
}

}  // namespace
}  // namespace cornu::keras::layers

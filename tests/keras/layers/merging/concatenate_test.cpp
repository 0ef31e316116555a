// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/merging/concatenate.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "Concatenate",
                                     .config = R"({"axis": 2, BASE})",
                                     .example = {.inputs = {some({3, 4, 2}), some({3, 4, 5}, 2)}, .free_axes = {1}}}};
});

const Array kX = graph::arange(1, 13).reshape({2, 3, 2}).astype(float32), kY = kX * 10.f;
const Array kMask{{true, true, false}, {true, false, false}}, kOther{{true, false, false}, {false, true, false}};

TEST(ConcatenateTest, PutsOneBehindTheOther) {
  const Array a{{1, 2}, {3, 4}}, b{{5}, {6}};
  const Array y = call_layer(Concatenate(), {a, b, a}).output();
  EXPECT_EQ(y.dtype(), int32);
  EXPECT_TRUE(array_equal(y, Array{{1, 2, 5, 1, 2}, {3, 4, 6, 3, 4}}));
  EXPECT_EQ(call_layer(Concatenate({.axis = 1}), {kX, kY}).output().shape(), (Shape{2, 6, 2}));
  EXPECT_TRUE(array_equal(call_layer(Concatenate(), {a}).output(), a));
  EXPECT_TRUE(array_equal(call_layer(Concatenate(), {a, Array{{0.5f}, {1.f}}}).output(),
                          Array{{1.f, 2.f, 0.5f}, {3.f, 4.f, 1.f}}));
}

TEST(ConcatenateTest, LengthsAddUpUnlessOneIsUnknown) {
  const Input a({.shape = {kUnknown, 3}}), b({.shape = {2, 3}});
  EXPECT_EQ(concatenate({a, b}, {.axis = 1}).shape(), (Shape{kUnknown, kUnknown, 3}));
  EXPECT_EQ(concatenate({b, b}, {.axis = -2}).shape(), (Shape{kUnknown, 4, 3}));
}

TEST(ConcatenateTest, MasksAreJoinedAlongTheAxis) {
  const auto mask = [](int axis, const std::vector<Array>& masks) {
    return call_layer(Concatenate({.axis = axis}), {kX, kY}, masks).mask;
  };
  EXPECT_TRUE(array_equal(*mask(-1, {kMask, kOther}), Array{{true, true, false}, {true, true, false}}));
  EXPECT_TRUE(array_equal(*mask(-1, {kMask}), graph::ones({2, 3}, bool_))) << "one without a mask counts everywhere";
  EXPECT_TRUE(array_equal(*mask(1, {kMask, kOther}),
                          Array{{true, true, false, true, false, false}, {true, false, false, false, true, false}}));
  EXPECT_TRUE(array_equal(*mask(1, {kMask}),
                          Array{{true, true, false, true, true, true}, {true, false, false, true, true, true}}));
  EXPECT_FALSE(mask(-1, {}));
}

TEST(ConcatenateTest, InputsThatDifferElsewhereAreRefused) {
  EXPECT_EQ(
      error_text<ShapeError>([] {
        Concatenate({.name = "c"})({Input({.shape = {2, 3}}), Input({.shape = {3, 3}})});
      }),
      "[Concatenate \"c\"] expected inputs that differ along axis 2 alone, got shapes (None, 2, 3) and (None, 3, 3)");
  EXPECT_EQ(error_text<ShapeError>([] {
              concatenate({Input({.shape = {2}}), Input({.shape = {3, 3}})});
            }),
            "[Concatenate] expected inputs that differ along axis 1 alone, got shapes (None, 2) and (None, 3, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/utils/to_categorical.h"

#include <gmock/gmock.h>

#include <limits>

#include "tests/io/mutations.h"

namespace cornu::keras::utils {
namespace {

using testing::HasSubstr;
using tests::error_text;

TEST(ToCategorical, PutsAOneAtTheLabel) {
  const Array y = to_categorical(Array{0, 2, 1});
  EXPECT_EQ(y.dtype(), graph::float32);
  EXPECT_TRUE(array_equal(y, Array({{1.f, 0.f, 0.f}, {0.f, 0.f, 1.f}, {0.f, 1.f, 0.f}})));
}

TEST(ToCategorical, TakesTheNumberOfClasses) {
  EXPECT_TRUE(array_equal(to_categorical(Array{std::uint8_t{1}}, 4), Array({{0.f, 1.f, 0.f, 0.f}})));
  EXPECT_EQ(to_categorical(graph::zeros({0}), 3).shape(), Shape({0, 3}));
}

TEST(ToCategorical, LabelsOfAnyShapeWithoutTheLastAxisOfOne) {
  EXPECT_EQ(to_categorical(Array({{0, 1, 2}, {3, 4, 5}})).shape(), Shape({2, 3, 6}));
  EXPECT_EQ(to_categorical(Array({{0}, {1}})).shape(), Shape({2, 2}));
  EXPECT_EQ(to_categorical(Array{1}).shape(), Shape({1, 2}));
  EXPECT_TRUE(array_equal(to_categorical(Array::scalar(2)), Array{0.f, 0.f, 1.f}));
  EXPECT_TRUE(array_equal(to_categorical(Array{1.9f, 0.f}), Array({{0.f, 1.f}, {1.f, 0.f}})));
}

TEST(ToCategorical, LabelsOutOfRangeAreErrors) {
  EXPECT_EQ(error_text<ValueError>([] {
              to_categorical(Array{0, 3}, 3);
            }),
            "to_categorical: label 3 is out of range: expected 0 to 2 (num_classes 3)");
  EXPECT_EQ(error_text<ValueError>([] { to_categorical(Array{0, -1}); }), "to_categorical: label -1 is negative");
  EXPECT_EQ(error_text<ValueError>([] { to_categorical(Array{std::numeric_limits<float>::quiet_NaN()}); }),
            "to_categorical: nan is no label");
  EXPECT_EQ(error_text<ValueError>([] { to_categorical(graph::zeros({0})); }),
            "to_categorical: without labels, num_classes must be given");
  EXPECT_EQ(error_text<ValueError>([] { to_categorical(Array{0}, 0); }),
            "to_categorical: num_classes must be positive, got 0");
  EXPECT_THAT(error_text<ValueError>([] { to_categorical(Array{std::int64_t{1} << 50}); }),
              HasSubstr("need too much memory"));
}

}  // namespace
}  // namespace cornu::keras::utils

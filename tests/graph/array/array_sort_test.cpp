#include "cornu/graph/array/array_sort.h"

#include <gtest/gtest.h>

#include <limits>

#include "cornu/graph/array/array.h"

// The expected values are NumPy 2.4's.
namespace cornu::graph {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInf = std::numeric_limits<double>::infinity();

testing::AssertionResult is(const Array& got, const Array& want) {
  const bool equal = got.dtype() == want.dtype() && array_equal(isnan(got), isnan(want)) &&
                     array_equal(where(isnan(got), 0, got), where(isnan(want), 0, want));
  return (equal ? testing::AssertionSuccess() : testing::AssertionFailure())
         << "got " << got.spec() << got << ", expected " << want.spec() << want;
}

TEST(ArraySort, NanIsLast) {
  const Array x{3.0, kNan, -kInf, kInf, 1.0, kNan};
  EXPECT_TRUE(is(sort(x), Array{-kInf, 1.0, 3.0, kInf, kNan, kNan}));
  EXPECT_TRUE(is(argsort(x), Array{2, 4, 0, 3, 1, 5}.astype(int64)));
}

TEST(ArraySort, AlongAnAxis) {
  const Array x{{3, 1}, {2, 4}};
  EXPECT_TRUE(is(sort(x), Array{{1, 3}, {2, 4}}));
  EXPECT_TRUE(is(sort(x, 0), Array{{2, 1}, {3, 4}}));
  EXPECT_TRUE(is(argsort(x), Array{{1, 0}, {0, 1}}.astype(int64)));
  EXPECT_TRUE(is(argsort(x, -2), Array{{1, 0}, {0, 1}}.astype(int64)));
  EXPECT_TRUE(is(x, Array{{3, 1}, {2, 4}}));
}

TEST(ArraySort, EqualElementsStayInOrder) {
  EXPECT_TRUE(is(argsort(Array{2, 1, 2, 1}), Array{1, 3, 0, 2}.astype(int64)));
  const Array zeros = graph::zeros({100});
  EXPECT_TRUE(is(argsort(zeros), arange(0, 100, 1, int64)));
}

TEST(ArraySort, EveryDtype) {
  for (DType dtype : {bool_, uint8, int32, int64, bfloat16, float32, float64}) {
    const Array x = Array{1, 0, 1, 0, 0}.astype(dtype);
    EXPECT_TRUE(is(sort(x), Array{0, 0, 0, 1, 1}.astype(dtype)));
    EXPECT_TRUE(is(argsort(x), Array{1, 3, 4, 0, 2}.astype(int64)));
    EXPECT_TRUE(is(unique(x), Array{0, 1}.astype(dtype)));
  }
}

TEST(ArraySort, Unique) {
  EXPECT_TRUE(is(unique(Array{3.0, kNan, 1.0, kNan, 3.0, -0.0, 0.0}), Array{0.0, 1.0, 3.0, kNan}));
  EXPECT_TRUE(is(unique(Array{{3, 1}, {2, 1}}), Array{1, 2, 3}));
  EXPECT_TRUE(is(unique(Array{kInf, -kInf, kInf}), Array{-kInf, kInf}));
  EXPECT_TRUE(is(unique(Array::scalar(4)), Array{4}));
  EXPECT_TRUE(is(unique(Array()), Array()));
}

TEST(ArraySort, ScalarsHaveNoAxis) {
  try {
    sort(Array::scalar(5));
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_STREQ(e.what(), "axis -1 is out of bounds for shape ()");
  }
  EXPECT_EQ(sort(empty({0, 3})).shape(), (Shape{0, 3}));
  EXPECT_EQ(argsort(empty({3, 0})).shape(), (Shape{3, 0}));
}

}  // namespace
}  // namespace cornu::graph

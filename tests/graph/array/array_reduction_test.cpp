#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "cornu/graph/array/array.h"

namespace cornu::graph {
namespace {

using testing::ElementsAre;

template <class T>
std::vector<T> values(const Array& a) {
  auto s = a.span<T>();
  return {s.begin(), s.end()};
}
const float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(ArrayReduction, SumAndMean) {
  Array m{{1.f, 2.f, 3.f}, {4.f, 5.f, 7.f}};
  EXPECT_EQ(sum(m).item<float>(), 22);
  EXPECT_EQ(sum(m).shape(), Shape());
  EXPECT_THAT(values<float>(sum(m, 0)), ElementsAre(5, 7, 10));
  EXPECT_THAT(values<float>(sum(m, -1)), ElementsAre(6, 16));
  EXPECT_THAT(values<float>(mean(m, 0)), ElementsAre(2.5f, 3.5f, 5));
  EXPECT_EQ(mean(m).dtype(), float32);
  EXPECT_THROW(sum(m, 2), ShapeError);
}

TEST(ArrayReduction, MiddleAxis) {
  Array a = arange(0, 24, 1, int32).reshape({2, 3, 4});
  EXPECT_THAT(values<std::int64_t>(sum(a, 1)), ElementsAre(12, 15, 18, 21, 48, 51, 54, 57));
  EXPECT_EQ(max(a, 1).shape(), (Shape{2, 4}));
  EXPECT_THAT(values<std::int32_t>(max(a, 1)), ElementsAre(8, 9, 10, 11, 20, 21, 22, 23));
  EXPECT_THAT(values<std::int32_t>(min(a, 2)), ElementsAre(0, 4, 8, 12, 16, 20));
}

TEST(ArrayReduction, DtypesOfSums) {
  EXPECT_EQ(sum(Array{true, true, false}).dtype(), int64);
  EXPECT_EQ(sum(Array{true, true, false}).item<int>(), 2);
  EXPECT_EQ(sum(full({3}, 200, uint8)).item<int>(), 600);
  EXPECT_EQ(sum(full({2}, 2147483647, int32)).item<std::int64_t>(), 4294967294);
  EXPECT_EQ(mean(Array{1, 2}).dtype(), float64);
  EXPECT_EQ(mean(Array{1, 2}).item<double>(), 1.5);
  EXPECT_EQ(sum(full({3}, 0.5, bfloat16)).dtype(), bfloat16);
}

TEST(ArrayReduction, SumsAreAccurate) {
  const std::int64_t n = 1000003;
  EXPECT_EQ(sum(full({n}, 0.1)).item<float>(), static_cast<float>(static_cast<double>(0.1f) * n));
  EXPECT_NEAR(sum(full({n}, 0.1, float64)).item<double>(), 0.1 * n, 1e-9);
  EXPECT_EQ(mean(full({n}, 3.3)).item<float>(), 3.3f);
}

TEST(ArrayReduction, Extremes) {
  Array m{{1.f, 9.f, 9.f}, {4.f, -5.f, 7.f}};
  EXPECT_EQ(max(m).item<float>(), 9);
  EXPECT_EQ(min(m).item<float>(), -5);
  EXPECT_EQ(argmax(m).item<int>(), 1);
  EXPECT_EQ(argmin(m).item<int>(), 4);
  EXPECT_EQ(argmax(m).dtype(), int64);
  EXPECT_EQ(argmax(m).shape(), Shape());
  EXPECT_THAT(values<std::int64_t>(argmax(m, 0)), ElementsAre(1, 0, 0));
  EXPECT_THAT(values<std::int64_t>(argmax(m, 1)), ElementsAre(1, 2));
  EXPECT_TRUE(max(Array{true, false}).item<bool>());
}

TEST(ArrayReduction, NanWins) {
  Array a{1.f, kNan, 3.f, kNan};
  EXPECT_EQ(argmax(a).item<int>(), 1);
  EXPECT_EQ(argmin(a).item<int>(), 1);
  EXPECT_TRUE(std::isnan(max(a).item<float>()));
  EXPECT_TRUE(std::isnan(min(a).item<float>()));
}

TEST(ArrayReduction, OfNothing) {
  EXPECT_EQ(sum(Array()).item<float>(), 0);
  EXPECT_TRUE(std::isnan(mean(Array()).item<float>()));
  EXPECT_THAT(values<float>(sum(empty({0, 2}), 0)), ElementsAre(0, 0));
  EXPECT_EQ(max(empty({0, 3}), 1).shape(), Shape{0});
  EXPECT_THROW(max(Array()), ValueError);
  EXPECT_THROW(argmax(empty({0, 3}), 0), ValueError);
  try {
    argmax(Array());
    FAIL();
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(), "argmax of an empty array (shape (0,))");
  }
}

TEST(ArrayReduction, Matmul) {
  Array a{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}}, b{{1.f, 0.f}, {0.f, 1.f}, {2.f, -1.f}};
  EXPECT_THAT(values<float>(matmul(a, b)), ElementsAre(7, -1, 16, -1));
  EXPECT_THAT(values<std::int32_t>(matmul(Array{{1, 2}}, Array{{3}, {-4}})), ElementsAre(-5));
  EXPECT_EQ(matmul(empty({2, 0}), empty({0, 3})).shape(), (Shape{2, 3}));
  try {
    matmul(a, a);
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_STREQ(e.what(), "matmul: shapes (2, 3) and (2, 3) do not fit together");
  }
}

}  // namespace
}  // namespace cornu::graph

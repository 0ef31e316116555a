#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
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

TEST(ArrayReduction, AxesMayStay) {
  const Array m{{1.f, 2.f, 3.f}, {4.f, 5.f, 7.f}};
  EXPECT_EQ(sum(m, 1, keepdims).shape(), (Shape{2, 1}));
  EXPECT_THAT(values<float>(m / sum(m, 0, keepdims)), ElementsAre(0.2f, 2 / 7.f, 0.3f, 0.8f, 5 / 7.f, 0.7f));
  for (const Array& x : {mean(m, 0, keepdims), max(m, 0, keepdims), min(m, 0, keepdims), any(m, 0, keepdims),
                         all(m, 0, keepdims), prod(m, 0, keepdims), argmax(m, 0, keepdims), argmin(m, 0, keepdims),
                         var(m, 0, {.keep = keepdims}), graph::std(m, 0, {.keep = keepdims})})
    EXPECT_EQ(x.shape(), (Shape{1, 3}));
  EXPECT_EQ(sum(m, {0, 1}, keepdims).shape(), (Shape{1, 1}));
}

TEST(ArrayReduction, SeveralAxes) {
  const Array a = arange(0, 24, 1, int32).reshape({2, 3, 4});
  EXPECT_THAT(values<std::int64_t>(sum(a, {0, 2})), ElementsAre(60, 92, 124));
  EXPECT_THAT(values<std::int64_t>(sum(a, {-1, -2})), ElementsAre(66, 210));
  EXPECT_EQ(sum(a, {0, 1, 2}).shape(), Shape());
  EXPECT_EQ(sum(a, {0, 2}, keepdims).shape(), (Shape{1, 3, 1}));
  EXPECT_EQ(sum(a, std::vector<int>{}).shape(), a.shape()) << "over no axis, as NumPy's axis=()";
  EXPECT_THAT(values<std::int32_t>(max(a, {0, 1})), ElementsAre(20, 21, 22, 23));
  EXPECT_THAT(values<std::int32_t>(min(a, {0, 1})), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(values<double>(mean(a, {1, 2})), ElementsAre(5.5, 17.5));
  EXPECT_THAT(values<double>(var(a, {0, 2})), ElementsAre(37.25, 37.25, 37.25));
  EXPECT_THAT(values<bool>(any(a > 20, {0, 2})), ElementsAre(false, false, true));
  EXPECT_THAT(values<bool>(all(a > 2, {0, 2})), ElementsAre(false, true, true));
  EXPECT_THAT(values<std::int64_t>(prod(a.slice(0, 2, 1, 2), {0, 2})), ElementsAre(0, 5440, 30240));
  EXPECT_EQ(max(empty({2, 0, 4}), {0, 2}).shape(), Shape{0});
  try {
    sum(a, {0, -3});
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_STREQ(e.what(), "axis -3 is named twice for shape (2, 3, 4)");
  }
}

TEST(ArrayReduction, AnyAndAll) {
  EXPECT_TRUE(any(Array{0.f, kNan}).item<bool>());
  EXPECT_FALSE(all(Array{0.f, kNan}).item<bool>());
  EXPECT_TRUE(all(Array()).item<bool>());
  EXPECT_FALSE(any(Array()).item<bool>());
  EXPECT_THAT(values<bool>(all(zeros({0, 2}), 0)), ElementsAre(true, true));
  EXPECT_THAT(values<bool>(any(Array{{0, 2}, {0, 0}}, 0)), ElementsAre(false, true));
  EXPECT_THAT(values<bool>(all(Array{{true, true}, {true, false}}, 1)), ElementsAre(true, false));
}

TEST(ArrayReduction, Products) {
  EXPECT_EQ(prod(Array{2, 3}.astype(uint8)).dtype(), int64);
  EXPECT_EQ(prod(Array{200, 200}.astype(uint8)).item<int>(), 40000);
  EXPECT_EQ(prod(Array()).item<float>(), 1);
  EXPECT_EQ(prod(Array{true, false}).item<int>(), 0);
  EXPECT_THAT(values<std::int64_t>(prod(Array{{1, 2}, {3, -4}}, 1)), ElementsAre(2, -12));
  EXPECT_EQ(prod(Array{0.5f, 0.5f}).dtype(), float32);
  EXPECT_TRUE(std::isnan(prod(Array{0.5f, kNan}).item<float>()));
}

TEST(ArrayReduction, RunningSums) {
  const Array m{{1, 2}, {3, 4}};
  EXPECT_THAT(values<std::int64_t>(cumsum(m)), ElementsAre(1, 3, 6, 10));
  EXPECT_THAT(values<std::int64_t>(cumsum(m, 0)), ElementsAre(1, 2, 4, 6));
  EXPECT_THAT(values<std::int64_t>(cumsum(m, -1)), ElementsAre(1, 3, 3, 7));
  EXPECT_THAT(values<std::int64_t>(cumsum(Array{true, true})), ElementsAre(1, 2));
  EXPECT_EQ(cumsum(Array::scalar(5)).shape(), Shape{1});
  const Array x = cumsum(Array{1.f, kNan, 2.f});
  EXPECT_EQ(x[0].item<float>(), 1);
  EXPECT_TRUE(std::isnan(x[2].item<float>()));
}

TEST(ArrayReduction, Variance) {
  const Array x{1, 2, 3, 4};
  EXPECT_EQ(var(x).item<double>(), 1.25);
  EXPECT_EQ(var(x, {.ddof = 1}).item<double>(), 5.0 / 3);
  EXPECT_EQ(graph::std(x).item<double>(), 1.118033988749895);
  EXPECT_EQ(graph::std(x, {.ddof = 1}).item<double>(), 1.2909944487358056);
  const Array m{{1.f, 2.f}, {3.f, 5.f}};
  EXPECT_EQ(var(m).dtype(), float32);
  EXPECT_THAT(values<float>(var(m, 0, {.ddof = 1})), ElementsAre(2, 4.5f));
  EXPECT_THAT(values<float>(var(m, 0)), ElementsAre(1, 2.25f));
  EXPECT_THAT(values<float>(graph::std(m, -1)), ElementsAre(0.5f, 1));
  EXPECT_EQ(graph::std(m, {0, 1}).shape(), Shape());
  EXPECT_EQ(var(Array{true, false}).item<double>(), 0.25);
  EXPECT_TRUE(std::isnan(var(Array{5.0}, {.ddof = 1}).item<double>()));
  EXPECT_EQ(var(Array{1.0, 2.0}, {.ddof = 3}).item<double>(), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(var(Array()).item<float>()));
  EXPECT_TRUE(std::isnan(graph::std(Array{1.f, kNan}).item<float>()));
  EXPECT_TRUE(std::isnan(var(Array{1.0, std::numeric_limits<double>::infinity()}).item<double>()));
  EXPECT_EQ(var(Array{1e8 + 1, 1e8 + 2, 1e8 + 3}).item<double>(), 0.6666666666666666);
  EXPECT_NEAR(var(arange(0, 10000, 1, float64)).item<double>(), (1e8 - 1) / 12, 1e-7);
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

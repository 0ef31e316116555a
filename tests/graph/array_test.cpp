#include "cornu/graph/array.h"

#include <gtest/gtest.h>

#include <numeric>

namespace cornu::graph {
namespace {

template <class T>
std::vector<T> values(const Array& a) {
  auto s = a.span<T>();
  return {s.begin(), s.end()};
}
using Ints = std::vector<std::int32_t>;

Array counting(const Shape& shape) { return arange(0, static_cast<double>(shape.elements()), 1, int32).reshape(shape); }

TEST(Array, DefaultIsAnEmptyVector) {
  Array a;
  EXPECT_EQ(a.shape(), Shape{0});
  EXPECT_EQ(a.dtype(), float32);
  EXPECT_EQ(a.size(), 0);
  EXPECT_EQ(a.copy().shape(), Shape{0});
}

TEST(Array, BuffersAreAligned) {
  for (std::int64_t n : {1, 3, 17, 100, 1000}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Array({n}).bytes()) % 64, 0u) << n;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Array({n}, uint8).bytes()) % 64, 0u) << n;
  }
}

TEST(Array, FromValues) {
  EXPECT_EQ((Array{1.f, 2.f}).dtype(), float32);
  EXPECT_EQ((Array{1, 2}).dtype(), int32);
  EXPECT_EQ((Array{true, false}).dtype(), bool_);
  Array m{{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(m.shape(), (Shape{2, 3}));
  EXPECT_EQ(values<std::int32_t>(m), (Ints{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(Array(std::vector<double>{1, 2, 3, 4}, {2, 2}).shape(), (Shape{2, 2}));
  EXPECT_THROW(Array(std::vector<double>{1, 2, 3}, {2, 2}), ShapeError);
  EXPECT_THROW((Array{{1, 2}, {3}}), ShapeError);
}

TEST(Array, CopySharesAndCopyDuplicates) {
  Array a{1, 2, 3}, shared = a, apart = a.copy();
  EXPECT_FALSE(a.unique());
  EXPECT_TRUE(apart.unique());
  a.data<std::int32_t>()[0] = 9;
  EXPECT_EQ(shared[0].item<int>(), 9);
  EXPECT_EQ(apart[0].item<int>(), 1);
}

TEST(Array, AMovedFromArrayIsEmpty) {
  Array a{1, 2, 3}, b = std::move(a);
  EXPECT_EQ(a.shape(), Shape{0});
  a = std::move(b);
  EXPECT_EQ(b.size(), 0);
  EXPECT_EQ(a.size(), 3);
  Array& same = a;
  a = std::move(same);
  EXPECT_EQ(values<std::int32_t>(a), (Ints{1, 2, 3}));
}

TEST(Array, Reshape) {
  Array a = counting({2, 3, 4});
  EXPECT_EQ(a.reshape({-1, 12}).shape(), (Shape{2, 12}));
  EXPECT_EQ(a.reshape({24}).bytes(), a.bytes());
  EXPECT_THROW(a.reshape({5, -1}), ShapeError);
  EXPECT_EQ(a.flatten().shape(), Shape{24});
}

TEST(Array, IndexAndSliceAreViews) {
  Array a = counting({4, 3});
  EXPECT_EQ(values<std::int32_t>(a[1]), (Ints{3, 4, 5}));
  EXPECT_EQ(a[-1][2].item<int>(), 11);
  EXPECT_EQ(a[1].bytes(), a.bytes() + 12);
  EXPECT_EQ(values<std::int32_t>(a.slice(1, 3)), (Ints{3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(a.slice(-2, 100).shape(), (Shape{2, 3}));
  EXPECT_EQ(a.slice(3, 1).shape(), (Shape{0, 3}));
  EXPECT_EQ(values<std::int32_t>(a.slice(0, 3, 2, 1)), (Ints{0, 2, 3, 5, 6, 8, 9, 11}));
  EXPECT_EQ(values<std::int32_t>(a.slice(3, -100, -2)), (Ints{9, 10, 11, 3, 4, 5}));
  EXPECT_THROW(a[4], ValueError);
}

TEST(Array, TransposeAndTake) {
  Array a = counting({2, 3});
  EXPECT_EQ(values<std::int32_t>(a.transpose()), (Ints{0, 3, 1, 4, 2, 5}));
  Array b = counting({2, 3, 4}), t = b.transpose({1, 2, 0});
  EXPECT_EQ(t.shape(), (Shape{3, 4, 2}));
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k) EXPECT_EQ(t[j][k][i].item<int>(), b[i][j][k].item<int>());
  EXPECT_EQ(values<std::int32_t>(a.take(std::vector<std::int64_t>{1, -2, 1})), (Ints{3, 4, 5, 0, 1, 2, 3, 4, 5}));
  EXPECT_THROW(a.take(std::vector<std::int64_t>{2}), ValueError);
}

TEST(Array, MakersAndJoiners) {
  EXPECT_EQ(values<float>(ones({2})), (std::vector<float>{1, 1}));
  EXPECT_EQ(values<float>(zeros({2})), (std::vector<float>{0, 0}));
  EXPECT_EQ(values<std::int32_t>(eye(2, 3, int32)), (Ints{1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(values<double>(arange(0, 1, 0.25, float64)), (std::vector<double>{0, 0.25, 0.5, 0.75}));
  Array a = counting({2, 2}), b = counting({2, 1});
  EXPECT_EQ(values<std::int32_t>(concatenate({a, b}, 1)), (Ints{0, 1, 0, 2, 3, 1}));
  EXPECT_EQ(values<std::int32_t>(stack({a, a}, -1)), (Ints{0, 0, 1, 1, 2, 2, 3, 3}));
  EXPECT_EQ(stack({a, a, a}).shape(), (Shape{3, 2, 2}));
  EXPECT_THROW(stack(std::vector<Array>{}), ValueError);
}

}  // namespace
}  // namespace cornu::graph

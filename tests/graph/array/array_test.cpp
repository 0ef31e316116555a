#include "cornu/graph/array/array.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace cornu::graph {
namespace {

template <class T>
std::vector<T> values(const Array& a) {
  auto s = a.span<T>();
  return {s.begin(), s.end()};
}
using testing::ElementsAre;

template <class E, class F>
std::string error(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "not thrown";
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

TEST(Array, NumbersAtEqualDistances) {
  EXPECT_TRUE(array_equal(linspace(0, 1, 5), Array{0.f, 0.25f, 0.5f, 0.75f, 1.f}));
  EXPECT_TRUE(array_equal(linspace(2, -2, 4, false), Array{2.f, 1.f, 0.f, -1.f}));
  EXPECT_TRUE(array_equal(linspace(3, 5, 1), Array{3.f}));
  EXPECT_TRUE(array_equal(linspace(0, 10, 3, true, int32), Array{0, 5, 10}));
  EXPECT_EQ(linspace(0, 1).size(), 50);
  EXPECT_EQ(linspace(0, 0.7, 8, true, float64).at<double>({7}), 0.7);
  EXPECT_EQ(linspace(0, 1, 0).shape(), (Shape{0}));
  EXPECT_EQ(error<ValueError>([] { linspace(0, 1, -1); }),
            "linspace: expected a non-negative number of elements, got -1");
}

TEST(Array, FromNestedBraces) {
  const Array a{{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}};
  EXPECT_EQ(a.dtype(), int32);
  EXPECT_TRUE(array_equal(a, arange(1, 13, 1, int32).reshape({2, 3, 2})));
  EXPECT_EQ((Array{{{1.f}}}).shape(), (Shape{1, 1, 1}));
  EXPECT_EQ((Array{{{true, false}}}).dtype(), bool_);
  EXPECT_TRUE(array_equal(Array{{{{1.0, 2.0}}, {{3.0, 4.0}}}}, arange(1, 5, 1, float64).reshape({1, 2, 1, 2})));
  EXPECT_EQ((Array{{{{{1}, {2}}}}, {{{{3}, {4}}}}}).shape(), (Shape{2, 1, 1, 2, 1}));
  EXPECT_EQ(error<ShapeError>([] {
              Array{{{1, 2}, {3, 4}}, {{5, 6}}};
            }),
            "a ragged array: lists of 2 and 1 elements along axis 1");
  EXPECT_EQ(error<ShapeError>([] {
              Array{{{1, 2}, {3, 4}}, {{5, 6}, {7}}};
            }),
            "a ragged array: lists of 2 and 1 elements along axis 2");
  EXPECT_EQ(error<ShapeError>([] {
              Array{{{{1}}}, {{{2, 3}}}};
            }),
            "a ragged array: lists of 1 and 2 elements along axis 3");
}

TEST(Array, FromNestedVectors) {
  using Row = std::vector<float>;
  using Matrix = std::vector<Row>;
  EXPECT_TRUE(array_equal(Array(Matrix{{1, 2}, {3, 4}}), Array{{1.f, 2.f}, {3.f, 4.f}}));
  EXPECT_TRUE(array_equal(Array(std::vector<Matrix>{{{1, 2}}, {{3, 4}}}), Array{{{1.f, 2.f}}, {{3.f, 4.f}}}));
  EXPECT_TRUE(array_equal(Array(std::vector<std::array<double, 2>>{{1, 2}, {3, 4}}), Array{{1.0, 2.0}, {3.0, 4.0}}));
  EXPECT_TRUE(array_equal(Array(std::vector<std::vector<bool>>{{true, false}}), Array{{true, false}}));
  EXPECT_TRUE(array_equal(Array(std::vector<bool>{true, false}), Array{true, false}));
  EXPECT_EQ(Array(Matrix(3, Row(0))).shape(), (Shape{3, 0}));
  EXPECT_EQ(Array(std::vector<Matrix>()).shape(), (Shape{0, 0, 0}));
  EXPECT_EQ(error<ShapeError>([] {
              Array(Matrix{{1, 2}, {3}});
            }),
            "a ragged array: lists of 2 and 1 elements along axis 1");
  EXPECT_EQ(error<ShapeError>([] {
              Array(Matrix{{}, {3}});
            }),
            "a ragged array: lists of 0 and 1 elements along axis 1");
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

TEST(Array, AxesOfLengthOne) {
  const Array a = counting({2, 3});
  EXPECT_EQ(expand_dims(a, 0).shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(expand_dims(a, 1).shape(), (Shape{2, 1, 3}));
  EXPECT_EQ(expand_dims(a, -1).shape(), (Shape{2, 3, 1}));
  EXPECT_EQ(expand_dims(Array::scalar(1), 0).shape(), Shape{1});
  EXPECT_EQ(expand_dims(a, -1).bytes(), a.bytes());
  EXPECT_EQ(error<ShapeError>([&] { expand_dims(a, 3); }),
            "expand_dims: axis 3 is out of bounds for a result of 3 axes (shape (2, 3))");
  EXPECT_EQ(error<ShapeError>([&] { expand_dims(a, -4); }),
            "expand_dims: axis -4 is out of bounds for a result of 3 axes (shape (2, 3))");
  EXPECT_EQ(squeeze(zeros({1, 3, 1})).shape(), Shape{3});
  EXPECT_EQ(squeeze(zeros({1, 3, 1}), -1).shape(), (Shape{1, 3}));
  EXPECT_EQ(squeeze(zeros({1, 1})).shape(), Shape());
  EXPECT_EQ(error<ShapeError>([&] {
              squeeze(zeros({1, 3, 1}), 1);
            }),
            "squeeze: axis 1 of shape (1, 3, 1) does not have length 1");
}

const float kNan = std::numeric_limits<float>::quiet_NaN();
const float kInf = std::numeric_limits<float>::infinity();

// The integers are NumPy's on x86.
TEST(Array, AstypeOfFloats) {
  const std::int32_t low = std::numeric_limits<std::int32_t>::min();
  const std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  Array d{1e10, -1.9, kNan * 1.0, 300.0, -3e9, 2147483647.5, -2147483648.5, 1e30, -300.7, kInf * 1.0};
  EXPECT_THAT(values<std::int32_t>(d.astype(int32)),
              ElementsAre(low, -1, low, 300, low, 2147483647, low, low, -300, low));
  EXPECT_THAT(values<std::int64_t>(d.astype(int64)),
              ElementsAre(10000000000, -1, lowest, 300, -3000000000, 2147483647, -2147483648, lowest, -300, lowest));
  EXPECT_THAT(values<std::uint8_t>(d.astype(uint8)), ElementsAre(0, 255, 0, 44, 0, 255, 0, 0, 212, 0));
  EXPECT_THAT(values<std::int64_t>((Array{9223372036854775808.f, -9223372036854775808.f, 1.5f}).astype(int64)),
              ElementsAre(lowest, lowest, 1));
  EXPECT_THAT(values<bool>((Array{0.f, -0.f, 0.5f, kNan}).astype(bool_)), ElementsAre(false, false, true, true));
}

TEST(Array, AstypeOfOthers) {
  EXPECT_THAT(values<std::uint8_t>((Array{-1, 256, 300}).astype(uint8)), ElementsAre(255, 0, 44));
  EXPECT_THAT(values<bool>((Array{0, 256, -1}).astype(bool_)), ElementsAre(false, true, true));
  EXPECT_THAT(values<float>((Array{true, false}).astype(float32)), ElementsAre(1, 0));
  EXPECT_THAT(values<float>((Array{1.0, 1e300, 1.0 / 3}).astype(float32)), ElementsAre(1, kInf, 1.f / 3));
  EXPECT_THAT(values<float>((Array{3.14159f}).astype(bfloat16).astype(float32)), ElementsAre(3.140625f));
  EXPECT_THAT(values<std::int32_t>((Array{-3.7f}).astype(bfloat16).astype(int32)), ElementsAre(-3));
  Array a{1.f, 2.f};
  EXPECT_EQ(a.astype(float32).bytes(), a.bytes());
}

TEST(Array, Item) {
  EXPECT_EQ((Array{{7}}).item<float>(), 7);
  EXPECT_EQ(error<ValueError>([] {
              (Array{1, 2}).item<int>();
            }),
            "item() needs an array of one element, got shape (2,)");
}

TEST(Array, DataOfAnotherType) {
  EXPECT_EQ(error<TypeError>([] {
              (Array{1, 2}).data<float>();
            }),
            "an array of int32 was accessed as float32; convert it with astype()");
}

TEST(Array, Borrow) {
  float memory[] = {1, 2, 3, 4};
  Array a = Array::borrow(memory, {float32, {2, 2}});
  EXPECT_EQ(a[1][0].item<float>(), 3);
  a[1].data<float>()[0] = 9;
  EXPECT_EQ(memory[2], 9);
  EXPECT_FALSE(a.unique());
  EXPECT_TRUE(a.copy().unique());
}

TEST(Array, Iteration) {
  std::vector<int> sums;
  for (const Array& row : counting({3, 2})) sums.push_back(row[0].item<int>() + row[1].item<int>());
  EXPECT_THAT(sums, ElementsAre(1, 5, 9));
  EXPECT_EQ(error<ValueError>([] { Array::scalar(1).begin(); }), "cannot iterate over a scalar array");
  for (const Array& row : Array()) FAIL() << row;
}

TEST(Array, SlicesLikePython) {
  Array a = counting({5});
  EXPECT_THAT(values<std::int32_t>(a.slice(4, -6, -1)), ElementsAre(4, 3, 2, 1, 0)) << "a[4:-6:-1]";
  EXPECT_THAT(values<std::int32_t>(a.slice(3, 0, -2)), ElementsAre(3, 1));
  EXPECT_THAT(values<std::int32_t>(a.slice(-100, 100, 3)), ElementsAre(0, 3));
  EXPECT_EQ(a.slice(1, 4, -1).size(), 0);
  EXPECT_THAT(values<std::int32_t>(a.slice(4, -6, std::numeric_limits<std::int64_t>::min())), ElementsAre(4));
  EXPECT_EQ(counting({2, 3, 4}).slice(1, 3, 1, 1).shape(), (Shape{2, 2, 4}));
}

TEST(Array, ErrorsOfShapes) {
  Array a = counting({2, 3});
  EXPECT_EQ(error<ShapeError>([&] {
              a.reshape({4, -1});
            }),
            "cannot reshape an array of shape (2, 3) (6 elements) into shape (4, -1)");
  EXPECT_EQ(error<ShapeError>([&] { a.reshape({-1, -1}); }), "reshape: only one length can be -1, got (-1, -1)");
  EXPECT_EQ(error<ShapeError>([&] { a.reshape({-2, 3}); }), "reshape: negative length in (-2, 3)");
  EXPECT_EQ(error<ShapeError>([&] {
              empty({0, 3}).reshape({0, -1});
            }),
            "cannot reshape an array of shape (0, 3) (0 elements) into shape (0, -1)");
  EXPECT_EQ(empty({0, 3}).reshape({-1, 5}).shape(), (Shape{0, 5}));
  EXPECT_EQ(error<ShapeError>([&] {
              a.reshape({std::int64_t{1} << 40, std::int64_t{1} << 40});
            }),
            "reshape: shape (1099511627776, 1099511627776) is too large");
  EXPECT_EQ(error<ShapeError>([&] {
              empty({kUnknown, 3});
            }),
            "an array needs non-negative lengths, got shape (None, 3)");
  EXPECT_EQ(error<ShapeError>([&] { Array(Shape::unset()); }), "an array needs a shape");
  EXPECT_EQ(error<ShapeError>([&] {
              empty({std::int64_t{1} << 40, std::int64_t{1} << 40});
            }),
            "an array of shape (1099511627776, 1099511627776) is too large");
  EXPECT_EQ(empty({std::int64_t{1} << 40, 0, std::int64_t{1} << 40}).size(), 0);
  EXPECT_EQ(error<ShapeError>([&] { a.transpose({0}); }), "transpose: 1 axes given for shape (2, 3)");
  EXPECT_EQ(error<ShapeError>([&] { a.transpose({0, 0}); }), "transpose: axis 0 is repeated");
  EXPECT_EQ(error<ShapeError>([&] { a.transpose({0, 2}); }), "axis 2 is out of bounds for shape (2, 3)");
  EXPECT_EQ(error<ShapeError>([&] { stack({a, a[0]}); }), "stack needs arrays of one shape, got (2, 3) and (3,)");
  EXPECT_EQ(error<ShapeError>([&] {
              concatenate({a, a.transpose()});
            }),
            "concatenate along axis 0: shapes (2, 3) and (3, 2) differ elsewhere");
  EXPECT_EQ(error<ShapeError>([&] { concatenate({Array::scalar(1)}); }),
            "concatenate: scalar arrays have no axis; use stack");
  EXPECT_EQ(error<ShapeError>([&] {
              Array(std::vector<float>{1, 2, 3}, {2, 2});
            }),
            "an array of shape (2, 2) needs 4 elements, got 3");
  EXPECT_EQ(error<ShapeError>([&] { Array{{1, 2}, {3}}; }), "a ragged array: lists of 2 and 1 elements along axis 1");
}

TEST(Array, ErrorsOfIndices) {
  Array a = counting({2, 3});
  EXPECT_EQ(error<ValueError>([&] { a[2]; }), "index 2 is out of bounds for shape (2, 3)");
  EXPECT_EQ(error<ValueError>([&] { a[-3]; }), "index -3 is out of bounds for shape (2, 3)");
  EXPECT_EQ(error<ValueError>([&] { Array::scalar(1)[0]; }), "a scalar array cannot be indexed");
  EXPECT_EQ(error<ValueError>([&] { Array::scalar(1).slice(0, 1); }), "a scalar array cannot be sliced");
  EXPECT_EQ(error<ValueError>([&] { a.slice(0, 1, 0); }), "slice: step must not be 0");
  EXPECT_EQ(error<ValueError>([&] {
              a.take(std::vector<std::int64_t>{0, 2});
            }),
            "take: index 2 is out of bounds for shape (2, 3)");
  EXPECT_EQ(error<ValueError>([&] { concatenate(std::vector<Array>{}); }), "concatenate needs at least one array");
  EXPECT_EQ(error<ValueError>([&] { arange(0, 1, 0); }), "arange: cannot count from 0 to 1 by 0");
}

TEST(Array, JoinedDtypesPromote) {
  EXPECT_EQ(concatenate({Array{1, 2}, Array{1.f}}).dtype(), float64);
  EXPECT_EQ(stack({Array{true}, Array{2}.astype(uint8)}).dtype(), uint8);
}

TEST(Array, TransposeOfEveryWidth) {
  for (DType dtype : {bool_, uint8, int32, int64, bfloat16, float32, float64}) {
    Array a = arange(0, 6, 1, float64).reshape({2, 3}), t = a.astype(dtype).transpose();
    EXPECT_TRUE(array_equal(t, Array{{0, 3}, {1, 4}, {2, 5}}.astype(dtype))) << dtype;
  }
  EXPECT_EQ(Array::scalar(3).transpose().item<int>(), 3);
}

}  // namespace
}  // namespace cornu::graph

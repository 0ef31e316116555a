#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <type_traits>

#include "cornu/graph/array/array.h"

namespace cornu::graph {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInf = std::numeric_limits<double>::infinity();

Array counting(const Shape& shape) { return arange(0, static_cast<double>(shape.elements()), 1, int32).reshape(shape); }

template <class E, class F>
std::string error(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "not thrown";
}

#define EXPECT_ARRAY(actual, ...)                                                     \
  {                                                                                   \
    const Array want_ = __VA_ARGS__, got_ = actual;                                   \
    EXPECT_TRUE(array_equal(got_, want_))                                             \
        << "got " << got_ << got_.shape() << ", expected " << want_ << want_.shape(); \
  }

// What can be written in a program, as a question to the compiler.
template <class To, class From>
concept Assigns = requires(To&& to, From&& from) {
  static_cast<To&&>(to) = static_cast<From&&>(from);
};
template <class To, class From>
concept Adds = requires(To&& to, From&& from) {
  static_cast<To&&>(to) += static_cast<From&&>(from);
};
template <class To>
concept Fills = requires(To&& to) {
  static_cast<To&&>(to).fill(1);
};
template <class To>
concept Overwrites = requires(To&& to, Array from) {
  static_cast<To&&>(to).assign(from);
};

TEST(ArrayAssign, Rows) {
  Array x = counting({3, 2}), same = x;
  x[0] = Array{7, 8};
  x[-1] = 9;
  EXPECT_ARRAY(same, Array{{7, 8}, {2, 3}, {9, 9}});
  x[0] = x[1];
  x[1][0] = 5;
  EXPECT_ARRAY(x, Array{{2, 3}, {5, 3}, {9, 9}});
  x[0] = {1, 0};
  x[2] = {4};
  EXPECT_ARRAY(x, Array{{1, 0}, {5, 3}, {4, 4}});
  x[0] = x[1] = Array{6, 6};
  EXPECT_ARRAY(x, Array{{6, 6}, {6, 6}, {4, 4}});
  x[0] += 1;
  x[1] -= Array{1, 2};
  x[2] *= 3;
  EXPECT_ARRAY(x, Array{{7, 7}, {5, 4}, {12, 12}});
}

TEST(ArrayAssign, Ranges) {
  Array x = counting({4, 2});
  x.slice(0, 2) = ones({2, 2});
  EXPECT_ARRAY(x, Array{{1, 1}, {1, 1}, {4, 5}, {6, 7}});
  x.slice(-1, 100) = Array{8, 9};
  x.slice(2, 2) = 77;
  EXPECT_ARRAY(x, Array{{1, 1}, {1, 1}, {4, 5}, {8, 9}});
  x.slice(1, 3) += x.slice(2, 4);
  EXPECT_ARRAY(x, Array{{1, 1}, {5, 6}, {12, 14}, {8, 9}});
}

TEST(ArrayAssign, SourceAndTargetMayOverlap) {
  Array x = counting({6});
  x.slice(1, 6) = x.slice(0, 5);
  EXPECT_ARRAY(x, Array{0, 0, 1, 2, 3, 4});
  x.slice(0, 6, 2) = x.slice(3, 6);
  EXPECT_ARRAY(x, Array{2, 0, 3, 2, 4, 4});
  x.slice(5, -7, -1) = x;
  EXPECT_ARRAY(x, Array{4, 4, 2, 3, 0, 2});
  Array y = counting({2, 2});
  y.assign(y[1]);
  EXPECT_ARRAY(y, Array{{2, 3}, {2, 3}});
}

TEST(ArrayAssign, StepsAlongAnyAxis) {
  Array x = counting({3, 4});
  x.slice(0, 3, 2) = -1;
  EXPECT_ARRAY(x, Array{{-1, -1, -1, -1}, {4, 5, 6, 7}, {-1, -1, -1, -1}});
  x.slice(1, 4, 2, 1) = Array{{10}, {20}, {30}};
  EXPECT_ARRAY(x, Array{{-1, 10, -1, 10}, {4, 20, 6, 20}, {-1, 30, -1, 30}});
  x.slice(0, 1, 1, -1) += Array{{1}, {2}, {3}};
  EXPECT_ARRAY(x, Array{{0, 10, -1, 10}, {6, 20, 6, 20}, {2, 30, -1, 30}});
  x.slice(3, -5, -3, 1) = Array{7, 8};
  EXPECT_ARRAY(x, Array{{8, 10, -1, 7}, {8, 20, 6, 7}, {8, 30, -1, 7}});
  x.slice(0, 2, 1, 0) = 0;
  EXPECT_ARRAY(x, Array{{0, 0, 0, 0}, {0, 0, 0, 0}, {8, 30, -1, 7}});
  x.slice(0, 2).slice(0, 4, 3, 1) = 5;
  EXPECT_ARRAY(x, Array{{5, 0, 0, 5}, {5, 0, 0, 5}, {8, 30, -1, 7}});
  Array middle = counting({2, 3, 2});
  middle.slice(0, 3, 2, 1) = 0;
  EXPECT_ARRAY(middle, Array{{{0, 0}, {2, 3}, {0, 0}}, {{0, 0}, {8, 9}, {0, 0}}});
}

TEST(ArrayAssign, Elements) {
  Array x = zeros({2, 3});
  x.at({0, 1}) = 5;
  x.at({1, -1}) += 2.5;
  x.at<float>({1, 0}) = 1;
  x.at<float>({1, 0}) *= 4;
  EXPECT_ARRAY(x, Array{{0.f, 5.f, 0.f}, {4.f, 0.f, 2.5f}});
  x.at({1}) = 9;
  EXPECT_ARRAY(x, Array{{0.f, 5.f, 0.f}, {9.f, 9.f, 9.f}});
  EXPECT_EQ(x.at({0, 1}).item<int>(), 5);
  EXPECT_EQ(counting({2, 3, 4}).at<std::int32_t>({1, 2, 3}), 23);
  EXPECT_EQ(counting({2, 3, 4}).at({1, 2}).shape(), Shape{4});
  x.at({}) = 0;
  EXPECT_ARRAY(x, zeros({2, 3}));
  EXPECT_EQ(error<ValueError>([&] { x.at({0, 3}); }), "index 3 is out of bounds for shape (2, 3)");
  EXPECT_EQ(error<ValueError>([&] { x.at({-3}); }), "index -3 is out of bounds for shape (2, 3)");
  EXPECT_EQ(error<ValueError>([&] { x.at({0, 0, 0}); }), "3 indices for shape (2, 3)");
  EXPECT_EQ(error<ValueError>([&] { x.at<float>({0}); }), "an element of shape (2, 3) has 2 indices, got 1");
  EXPECT_EQ(error<ValueError>([&] { x.at<float>({2, 0}); }), "index 2 is out of bounds for shape (2, 3)");
  EXPECT_EQ(error<TypeError>([&] {
              x.at<int>({0, 0});
            }),
            "an array of float32 was accessed as int32; convert it with astype()");
}

TEST(ArrayAssign, Masks) {
  Array x = counting({3, 2});
  x[x > 2] = Array{7, 8, 9};
  EXPECT_ARRAY(x, Array{{0, 1}, {2, 7}, {8, 9}});
  x[x > 7] -= 10;
  EXPECT_ARRAY(x, Array{{0, 1}, {2, 7}, {-2, -1}});
  x[x < 0] = 0;
  EXPECT_ARRAY(x, Array{{0, 1}, {2, 7}, {0, 0}});
  x[Array{true, false, true}] = Array{{5, 6}};
  EXPECT_ARRAY(x, Array{{5, 6}, {2, 7}, {5, 6}});
  EXPECT_ARRAY(x[x == 5], Array{5, 5});
  EXPECT_ARRAY((x[Array{false, true, false}]), Array{{2, 7}});
  EXPECT_EQ(x[x > 100].shape(), Shape{0});
  x[x > 100] = 1;
  EXPECT_ARRAY(x, Array{{5, 6}, {2, 7}, {5, 6}});
  EXPECT_EQ(x[Array::scalar(true)].shape(), (Shape{1, 3, 2})) << "as NumPy has it";
  EXPECT_EQ(error<ShapeError>([&] {
              x[Array{true, false}] = 1;
            }),
            "a mask of shape (2,) does not fit an array of shape (3, 2)");
  EXPECT_EQ(error<ShapeError>([&] {
              x[x > 5] = Array{1, 2};
            }),
            "elements of shape (3,) cannot be written from an array of shape (2,)");
}

TEST(ArrayAssign, RowsByNumber) {
  Array x = counting({3, 2});
  EXPECT_ARRAY((x[Array{2, 0}]), Array{{4, 5}, {0, 1}});
  EXPECT_ARRAY((x[Array{{0, 1}, {2, -1}}]), Array{{{0, 1}, {2, 3}}, {{4, 5}, {4, 5}}});
  EXPECT_ARRAY(x[{1}], Array{{2, 3}});
  EXPECT_ARRAY(x[argmax(sum(x, 1))], Array{4, 5});
  x[Array{0, 0, -1}] += 10;
  EXPECT_ARRAY(x, Array{{10, 11}, {2, 3}, {14, 15}});
  x[Array{0, 2}] = Array{{0}, {1}};
  EXPECT_ARRAY(x, Array{{0, 0}, {2, 3}, {1, 1}});
  EXPECT_EQ(error<ValueError>([&] { x[Array{3}]; }), "index 3 is out of bounds for shape (3, 2)");
  EXPECT_EQ(error<TypeError>([&] { x[Array{0.5}]; }), "an index is an array of integers or bools, got float64");
  EXPECT_EQ(error<ValueError>([&] { Array::scalar(1)[Array{0}]; }), "a scalar array cannot be indexed");
}

TEST(ArrayAssign, ValuesAreConvertedAndBroadcast) {
  Array bytes = zeros({2}, uint8), whole = zeros({2}, int32), bits = zeros({2}, bool_);
  bytes.assign(Array{300, -1});
  whole.assign(Array{1.9, kNan});
  bits.assign(Array{0.5, 0.0});
  EXPECT_ARRAY(bytes, Array{44, 255});
  EXPECT_ARRAY(whole, (Array{1, std::numeric_limits<std::int32_t>::min()}));
  EXPECT_ARRAY(bits, Array{true, false});
  for (DType dtype : {bool_, uint8, int32, int64, bfloat16, float32, float64}) {
    Array x = zeros({2, 2}, dtype);
    x[1] = Array{0.0, 1.0};
    x.slice(0, 1, 1, 1) = true;
    EXPECT_EQ(x.dtype(), dtype);
    EXPECT_TRUE(array_equal(x.astype(float64), Array{{1.0, 0.0}, {1.0, 1.0}})) << x;
  }
  Array x = zeros({2, 3});
  x[0] = ones({1, 1, 3});
  x.assign(Array{{1.f}, {2.f}});
  EXPECT_ARRAY(x, Array{{1.f, 1.f, 1.f}, {2.f, 2.f, 2.f}});
  EXPECT_EQ(error<ShapeError>([&] { x[0] = ones({4}); }),
            "elements of shape (3,) cannot be written from an array of shape (4,)");
  EXPECT_EQ(error<ShapeError>([&] {
              x[0] = ones({2, 3});
            }),
            "elements of shape (3,) cannot be written from an array of shape (2, 3)");
  EXPECT_EQ(error<ShapeError>([&] { x[0] = Array(); }),
            "elements of shape (3,) cannot be written from an array of shape (0,)");
  Array none = empty({0, 3});
  none.assign(ones({3}));
  none.fill(1);
}

TEST(ArrayAssign, NumbersMustFit) {
  Array bytes = zeros({2}, uint8), whole = zeros({2}, int32), large = zeros({1}, int64), bits = zeros({1}, bool_);
  bytes[0] = 255.9;
  whole[0] = -1.9;
  bits[0] = kNan;
  EXPECT_ARRAY(bytes, Array{255, 0});
  EXPECT_ARRAY(whole, Array{-1, 0});
  EXPECT_ARRAY(bits, Array{true});
  EXPECT_EQ(error<ValueError>([&] { bytes[0] = 300; }), "the number 300 is out of bounds for uint8");
  EXPECT_EQ(error<ValueError>([&] { bytes[0] = -1; }), "the number -1 is out of bounds for uint8");
  EXPECT_EQ(error<ValueError>([&] { bytes[0] = -1.5; }), "the number -1.5 is out of bounds for uint8");
  EXPECT_EQ(error<ValueError>([&] { whole.fill(3e9); }), "the number 3e+09 is out of bounds for int32");
  EXPECT_EQ(error<ValueError>([&] { large.fill(1e19); }), "the number 1e+19 is out of bounds for int64");
  EXPECT_EQ(error<ValueError>([&] { whole[1] = kNan; }), "the number nan cannot become int32");
  EXPECT_EQ(error<ShapeError>([&] { whole[bits] = 1; }), "a mask of shape (1,) does not fit an array of shape (2,)");
  EXPECT_EQ(error<ValueError>([&] { whole[Array{true, false}] = -kInf; }), "the number -inf cannot become int32");
  large.fill(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(large.item<std::int64_t>(), std::numeric_limits<std::int64_t>::max());
}

TEST(ArrayAssign, NamedArraysAreBoundAnew) {
  Array x = counting({2, 2}), row = x[0];
  row = Array{9, 9};
  EXPECT_ARRAY(x, counting({2, 2}));
  row = x[1];
  row += 1;
  EXPECT_ARRAY(x, Array{{0, 1}, {3, 4}});
  auto view = x[0];
  view += 5;
  view[0] = 7;
  EXPECT_ARRAY(x, Array{{7, 6}, {3, 4}});
  view.assign(Array{1, 1});
  EXPECT_ARRAY(x[0], Array{1, 1});
}

TEST(ArrayAssign, Loops) {
  Array x = counting({3, 2});
  for (auto row : x) row += 1;
  for (auto row : x) row[0] = 0;
  EXPECT_ARRAY(x, Array{{0, 2}, {0, 4}, {0, 6}});
  for (auto&& row : x) row.assign(Array{5, 6});
  EXPECT_ARRAY(x, Array{{5, 6}, {5, 6}, {5, 6}});
  for (Array row : x) row = Array{1, 1};  // a name bound anew, as in Python
  EXPECT_ARRAY(x, Array{{5, 6}, {5, 6}, {5, 6}});
  int total = 0;
  for (auto row : x.slice(0, 3, 2)) total += row[1].item<int>();
  EXPECT_EQ(total, 12);
}

TEST(ArrayAssign, WhatWouldDoNothingDoesNotCompile) {
  using View = Array::View;
  using Selection = Array::Selection;
  static_assert(Assigns<View, Array> && Assigns<View, View> && Assigns<View, int> && Adds<View, Array>);
  static_assert(Assigns<Selection, Array> && Assigns<Selection, Selection> && Assigns<Selection, double>);
  static_assert(Assigns<Selection, View> && Assigns<View, Selection> && Adds<Selection, int>);
  // temporaries that are no views
  static_assert(!Assigns<Array, Array> && !Assigns<Array, View> && !Assigns<Array, int> && !Adds<Array, Array>);
  static_assert(!Adds<Array, int>);
  // views with a name
  static_assert(!Assigns<View&, Array> && !Assigns<View&, View> && !Assigns<View&, int>);
  static_assert(!Assigns<Selection&, Array> && !Assigns<Selection&, Selection> && !Assigns<Selection&, int>);
  static_assert(Adds<View&, Array> && Adds<View&, int> && Fills<View&> && Overwrites<View&>);
  // copies: of a slice NumPy would have a view
  static_assert(!Adds<Selection&, Array> && !Adds<Selection&, int> && !Fills<Selection&> && !Overwrites<Selection&>);
  // their parts
  using Part = decltype(std::declval<Selection&>()[0]);
  static_assert(!Assigns<Part, Array> && !Assigns<Part, int> && !Adds<Part, int> && !Fills<Part> && !Overwrites<Part>);
  static_assert(std::is_same_v<Part, decltype(std::declval<Selection&>().at({0, 1}))>);
  static_assert(std::is_same_v<Part, decltype(std::declval<Selection&>().slice(0, 1))>);
  static_assert(std::is_same_v<Part, decltype(std::declval<Selection&>().slice(0, 4, 2, 1))>);
  static_assert(std::is_same_v<Part, decltype(std::declval<Selection&>()[std::declval<Array>()])>);
  static_assert(std::is_same_v<Part, decltype(*std::declval<Selection&>().begin())>);
  static_assert(std::is_same_v<const float&, decltype(std::declval<Selection&>().at<float>({0}))>);
  static_assert(sizeof(View) == sizeof(Array));
  // names
  static_assert(Assigns<Array&, Array> && Assigns<Array&, View> && Assigns<Array&, Selection> && !Assigns<Array&, int>);
}

TEST(ArrayAssign, ArraysInTheStandardLibrary) {
  Array a{1, 2}, b{3, 4, 5};
  std::swap(a, b);
  EXPECT_ARRAY(a, Array{3, 4, 5});
  std::vector<Array> results(2);
  results[0] = a;
  results[1] = a[0];
  results.insert(results.begin(), b);
  results.erase(results.begin() + 1);
  EXPECT_ARRAY(results[0], Array{1, 2});
  EXPECT_ARRAY(results[1], Array::scalar(3));
  std::sort(results.begin(), results.end(), [](const Array& p, const Array& q) { return p.size() < q.size(); });
  EXPECT_EQ(results[0].size(), 1);
  const Array m = counting({3, 2});
  const std::vector<Array> rows(m.begin(), m.end());
  EXPECT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].bytes(), m[2].bytes());
  std::map<std::string, Array> named;
  named["x"] = m[1];
  std::optional<Array> maybe = m.slice(0, 2, 1, 1);
  maybe = m[0];
  EXPECT_ARRAY(stack(std::vector<Array>{m[1], *maybe}), Array{{2, 3}, {0, 1}});
  const Array one = true ? m[0] : a;
  EXPECT_EQ(one.shape(), Shape{2});
  static_assert(std::is_nothrow_move_constructible_v<Array> && std::is_nothrow_move_assignable_v<Array>);
  static_assert(std::is_copy_assignable_v<Array> && std::is_swappable_v<Array>);
}

TEST(ArrayAssign, ReadingASelectionIsACopy) {
  Array x = counting({4}), even = x.slice(0, 4, 2), large = x[x > 1];
  even += 10;
  large[0] = 99;
  EXPECT_ARRAY(x, counting({4}));
  EXPECT_ARRAY(even, Array{10, 12});
  EXPECT_ARRAY(large, Array{99, 3});
  auto seen = x.slice(0, 4, 2);
  EXPECT_ARRAY(seen + 1, Array{1, 3});
  EXPECT_EQ(seen[1].item<int>(), 2);
  EXPECT_EQ(seen.at<std::int32_t>({1}), 2);
  EXPECT_ARRAY(seen.slice(1, 2), Array{2});
  EXPECT_ARRAY(seen[seen > 0], Array{2});
  EXPECT_EQ(error<ValueError>([&] { Array::scalar(1).slice(0, 1, 2); }), "a scalar array cannot be sliced");
}

}  // namespace
}  // namespace cornu::graph

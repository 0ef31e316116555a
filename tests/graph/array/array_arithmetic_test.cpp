#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/graph/array/array.h"

namespace cornu::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
std::vector<T> values(const Array& a) {
  auto s = a.span<T>();
  return {s.begin(), s.end()};
}
Array u8(std::initializer_list<int> v) { return Array(v).astype(uint8); }
const float kNan = std::numeric_limits<float>::quiet_NaN();
const float kInf = std::numeric_limits<float>::infinity();

template <class E, class F>
std::string thrown(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "nothing of that kind was thrown";
}

TEST(ArrayArithmetic, SameShape) {
  Array a{1.f, 2.f, 3.f}, b{4.f, 5.f, 8.f};
  EXPECT_THAT(values<float>(a + b), ElementsAre(5, 7, 11));
  EXPECT_THAT(values<float>(a - b), ElementsAre(-3, -3, -5));
  EXPECT_THAT(values<float>(a * b), ElementsAre(4, 10, 24));
  EXPECT_THAT(values<float>(b / a), ElementsAre(4, 2.5f, 8.f / 3));
  EXPECT_THAT(values<float>(-a), ElementsAre(-1, -2, -3));
  EXPECT_THAT(values<float>(a), ElementsAre(1, 2, 3)) << "operands are not changed";
}

// Every expectation of a dtype here was taken from NumPy 2.
TEST(ArrayArithmetic, PromotionOfArrays) {
  Array b{true, false}, u = u8({1, 200}), i{1, -2}, l = i.astype(int64), f{1.f, 2.f}, d{1.0, 2.0};
  EXPECT_EQ((b + b).dtype(), bool_);
  EXPECT_EQ((b + u).dtype(), uint8);
  EXPECT_EQ((u + i).dtype(), int32);
  EXPECT_EQ((i + l).dtype(), int64);
  EXPECT_EQ((u + f).dtype(), float32);
  EXPECT_EQ((i + f).dtype(), float64);
  EXPECT_EQ((l * f).dtype(), float64);
  EXPECT_EQ((f + d).dtype(), float64);
  EXPECT_EQ((b / b).dtype(), float64);
  EXPECT_EQ((u / u).dtype(), float64);
  EXPECT_EQ((i / i).dtype(), float64);
  EXPECT_EQ((f / u).dtype(), float32);
  EXPECT_EQ((f.astype(bfloat16) + u).dtype(), bfloat16);
  EXPECT_EQ((f.astype(bfloat16) / f).dtype(), float32);
}

TEST(ArrayArithmetic, NumbersAreWeak) {
  Array b{true, false}, u = u8({1, 200}), i{1, -2}, f{1.f, 2.f};
  EXPECT_EQ((u / 255).dtype(), float64);
  EXPECT_EQ((f / 255).dtype(), float32);
  EXPECT_EQ((f / 255.0).dtype(), float32);
  EXPECT_EQ((f.astype(bfloat16) * 0.5).dtype(), bfloat16);
  EXPECT_EQ((u + 1).dtype(), uint8);
  EXPECT_EQ((i + 1.5).dtype(), float64);
  EXPECT_EQ((u * 1.5f).dtype(), float64);
  EXPECT_EQ((b + 1).dtype(), int64);
  EXPECT_EQ((b + true).dtype(), bool_);
  EXPECT_EQ((b * 2.0).dtype(), float64);
  EXPECT_EQ((u - true).dtype(), uint8);
  EXPECT_THAT(values<double>(u / 300), ElementsAre(1 / 300., 200 / 300.)) << "a quotient is float64, where 300 fits";
  EXPECT_THAT(values<std::uint8_t>(1 - u), ElementsAre(0, 57));
  EXPECT_THAT(values<float>(4 / f), ElementsAre(4, 2));
  EXPECT_THAT(values<float>(f - 0.1), ElementsAre(1.f - 0.1f, 2.f - 0.1f));
}

TEST(ArrayArithmetic, NumbersOutOfBounds) {
  Array u = u8({1, 200}), i{1, 2};
  EXPECT_EQ(thrown<ValueError>([&] { u + 300; }), "add: the number 300 is out of bounds for uint8");
  EXPECT_EQ(thrown<ValueError>([&] { u * -1; }), "multiply: the number -1 is out of bounds for uint8");
  EXPECT_EQ(thrown<ValueError>([&] { (std::int64_t{1} << 40) - i; }),
            "subtract: the number 1099511627776 is out of bounds for int32");
  EXPECT_THAT(thrown<ValueError>([&] { i + std::numeric_limits<std::uint64_t>::max(); }),
              HasSubstr("out of bounds for int64"));
  EXPECT_EQ((i.astype(int64) + std::numeric_limits<std::int64_t>::max())[0].item<std::int64_t>(),
            std::numeric_limits<std::int64_t>::min());
}

TEST(ArrayArithmetic, IntegersWrapAround) {
  EXPECT_THAT(values<std::uint8_t>(u8({200, 1}) + u8({100, 2})), ElementsAre(44, 3));
  EXPECT_THAT(values<std::uint8_t>(-u8({1, 200})), ElementsAre(255, 56));
  const std::int32_t big = std::numeric_limits<std::int32_t>::max();
  EXPECT_THAT(values<std::int32_t>(Array{big, big} + Array{1, 2}), ElementsAre(-big - 1, -big));
  EXPECT_THAT(values<std::int32_t>(Array{big} * Array{big}), ElementsAre(1));
  EXPECT_THAT(values<double>(Array{1, -2, 0} / 0), ElementsAre(kInf, -kInf, testing::IsNan()));
}

TEST(ArrayArithmetic, Bools) {
  Array a{true, true, false}, b{true, false, false};
  EXPECT_THAT(values<bool>(a + b), ElementsAre(true, true, false));
  EXPECT_THAT(values<bool>(a * b), ElementsAre(true, false, false));
  EXPECT_THAT(thrown<TypeError>([&] { a - b; }), HasSubstr("subtract: bool arrays cannot be subtracted"));
  EXPECT_THAT(thrown<TypeError>([&] { -a; }), HasSubstr("negative: bool arrays cannot be negated"));
}

TEST(ArrayArithmetic, Broadcasting) {
  Array m{{1, 2, 3}, {4, 5, 6}}, row{10, 20, 30}, column{{100}, {200}};
  EXPECT_THAT(values<std::int32_t>(m + row), ElementsAre(11, 22, 33, 14, 25, 36));
  EXPECT_THAT(values<std::int32_t>(row - m), ElementsAre(9, 18, 27, 6, 15, 24));
  EXPECT_THAT(values<std::int32_t>(m + column), ElementsAre(101, 102, 103, 204, 205, 206));
  EXPECT_THAT(values<std::int32_t>(column + row), ElementsAre(110, 120, 130, 210, 220, 230));
  EXPECT_THAT(values<std::int32_t>(m * Array::scalar(2)), ElementsAre(2, 4, 6, 8, 10, 12));
  EXPECT_EQ((empty({0, 3}) + empty({1, 3})).shape(), (Shape{0, 3}));
  EXPECT_EQ((Array::scalar(2) * Array::scalar(3)).item<int>(), 6);
  EXPECT_EQ(thrown<ShapeError>([&] { m + Array{1, 2}; }), "add: shapes (2, 3) and (2,) do not broadcast together");
}

TEST(ArrayArithmetic, BroadcastingOfManyAxes) {
  Array a = arange(0, 24).reshape({2, 1, 3, 4}), b = arange(3, 23).reshape({5, 1, 4}), c = a * b;
  ASSERT_EQ(c.shape(), (Shape{2, 5, 3, 4}));
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 5; ++j)
      for (int k = 0; k < 3; ++k)
        for (int l = 0; l < 4; ++l)
          ASSERT_EQ(c[i][j][k][l].item<float>(), a[i][0][k][l].item<float>() * b[j][0][l].item<float>())
              << i << j << k << l;
}

TEST(ArrayArithmetic, AnRvalueLendsItsBuffer) {
  Array a = ones({100}), b = ones({100});
  const std::byte* buffer = a.bytes();
  Array c = (std::move(a) + b) * 2 / 4;
  EXPECT_EQ(c.bytes(), buffer);
  Array d = b - std::move(c);
  EXPECT_EQ(d.bytes(), buffer);
  EXPECT_EQ((-std::move(d)).bytes(), buffer);
}

TEST(ArrayArithmetic, ASharedBufferIsNotLent) {
  Array a = ones({4}), view = a.slice(0, 2), kept = a;
  Array c = std::move(a) + 1;
  EXPECT_NE(c.bytes(), kept.bytes());
  EXPECT_THAT(values<float>(view), ElementsAre(1, 1));
  float memory[2] = {1, 2};
  Array d = Array::borrow(memory, {float32, {2}}) + 1;
  EXPECT_EQ(memory[0], 1) << "borrowed memory is not the array's to reuse";
  Array row = ones({1, 3}), e = std::move(row) + ones({2, 3});
  EXPECT_EQ(e.shape(), (Shape{2, 3}));
}

TEST(ArrayArithmetic, InPlace) {
  Array a{1.f, 2.f, 3.f, 4.f}, view = a.slice(1, 3);
  view += Array{10.0, 20.0};
  EXPECT_THAT(values<float>(a), ElementsAre(1, 12, 23, 4));
  a *= 2;
  a -= 1;
  a /= 0.5;
  EXPECT_THAT(values<float>(a), ElementsAre(2, 46, 90, 14));
  Array m{{1, 2}, {3, 4}};
  m += m[0];
  EXPECT_THAT(values<std::int32_t>(m), ElementsAre(2, 4, 4, 6)) << "m[0] is read before it is written";
  EXPECT_EQ(thrown<TypeError>([&] { m += 1.5; }), "add: a result of float64 cannot be stored in an array of int32");
  EXPECT_EQ(thrown<TypeError>([&] { m /= 2; }), "divide: a result of float64 cannot be stored in an array of int32");
  Array bytes = u8({1});
  EXPECT_THROW(bytes += Array{1}, TypeError);
  Array f{1.f, 2.f};
  EXPECT_EQ(thrown<ShapeError>([&] {
              f += ones({2, 2});
            }),
            "add: a result of shape (2, 2) cannot be stored in an array of shape (2,)");
}

TEST(ArrayArithmetic, Comparisons) {
  Array a{1.f, 2.f, kNan}, b{1.f, 3.f, kNan};
  EXPECT_THAT(values<bool>(a == b), ElementsAre(true, false, false));
  EXPECT_THAT(values<bool>(a != b), ElementsAre(false, true, true));
  EXPECT_THAT(values<bool>(a < b), ElementsAre(false, true, false));
  EXPECT_THAT(values<bool>(a <= b), ElementsAre(true, true, false));
  EXPECT_THAT(values<bool>(a > b), ElementsAre(false, false, false));
  EXPECT_THAT(values<bool>(a >= b), ElementsAre(true, false, false));
  EXPECT_THAT(values<bool>(a > 1), ElementsAre(false, true, false));
  EXPECT_THAT(values<bool>(a >= 1), ElementsAre(true, true, false));
  EXPECT_THAT(values<bool>(a <= 1), ElementsAre(true, false, false));
  EXPECT_THAT(values<bool>(a != 1), ElementsAre(false, true, true));
  EXPECT_THAT(values<bool>(1 == a), ElementsAre(true, false, false));
  EXPECT_THAT(values<bool>(1 != a), ElementsAre(false, true, true));
  EXPECT_THAT(values<bool>(1 < a), ElementsAre(false, true, false));
  EXPECT_THAT(values<bool>(2 <= a), ElementsAre(false, true, false));
  EXPECT_THAT(values<bool>(2 > a), ElementsAre(true, false, false));
  EXPECT_THAT(values<bool>(1 >= a), ElementsAre(true, false, false));
  EXPECT_THAT(values<bool>(u8({1, 200}) < 300), ElementsAre(true, true));
  EXPECT_THAT(values<bool>(u8({1, 255}) == -1), ElementsAre(false, false));
  EXPECT_THAT(values<bool>(Array{1, -2} < 1.5), ElementsAre(true, true));
  EXPECT_THAT(values<bool>(Array{1.f, 0.1f} == 0.1), ElementsAre(false, true)) << "0.1 becomes a float32 first";
}

TEST(ArrayArithmetic, EqualAndClose) {
  EXPECT_TRUE(array_equal(Array{1, 2}, Array{1.f, 2.f}));
  EXPECT_FALSE(array_equal(Array{1, 2}, Array{1, 3}));
  EXPECT_FALSE(array_equal(ones({2, 1}), ones({2})));
  EXPECT_FALSE(array_equal(Array{kNan}, Array{kNan}));
  EXPECT_TRUE(allclose(Array{1.0, 1e-9}, Array{1.000009, 0.0}));
  EXPECT_FALSE(allclose(Array{1.0}, Array{1.00002}));
  EXPECT_TRUE(allclose(Array{kInf, -kInf}, Array{kInf, -kInf}));
  EXPECT_FALSE(allclose(Array{kInf}, Array{1.f}));
  EXPECT_FALSE(allclose(Array{1.f}, Array{kInf}));
  EXPECT_FALSE(allclose(Array{kNan}, Array{kNan}));
  EXPECT_TRUE(allclose(Array{1.0}, Array{1.4}, 0, 0.5));
}

TEST(ArrayArithmetic, AbsAndSqrt) {
  EXPECT_THAT(values<float>(abs(Array{-1.f, 2.f})), ElementsAre(1, 2));
  EXPECT_THAT(values<std::int32_t>(abs(Array{-3, 4})), ElementsAre(3, 4));
  EXPECT_THAT(values<float>(sqrt(Array{4.f, 2.f})), ElementsAre(2, std::sqrt(2.f)));
  EXPECT_THAT(values<double>(sqrt(Array{9})), ElementsAre(3));
}

}  // namespace
}  // namespace cornu::graph

#include "cornu/graph/array/array_math.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/graph/array/array.h"

// The expected values are NumPy 2.4's.
namespace cornu::graph {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInf = std::numeric_limits<double>::infinity();

// Of that dtype and shape, NaN equal to NaN, and otherwise equal but for a relative 1e-7.
testing::AssertionResult is(const Array& got, const Array& want) {
  const bool close = got.dtype() == want.dtype() && got.shape() == want.shape() &&
                     array_equal(isnan(got), isnan(want)) &&
                     allclose(where(isnan(got), 0, got), where(isnan(want), 0, want), 1e-7, 0);
  return (close ? testing::AssertionSuccess() : testing::AssertionFailure())
         << "got " << got.spec() << got << ", expected " << want.spec() << want;
}
Array bytes(const Array& a) { return a.astype(uint8); }
Array longs(const Array& a) { return a.astype(int64); }
Array floats(const Array& a) { return a.astype(float32); }

template <class E, class F>
std::string error(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "not thrown";
}

TEST(ArrayMath, ExpAndLog) {
  EXPECT_TRUE(is(exp(floats(Array{0.0, 1.0, -kInf, kInf, kNan, 1000.0})),
                 floats(Array{1.0, 2.718281828, 0.0, kInf, kNan, kInf})));
  EXPECT_TRUE(is(exp(Array{0, 1}), Array{1.0, 2.718281828459045}));
  EXPECT_TRUE(is(log(floats(Array{0.0, 1.0, -1.0, kInf, kNan})), floats(Array{-kInf, 0.0, kNan, kInf, kNan})));
  EXPECT_TRUE(is(log(Array{0, 1, 2}), Array{-kInf, 0.0, 0.6931471805599453}));
  EXPECT_TRUE(is(exp(Array{true}), Array{2.718281828459045}));
  EXPECT_TRUE(is(exp(Array{1.f}.astype(bfloat16)), Array{2.71875f}.astype(bfloat16)));
  Array x{1.f, 2.f};
  exp(x);
  EXPECT_TRUE(is(x, Array{1.f, 2.f}));
}

TEST(ArrayMath, Finiteness) {
  const Array x{1.0, kNan, kInf, -kInf};
  for (DType dtype : {float32, float64, bfloat16}) {
    EXPECT_TRUE(is(isnan(x.astype(dtype)), Array{false, true, false, false}));
    EXPECT_TRUE(is(isinf(x.astype(dtype)), Array{false, false, true, true}));
    EXPECT_TRUE(is(isfinite(x.astype(dtype)), Array{true, false, false, false}));
  }
  EXPECT_TRUE(is(isfinite(Array{{1, 2}}), Array{{true, true}}));
  EXPECT_TRUE(is(isnan(Array{1, 2}), Array{false, false}));
  EXPECT_TRUE(is(isinf(Array{true}), Array{false}));
}

TEST(ArrayMath, Round) {
  EXPECT_TRUE(is(round(Array{0.5, 1.5, 2.5, -0.5, -1.5, kNan, kInf}), Array{0.0, 2.0, 2.0, -0.0, -2.0, kNan, kInf}));
  EXPECT_TRUE(is(round(Array{1.005, 2.675, -1.25, 0.35}, 2), Array{1.0, 2.68, -1.25, 0.35}));
  EXPECT_TRUE(is(round(Array{1.005, 2.675, -1.25, 0.35, 0.25}, 1), Array{1.0, 2.7, -1.2, 0.4, 0.2}));
  EXPECT_TRUE(is(round(floats(Array{1.005, 2.675, -1.25, 0.35}), 2), floats(Array{1.0, 2.68, -1.25, 0.35})));
  EXPECT_TRUE(is(round(Array{123.0, 155.0, 250.0, kNan}, -1), Array{120.0, 160.0, 250.0, kNan}));
  EXPECT_TRUE(is(round(Array{15, 25, -35, 26}, -1), Array{20, 20, -40, 30}));
  EXPECT_TRUE(is(round(Array{15, 25, -35, 26}, 2), Array{15, 25, -35, 26}));
  EXPECT_TRUE(is(round(bytes(Array{250, 15, 25}), -1), bytes(Array{250, 20, 20})));
  EXPECT_TRUE(is(round(bytes(Array{255}), -1), bytes(Array{4}))) << "260 wraps around";
  EXPECT_TRUE(is(round(longs(Array{15, 25}), -3), longs(Array{0, 0})));
  EXPECT_TRUE(is(round(Array{true}), Array{1.0})) << "NumPy's float16";
  EXPECT_TRUE(is(round(Array{1e308}, 2), Array{kInf}));
  EXPECT_TRUE(is(round(Array{1e-308, 1.5}, 400), Array{kNan, kNan}));
  EXPECT_TRUE(is(round(Array{2.5f, 3.5f}.astype(bfloat16)), Array{2.f, 4.f}.astype(bfloat16)));
}

TEST(ArrayMath, Clip) {
  EXPECT_TRUE(is(clip(bytes(Array{1, 200}), -5, 100), bytes(Array{1, 100})));
  EXPECT_TRUE(is(clip(bytes(Array{1, 200}), 0, 300), bytes(Array{1, 200})));
  EXPECT_TRUE(is(clip(Array{1, 5}, 2, std::int64_t{1} << 40), Array{2, 5}));
  EXPECT_TRUE(is(clip(Array{1, 5}, -(std::int64_t{1} << 40), 3), Array{1, 3}));
  EXPECT_TRUE(is(clip(Array{1, 5}, 1.5, 3), Array{1.5, 3.0}));
  EXPECT_TRUE(is(clip(floats(Array{1.0, 5.0, kNan, -kInf, kInf}), 2, 4), Array{2.f, 4.f, NAN, 2.f, 4.f}));
  EXPECT_TRUE(is(clip(Array{1.0, 5.0}, 4, 2), Array{2.0, 2.0}));
  EXPECT_TRUE(is(clip(Array{1.0, 5.0}, kNan, 2), Array{kNan, kNan}));
  EXPECT_TRUE(is(clip(Array{1.0, 5.0}, 0, kNan), Array{kNan, kNan}));
  EXPECT_TRUE(is(clip(Array{1.0, 5.0}, Array{2.0, 0.0}, Array{{3.0}, {4.0}}), Array{{2.0, 3.0}, {2.0, 4.0}}));
  EXPECT_TRUE(is(clip(Array{true, false}, 0, 5), longs(Array{1, 0})));
}

TEST(ArrayMath, Power) {
  EXPECT_TRUE(is(power(Array{2, 3}, Array{3, 2}), Array{8, 9}));
  EXPECT_TRUE(is(power(Array{2.0, -8.0}, 1.0 / 3), Array{1.2599210498948732, kNan}));
  EXPECT_TRUE(is(power(bytes(Array{2, 3}), bytes(Array{9, 2})), bytes(Array{0, 9})));
  EXPECT_TRUE(is(power(Array{2, 3}, 0.5), Array{1.4142135623730951, 1.7320508075688772}));
  EXPECT_TRUE(is(power(floats(Array{2.0, 0.0, -kInf, kNan}), 0), Array{1.f, 1.f, 1.f, 1.f}));
  EXPECT_TRUE(is(power(2, Array{3.0, -1.0}), Array{8.0, 0.5}));
  EXPECT_TRUE(is(power(Array{true, false}, 2), longs(Array{1, 0})));
  EXPECT_TRUE(is(power(Array{true, false}, Array{true, false}), Array{1, 1})) << "NumPy's int8";
  EXPECT_TRUE(is(power(longs(Array{10}), 20), Array{7766279631452241920}));
  EXPECT_TRUE(is(power(Array{-2, -1}, 3), Array{-8, -1}));
  EXPECT_TRUE(is(power(Array{{1}, {2}}, Array{1, 2}), Array{{1, 1}, {2, 4}}));
  EXPECT_TRUE(is(power(Array{3.f}.astype(bfloat16), 2), Array{9.f}.astype(bfloat16)));
  EXPECT_EQ(error<ValueError>([] {
              power(Array{2, 3}, -1);
            }),
            "power: integers cannot be raised to a negative integer, got -1");
  EXPECT_EQ(error<ShapeError>([] {
              power(Array{1, 2}, Array{1, 2, 3});
            }),
            "power: shapes (2,) and (3,) do not broadcast together");
}

TEST(ArrayMath, MaximumAndMinimum) {
  EXPECT_TRUE(is(maximum(Array{1.0, kNan, 3.0}, Array{kNan, 2.0, 2.0}), Array{kNan, kNan, 3.0}));
  EXPECT_TRUE(is(minimum(Array{1.0, kNan, 3.0}, 2), Array{1.0, kNan, 2.0}));
  EXPECT_TRUE(is(minimum(Array{1.f, 3.f}, kNan), Array{NAN, NAN}));
  EXPECT_TRUE(is(maximum(Array{1, 2}, Array{1.5f, 1.5f}), Array{1.5, 2.0}));
  EXPECT_TRUE(is(maximum(Array{true, false}, false), Array{true, false}));
  EXPECT_TRUE(is(minimum(Array{true, false}, true), Array{true, false}));
  EXPECT_TRUE(is(maximum(0, Array{-1, 2}), Array{0, 2}));
  EXPECT_TRUE(is(minimum(Array{{1}, {4}}, Array{2, 3}), Array{{1, 1}, {2, 3}}));
  EXPECT_EQ(error<ValueError>([] { maximum(bytes(Array{1}), 300); }),
            "maximum: the number 300 is out of bounds for uint8");
}

TEST(ArrayMath, Where) {
  const Array c{true, false};
  EXPECT_TRUE(is(where(c, Array{1, 2}, Array{{3, 4}, {5, 6}}), Array{{1, 4}, {1, 6}}));
  EXPECT_TRUE(is(where(c, Array{1.f, 2.f}, 0.5), Array{1.f, 0.5f}));
  EXPECT_TRUE(is(where(c, Array{1, 2}, 0.5), Array{1.0, 0.5}));
  EXPECT_TRUE(is(where(c, Array{1, 2}, Array{3.f}), Array{1.0, 3.0}));
  EXPECT_TRUE(is(where(c, 1.5, 0), Array{1.5, 0.0}));
  EXPECT_TRUE(is(where(c, true, 0), longs(Array{1, 0})));
  EXPECT_TRUE(is(where(c, true, false), Array{true, false}));
  EXPECT_TRUE(is(where(Array{0.0, kNan}, 1, 0), longs(Array{0, 1})));
  EXPECT_TRUE(is(where(Array{{true}, {false}}, Array{1, 2}, 0), Array{{1, 2}, {0, 0}}));
  EXPECT_TRUE(is(where(Array(), Array(), 1), Array()));
  EXPECT_EQ(error<ValueError>([&] {
              where(c, bytes(Array{1, 2}), 300);
            }),
            "where: the number 300 is out of bounds for uint8");
  EXPECT_EQ(error<ShapeError>([&] {
              where(c, Array{1, 2, 3}, 0);
            }),
            "where: shapes (2,) and (3,) do not broadcast together");
}

}  // namespace
}  // namespace cornu::graph

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "cornu/graph/array/array.h"

namespace cornu::graph {
namespace {

const float kNan = std::numeric_limits<float>::quiet_NaN();
const float kInf = std::numeric_limits<float>::infinity();

struct Case {
  Array array;
  std::string text;
};

// The texts are str() of real arrays: NumPy 2.4.6.
TEST(ArrayPrint, LikeNumPy) {
  const std::vector<Case> cases = {
      {Array{6.f, 12.f, 18.f}, R"([ 6. 12. 18.])"},
      {Array{1.f, 2.5f, 100.25f}, R"([  1.     2.5  100.25])"},
      {Array{{1.0, 2.0}, {3.0, 4.0}}, R"([[1. 2.]
 [3. 4.]])"},
      {Array{0.1f, 0.2f, 0.3f}, R"([0.1 0.2 0.3])"},
      {Array{1.0 / 3, 2.0 / 3}, R"([0.33333333 0.66666667])"},
      {Array{1.f / 3, 2.f / 3}, R"([0.33333334 0.6666667 ])"},
      {Array{1e-5f, 1.f}, R"([1.e-05 1.e+00])"},
      {Array{0.0001, 0.01}, R"([0.0001 0.01  ])"},
      {Array{0.0001, 0.2}, R"([1.e-04 2.e-01])"},
      {Array{999999.f, 1000.f}, R"([999999.   1000.])"},
      {Array{1000000.f, 1000.f}, R"([1.e+06 1.e+03])"},
      {Array{1000000.0, 1000.0}, R"([1000000.    1000.])"},
      {Array{1e8, 1e7}, R"([1.e+08 1.e+07])"},
      {Array{1e100, 1.0}, R"([1.e+100 1.e+000])"},
      {Array{1e-300, 5e-324}, R"([1.e-300 5.e-324])"},
      {Array{kNan, 1.f, -kInf}, R"([ nan   1. -inf])"},
      {Array{kNan, kInf}, R"([nan inf])"},
      {Array{kNan, 1e-10f}, R"([   nan 1.e-10])"},
      {Array{-0.f, 0.f}, R"([-0.  0.])"},
      {Array{123456.78901234567, 2000.0}, R"([123456.78901235   2000.        ])"},
      {Array{9.9999999999, 1.234}, R"([10.     1.234])"},
      {Array{true, false}, R"([ True False])"},
      {Array{{true, true}, {false, true}}, R"([[ True  True]
 [False  True]])"},
      {Array{1, -20, 300}, R"([  1 -20 300])"},
      {Array{std::numeric_limits<std::int64_t>::min(), std::int64_t{7}},
       R"([-9223372036854775808                    7])"},
      {Array{7}.astype(uint8), R"([7])"},
      {Array(), R"([])"},
      {empty({2, 0}), R"([])"},
      {arange(0, 24, 1, int32).reshape({2, 3, 4}), R"([[[ 0  1  2  3]
  [ 4  5  6  7]
  [ 8  9 10 11]]

 [[12 13 14 15]
  [16 17 18 19]
  [20 21 22 23]]])"},
      {arange(0, 16).reshape({2, 2, 2, 2}), R"([[[[ 0.  1.]
   [ 2.  3.]]

  [[ 4.  5.]
   [ 6.  7.]]]


 [[[ 8.  9.]
   [10. 11.]]

  [[12. 13.]
   [14. 15.]]]])"},
      {arange(0, 30), R"([ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.
 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29.])"},
      {arange(0, 60, 1, int64).reshape({2, 30}),
       R"([[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
  24 25 26 27 28 29]
 [30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53
  54 55 56 57 58 59]])"},
      {arange(0, 1001), R"([   0.    1.    2. ...  998.  999. 1000.])"},
      {arange(0, 1000000, 1, int32).reshape({1000, 1000}), R"([[     0      1      2 ...    997    998    999]
 [  1000   1001   1002 ...   1997   1998   1999]
 [  2000   2001   2002 ...   2997   2998   2999]
 ...
 [997000 997001 997002 ... 997997 997998 997999]
 [998000 998001 998002 ... 998997 998998 998999]
 [999000 999001 999002 ... 999997 999998 999999]])"},
      {zeros({2, 1000, 5}), R"([[[0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]
  ...
  [0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]]

 [[0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]
  ...
  [0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]
  [0. 0. 0. 0. 0.]]])"},
      {Array::scalar(7), R"(7)"},
      {Array::scalar(0.1f), R"(0.1)"},
      {Array::scalar(1.0), R"(1.0)"},
      {Array::scalar(1e-5), R"(1e-05)"},
      {Array::scalar(1e16), R"(1e+16)"},
      {Array::scalar(123456789.f), R"(1.2345679e+08)"},
      {Array::scalar(999999.9f), R"(999999.9)"},
      {Array::scalar(123456789.0), R"(123456789.0)"},
      {Array::scalar(1e-4f), R"(1e-04)"},
      {Array::scalar(-0.0), R"(-0.0)"},
      {Array::scalar(1.0 / 3), R"(0.3333333333333333)"},
      {Array::scalar(true), R"(True)"},
      {Array::scalar(-kInf), R"(-inf)"},
      {Array{4.5e-7f, 0.9998f, 1.2e-12f, 2e-5f, 3.25e-9f, 0.f, 1e-4f, 7e-8f, 2e-6f, 1e-20f},
       R"([4.500e-07 9.998e-01 1.200e-12 2.000e-05 3.250e-09 0.000e+00 1.000e-04
 7.000e-08 2.000e-06 1.000e-20])"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_string(c.array), c.text) << c.array.dtype() << c.array.shape();
}

TEST(ArrayPrint, BFloat16IsShortest) {
  EXPECT_EQ(to_string((Array{0.1f, 1.f, 3.14159f}).astype(bfloat16)), "[0.1  1.   3.14]");
  EXPECT_EQ(to_string((Array{1e10f, -1e-8f}).astype(bfloat16)), "[ 1.e+10 -1.e-08]");
  EXPECT_EQ(to_string(Array::scalar(BFloat16(0.1f))), "0.1");
}

TEST(ArrayPrint, Streams) {
  std::ostringstream out;
  out << Array{1, 2} << ' ' << argmax(Array{1.f, 5.f, 2.f}) << ' ' << Spec{float32, {2, 3}};
  EXPECT_EQ(out.str(), "[1 2] 1 float32(2, 3)");
}

}  // namespace
}  // namespace cornu::graph

#include "cornu/graph/array/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "cornu/graph/check.h"

namespace cornu::graph {
namespace {

constexpr DType kAll[] = {bool_, uint8, int32, int64, bfloat16, float32, float64};

TEST(DType, NamesAndSizes) {
  const char* names[] = {"bool", "uint8", "int32", "int64", "bfloat16", "float32", "float64"};
  const std::size_t sizes[] = {1, 1, 4, 8, 2, 4, 8};
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(name_of(kAll[i]), names[i]);
    EXPECT_EQ(size_of(kAll[i]), sizes[i]);
    EXPECT_EQ(dtype_from_name(names[i]), kAll[i]);
    std::ostringstream out;
    out << kAll[i];
    EXPECT_EQ(out.str(), names[i]);
  }
  try {
    dtype_from_name("float16");
    FAIL();
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(), "unknown dtype 'float16'; known: bool, uint8, int32, int64, bfloat16, float32, float64");
  }
}

TEST(DType, Kinds) {
  for (DType dtype : kAll) {
    EXPECT_EQ(is_floating(dtype), dtype == bfloat16 || dtype == float32 || dtype == float64) << dtype;
    EXPECT_EQ(is_integer(dtype), dtype == uint8 || dtype == int32 || dtype == int64) << dtype;
  }
}

TEST(DType, VisitGivesTheRightType) {
  for (DType dtype : kAll) EXPECT_EQ(visit(dtype, [](auto zero) { return dtype_of<decltype(zero)>; }), dtype);
}

// The upper half of numpy.result_type's table; bfloat16 from ml_dtypes.
TEST(DType, Promotion) {
  const DType table[7][7] = {
      {bool_, uint8, int32, int64, bfloat16, float32, float64},
      {uint8, uint8, int32, int64, bfloat16, float32, float64},
      {int32, int32, int32, int64, bfloat16, float64, float64},
      {int64, int64, int64, int64, bfloat16, float64, float64},
      {bfloat16, bfloat16, bfloat16, bfloat16, bfloat16, float32, float64},
      {float32, float32, float64, float64, float32, float32, float64},
      {float64, float64, float64, float64, float64, float64, float64},
  };
  for (int i = 0; i < 7; ++i)
    for (int j = 0; j < 7; ++j) EXPECT_EQ(promote(kAll[i], kAll[j]), table[i][j]) << kAll[i] << ' ' << kAll[j];
}

TEST(BFloat16, RoundsToNearestEven) {
  EXPECT_EQ(BFloat16(1.f).bits, 0x3f80);
  EXPECT_EQ(static_cast<float>(BFloat16(3.14159f)), 3.140625f);
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f808000u)).bits, 0x3f80) << "half way, down to even";
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f818000u)).bits, 0x3f82) << "half way, up to even";
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f808001u)).bits, 0x3f81);
  EXPECT_EQ(BFloat16(-0.f).bits, 0x8000);
}

TEST(BFloat16, Extremes) {
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(static_cast<float>(BFloat16(inf)), inf);
  EXPECT_EQ(static_cast<float>(BFloat16(std::numeric_limits<float>::max())), inf);
  EXPECT_TRUE(std::isnan(static_cast<float>(BFloat16(std::bit_cast<float>(0x7f800001u)))))
      << "a NaN with low bits only";
  EXPECT_TRUE(std::isnan(static_cast<float>(BFloat16(std::bit_cast<float>(0xffffffffu)))));
}

}  // namespace
}  // namespace cornu::graph

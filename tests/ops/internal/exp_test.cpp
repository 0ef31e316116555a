#include "cornu/ops/internal/exp.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace cornu::ops::internal {
namespace {

// Numbers of every exponent and sign, in steps that end at no round ones.
TEST(Exp, IsWithinTwoUnitsEverywhere) {
  std::vector<float> x;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 9973)
    x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  for (float near = -104; near < 90; near += 0.0117f) x.push_back(near);
  std::vector<float> y(x.size());
  exp(x.data(), y.data(), static_cast<std::int64_t>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double want = std::exp(static_cast<double>(x[i]));
    const auto rounded = static_cast<float>(want);
    if (std::isnan(want)) {
      EXPECT_TRUE(std::isnan(y[i])) << x[i];
    } else if (std::isinf(rounded)) {
      EXPECT_GE(y[i], 3.4028e38f) << x[i];
    } else {
      const double unit =
          static_cast<double>(std::nextafter(rounded, std::numeric_limits<float>::infinity())) - rounded;
      EXPECT_LE(std::abs(y[i] - want), 2 * unit) << x[i];
    }
  }
}

TEST(Exp, SpecialNumbers) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const std::vector<float> x{0.f, -0.f, kInf, -kInf, 100.f, -200.f, std::numeric_limits<float>::quiet_NaN(), -104.f};
  std::vector<float> y(x.size());
  exp(x.data(), y.data(), static_cast<std::int64_t>(x.size()));
  EXPECT_EQ(y[0], 1.f);
  EXPECT_EQ(y[1], 1.f);
  EXPECT_EQ(y[2], kInf);
  EXPECT_EQ(y[3], 0.f);
  EXPECT_EQ(y[4], kInf);
  EXPECT_EQ(y[5], 0.f);
  EXPECT_TRUE(std::isnan(y[6]));
  EXPECT_EQ(y[7], 0.f);
}

}  // namespace
}  // namespace cornu::ops::internal

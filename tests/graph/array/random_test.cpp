#include "cornu/graph/array/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cornu::graph::random {
namespace {

using Words = std::array<std::uint32_t, 4>;

template <class F>
std::string value_error(F f) {
  try {
    f();
  } catch (const ValueError& e) {
    return e.what();
  }
  return "no ValueError";
}

struct Moments {
  double mean = 0, variance = 0;
};
Moments moments(const Array& a) {
  Moments m;
  const auto x = a.span<float>();
  for (float v : x) m.mean += v / static_cast<double>(x.size());
  for (float v : x) m.variance += (v - m.mean) * (v - m.mean) / static_cast<double>(x.size());
  return m;
}

// The known-answer vectors of the Random123 library.
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox(0, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint64_t ones = ~std::uint64_t{0};
  EXPECT_EQ(philox(ones, ones, ones), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Generator, SeedsAndPositions) {
  Generator a(7), b(7), c(8);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
  Generator copy = a;
  EXPECT_EQ(copy.next(), a.next());
  EXPECT_NE(a.next(), a.next());
  Array x = Generator(1).normal({100}), y = Generator(1).normal({10, 10});
  EXPECT_TRUE(array_equal(x, y.flatten())) << "numbers do not depend on the shape";
}

// Fixed, so that a change of the streams, which would change every seeded training, is seen.
TEST(Generator, TheStreamStays) {
  EXPECT_EQ(Generator(0).next(), 0xe169c58d6627e8d5u);
  EXPECT_EQ(Generator(0).uniform({4}).span<float>()[0], static_cast<float>(0x6627e8d5 * 0x1p-32));
  EXPECT_THAT(Generator(1).permutation(6), testing::ElementsAre(5, 2, 3, 0, 1, 4));
}

TEST(Generator, Uniform) {
  Array x = Generator(3).uniform({100001}, -1, 3);
  EXPECT_EQ(x.dtype(), float32);
  const Moments m = moments(x);
  EXPECT_NEAR(m.mean, 1, 0.02);
  EXPECT_NEAR(m.variance, 16.0 / 12, 0.02);
  EXPECT_GE(min(x).item<float>(), -1);
  EXPECT_LT(max(x).item<float>(), 3);
  EXPECT_LT(min(x).item<float>(), -0.999);
  EXPECT_GT(max(x).item<float>(), 2.999);
}

TEST(Generator, UniformNeverReachesHigh) {
  const float low = 1, high = std::nextafter(1.f, 2.f);
  Array x = Generator(3).uniform({1000}, low, high);
  EXPECT_EQ(max(x).item<float>(), low);
  EXPECT_TRUE(array_equal(Generator(3).uniform({9}, 2, 2), full({9}, 2)));
}

TEST(Generator, Normal) {
  Array x = Generator(5).normal({100003}, 2, 0.5);
  const Moments m = moments(x);
  EXPECT_NEAR(m.mean, 2, 0.01);
  EXPECT_NEAR(m.variance, 0.25, 0.005);
  int inside = 0;
  double skew = 0, kurtosis = 0;
  for (float v : x.span<float>()) {
    const double z = (v - 2) / 0.5;
    inside += std::fabs(z) < 1;
    skew += z * z * z / 100003;
    kurtosis += z * z * z * z / 100003;
  }
  EXPECT_NEAR(inside / 100003.0, 0.6827, 0.006);
  EXPECT_NEAR(skew, 0, 0.05);
  EXPECT_NEAR(kurtosis, 3, 0.1);
  EXPECT_TRUE(array_equal(Generator(5).normal({3}, 4, 0), full({3}, 4)));
}

TEST(Generator, NormalPairIsFiniteAtTheEnds) {
  for (std::uint32_t a : {0u, 0xffffffffu})
    for (std::uint32_t b : {0u, 0xffffffffu})
      for (double z : normal_pair(a, b)) EXPECT_LT(std::fabs(z), 6.7) << a << ' ' << b;
}

TEST(Generator, TruncatedNormal) {
  Array x = Generator(5).truncated_normal({100000}, 1, 2);
  EXPECT_LE(max(x).item<float>(), 5);
  EXPECT_GE(min(x).item<float>(), -3);
  EXPECT_GT(max(x).item<float>(), 4.9);
  const Moments m = moments(x);
  EXPECT_NEAR(m.mean, 1, 0.02);
  EXPECT_NEAR(std::sqrt(m.variance) / 2, 0.87962566103423978, 0.005);
}

TEST(Generator, Integers) {
  Array x = Generator(9).integers({60000}, -2, 4);
  EXPECT_EQ(x.dtype(), int64);
  std::array<int, 6> counts{};
  for (std::int64_t v : x.span<std::int64_t>()) ++counts.at(static_cast<std::size_t>(v + 2));
  for (int count : counts) EXPECT_NEAR(count, 10000, 400);
  using Limits = std::numeric_limits<std::int64_t>;
  EXPECT_NE(Generator(1).integers({}, Limits::min(), Limits::max()).item<std::int64_t>(), 0);
}

TEST(Generator, Permutation) {
  Generator rng(4);
  std::vector<std::int64_t> p = rng.permutation(1000), q = rng.permutation(1000);
  EXPECT_NE(p, q);
  std::sort(p.begin(), p.end());
  for (std::int64_t i = 0; i < 1000; ++i) ASSERT_EQ(p[static_cast<std::size_t>(i)], i);
  std::array<int, 6> counts{};
  for (int i = 0; i < 6000; ++i) {
    const auto r = rng.permutation(3);
    ++counts[static_cast<std::size_t>(r[0] * 2 + (r[1] > r[2]))];
  }
  for (int count : counts) EXPECT_NEAR(count, 1000, 150) << "all orders are equally likely";
  EXPECT_TRUE(rng.permutation(0).empty());
}

TEST(Generator, NextDouble) {
  Generator rng(2);
  double total = 0;
  for (int i = 0; i < 10000; ++i) {
    const double x = rng.next_double();
    ASSERT_GE(x, 0);
    ASSERT_LT(x, 1);
    total += x;
  }
  EXPECT_NEAR(total / 10000, 0.5, 0.015);
}

TEST(Generator, Errors) {
  Generator rng(0);
  EXPECT_EQ(value_error([&] { rng.uniform({2}, 1, 0); }), "uniform: expected finite low <= high, got low 1, high 0");
  EXPECT_EQ(value_error([&] { rng.normal({2}, 0, -1); }),
            "normal: expected a finite mean and stddev >= 0, got mean 0, stddev -1");
  EXPECT_EQ(value_error([&] { rng.truncated_normal({2}, 0, std::nan("")); }),
            "truncated_normal: expected a finite mean and stddev >= 0, got mean 0, stddev nan");
  EXPECT_EQ(value_error([&] { rng.integers({2}, 3, 3); }), "integers: expected low < high, got low 3, high 3");
  EXPECT_EQ(value_error([&] { rng.permutation(-1); }), "permutation: expected n >= 0, got -1");
  EXPECT_EQ(value_error([&] { rng.below(0); }), "there is no integer below 0 to draw");
}

}  // namespace
}  // namespace cornu::graph::random

#include "cornu/graph/array/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>

#include "cornu/graph/array/internal/histogram_counter.h"
#include "cornu/graph/check.h"

namespace cornu::tests {
namespace {

using graph::Histogram;
using graph::internal::HistogramCounter;

// What holds for every histogram: edges ascend from the least to the greatest value, and each count is that of the
// values between its edges.
void expect_true(const Histogram& h, std::vector<double> values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double x) { return !std::isfinite(x); }), values.end());
  ASSERT_FALSE(values.empty());
  ASSERT_EQ(h.edges.size(), h.counts.size() + 1);
  EXPECT_TRUE(std::is_sorted(h.edges.begin(), h.edges.end()));
  EXPECT_EQ(h.min(), *std::min_element(values.begin(), values.end()));
  EXPECT_EQ(h.max(), *std::max_element(values.begin(), values.end()));
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    const bool last = i + 1 == h.counts.size();
    const auto inside = std::count_if(values.begin(), values.end(), [&](double x) {
      return x >= h.edges[i] && (last ? x <= h.edges[i + 1] : x < h.edges[i + 1]);
    });
    EXPECT_EQ(h.counts[i], inside) << "bucket " << i << " from " << h.edges[i] << " to " << h.edges[i + 1];
  }
}

std::vector<double> doubles(const Array& a) {
  const Array wide = a.flatten().astype(float64);
  return {wide.span<double>().begin(), wide.span<double>().end()};
}

TEST(Histogram, NormalNumbersInThirtyBucketsOfNearlyEqualWidth) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  Array x(Shape{100, 217});
  for (float& v : x.span<float>()) v = normal(random);
  const Histogram h = histogram(x);
  ASSERT_EQ(h.counts.size(), 30u);
  expect_true(h, doubles(x));
  const double width = (h.max() - h.min()) / 30;
  for (std::size_t i = 0; i < 30; ++i) EXPECT_NEAR((h.edges[i + 1] - h.edges[i]) / width, 1, 0.03);
  EXPECT_EQ(h.total(), x.size());
}

TEST(Histogram, EveryOrderGivesTheSame) {
  std::mt19937 random(2);
  std::exponential_distribution<double> size(0.05);
  std::vector<double> values(20000);
  for (double& v : values) v = std::exp(size(random)) * (random() % 2 ? 1 : -1);
  std::sort(values.begin(), values.end(),
            [](double a, double b) { return std::fabs(a) < std::fabs(b); });  // the range grows all the time
  const Histogram growing = graph::histogram(Array(values));
  expect_true(growing, values);
  std::reverse(values.begin(), values.end());
  const Histogram shrinking = graph::histogram(Array(values));
  expect_true(shrinking, values);
  EXPECT_EQ(growing.edges, shrinking.edges);
  EXPECT_EQ(growing.counts, shrinking.counts);
}

TEST(Histogram, EveryDType) {
  for (const DType dtype :
       {graph::bool_, graph::uint8, graph::int32, graph::int64, graph::bfloat16, float32, float64}) {
    const Array x = Array{0, 1, 1, 3, 200, 7, 7, 7}.astype(dtype);
    const Histogram h = graph::histogram(x, 5);
    EXPECT_EQ(h.counts.size(), 5u) << dtype;
    expect_true(h, doubles(x));
  }
}

TEST(Histogram, EqualValuesAreASpikeInTheLastBucket) {
  for (const double value : {0.0, -0.0, 0.1, -3e38, 5e-324}) {
    const Histogram h = graph::histogram(Array(std::vector<double>(2500, value)), 4);
    EXPECT_EQ(h.edges, std::vector<double>(5, value));
    EXPECT_EQ(h.counts, (std::vector<std::int64_t>{0, 0, 0, 2500}));
  }
}

TEST(Histogram, NaNAndInfinityAreCountedApart) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  const Histogram h = graph::histogram(Array{1.f, nan, infinity, 2.f, -infinity, nan, nan, 3.f}, 2);
  EXPECT_EQ(h.nan, 3);
  EXPECT_EQ(h.infinite, 2);
  EXPECT_EQ(h.total(), 3);
  expect_true(h, {1, 2, 3});
}

TEST(Histogram, NothingFinite) {
  for (const Array& x : {Array(Shape{0}), Array{std::numeric_limits<float>::quiet_NaN()}}) {
    const Histogram h = graph::histogram(x);
    EXPECT_TRUE(h.edges.empty());
    EXPECT_TRUE(h.counts.empty());
    EXPECT_EQ(h.total(), 0);
    EXPECT_EQ(h.nan, x.size());
  }
}

TEST(Histogram, ExtremeRanges) {
  const double most = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
  for (const std::vector<double>& values : {std::vector<double>{-most, most, 0, 1},
                                            {least, 2 * least, 0},
                                            {1, 1 + 1e-15, 1 + 2e-15},
                                            {0, least, most},
                                            {-1e-300, 1e-300, 1e300},
                                            {1e15, 1e15 + 1, 1e15 + 3},
                                            {0, 0, 0, 1},
                                            {-1, 0, 0}}) {
    expect_true(graph::histogram(Array(values)), values);
  }
}

TEST(Histogram, JoinedCountsAreThoseOfAll) {
  std::mt19937 random(3);
  for (const double scale : {1e-30, 1.0, 1e10}) {
    std::normal_distribution<double> normal(0, scale), other(5, 1);
    std::vector<double> a(3000), b(1000);
    for (double& v : a) v = normal(random);
    for (double& v : b) v = other(random);
    const auto one = std::make_unique<HistogramCounter>(), two = std::make_unique<HistogramCounter>(),
               none = std::make_unique<HistogramCounter>();
    one->add(a.data(), float64, 3000);
    two->add(b.data(), float64, 1000);
    two->merge(*none);
    none->merge(*two);
    none->merge(*one);
    Histogram h;
    h.edges.resize(31);
    h.counts.resize(30);
    none->read(30, h.edges.data(), h.counts.data());
    a.insert(a.end(), b.begin(), b.end());
    expect_true(h, a);
  }
}

TEST(Histogram, WrongNumberOfBins) {
  for (const int bins : {0, 1025}) {
    try {
      graph::histogram(Array{1.f}, bins);
      FAIL();
    } catch (const ValueError& e) {
      EXPECT_STREQ(e.what(), graph::message("histogram: expected 1 to 1024 bins, got ", bins).c_str());
    }
  }
}

}  // namespace
}  // namespace cornu::tests

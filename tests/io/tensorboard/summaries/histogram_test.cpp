#include "cornu/io/tensorboard/summaries/histogram.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Array;
using graph::Histogram;
using graph::ValueError;
using tests::error_text;

TEST(HistogramSummary, HasRowsOfLeftRightAndCount) {
  const auto s = histogram("dense/kernel/histogram", Histogram{.edges = {-1, 0, 0.5, 2}, .counts = {3, 0, 7}});
  ASSERT_TRUE(s);
  EXPECT_EQ(s->tag, "dense/kernel/histogram");
  EXPECT_EQ(s->plugin, "histograms");
  EXPECT_EQ(s->content, "");
  EXPECT_EQ(s->data_class, DataClass::tensor);
  EXPECT_EQ(s->numbers->dtype(), graph::float64);
  EXPECT_TRUE(array_equal(*s->numbers, Array{{-1., 0., 3.}, {0., 0.5, 0.}, {0.5, 2., 7.}}));
}

TEST(HistogramSummary, DrawsEqualValuesAsASpike) {
  const auto s = histogram("bias", Histogram{.edges = {0.25, 0.25}, .counts = {10}});
  ASSERT_EQ(s->numbers->shape(), (graph::Shape{30, 3}));
  for (int i = 0; i < 30; ++i) {
    const double* row = s->numbers->data<double>() + 3 * i;
    EXPECT_EQ(row[0], 0.25);
    EXPECT_EQ(row[1], 0.25);
    EXPECT_EQ(row[2], i == 29 ? 10 : 0);
  }
}

TEST(HistogramSummary, IsNothingWithoutFiniteValues) {
  EXPECT_FALSE(histogram("x", Histogram{}));
  EXPECT_FALSE(histogram("x", Histogram{.edges = {}, .counts = {}, .nan = 5, .infinite = 2}));
  EXPECT_FALSE(histogram("x", Histogram{.edges = {0, 1}, .counts = {0}}));
}

TEST(HistogramSummary, RefusesWhatNoDashboardCanDraw) {
  EXPECT_EQ(error_text<ValueError>([] {
              histogram("h", Histogram{.edges = {0, 1}, .counts = {1, 2}});
            }),
            "[histogram \"h\"] 2 counts need 3 edges, got 2");
  const std::string wrong = "[histogram \"h\"] the edges must be finite and ascending";
  EXPECT_EQ(error_text<ValueError>([] { histogram("h", Histogram{.edges = {0, INFINITY}, .counts = {1}}); }), wrong);
  EXPECT_EQ(error_text<ValueError>([] { histogram("h", Histogram{.edges = {1, 0}, .counts = {1}}); }), wrong);
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries

#include "cornu/keras/metrics/accuracy.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "cornu/keras/metrics/probabilistic.h"
#include "cornu/keras/metrics/regression.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"metric", "Accuracy", R"({"name": "n", "dtype": "float32"})", true, graph::Array{{1.f, 2.f}, {3.f, 4.f}},
       graph::Array{{1.f, 0.f}, {3.f, 4.f}}},
      {"metric", "BinaryAccuracy", R"({"name": "n", "dtype": "float32", "threshold": 0.25})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "CategoricalAccuracy", R"({"name": "n", "dtype": "float32"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "SparseCategoricalAccuracy", R"({"name": "n", "dtype": "float32"})", true, graph::Array{1.f, 2.f},
       graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "BinaryCrossentropy",
       R"({"name": "n", "dtype": "float32", "from_logits": true, "label_smoothing": 0.25})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "CategoricalCrossentropy",
       R"({"name": "n", "dtype": "float32", "from_logits": true, "label_smoothing": 0.25, "axis": 1})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "SparseCategoricalCrossentropy",
       R"({"name": "n", "dtype": "float32", "from_logits": true, "ignore_class": 0, "axis": 1})", true,
       graph::Array{1.f, 2.f}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "MeanSquaredError", R"({"name": "n", "dtype": "float32"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "MeanAbsoluteError", R"({"name": "n", "dtype": "float32"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "RootMeanSquaredError", R"({"name": "n", "dtype": "float32"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
  };
});

float of(Shared<Metric> metric, const Array& t, const Array& p, const Tensor& weights = {}) {
  Context ctx;
  metric->update_state(t, p, weights, ctx);
  tests::run(ctx);
  return metric->result().item<float>();
}

TEST(Accuracy, ComparesAsTheyAre) {
  EXPECT_FLOAT_EQ(of(Accuracy(), Array{1, 2, 3, 4}, Array{0, 2, 3, 4}), 0.75f);
  EXPECT_FLOAT_EQ(of(Accuracy(), Array{{1}, {2}}, Array{1.f, 0.f}), 0.5f);
}

TEST(BinaryAccuracy, ComparesWithTheThreshold) {
  EXPECT_FLOAT_EQ(of(BinaryAccuracy(), Array{1.f, 0.f, 1.f, 0.f}, Array{0.6f, 0.5f, 0.4f, 0.6f}), 0.5f)
      << "0.5 is not above 0.5";
  EXPECT_FLOAT_EQ(of(BinaryAccuracy({.threshold = 0.3}), Array{1, 0}, Array{{0.4f}, {0.2f}}), 1.f);
  EXPECT_FLOAT_EQ(of(BinaryAccuracy(), Array{1.f, 0.f}, Array{0.6f, 0.6f}, Array{3.f, 1.f}), 0.75f);
  EXPECT_THAT([] { BinaryAccuracy({.threshold = std::nan("")}); },
              ThrowsMessage<ValueError>(HasSubstr("metric 'binary_accuracy': `threshold`")));
}

TEST(CategoricalAccuracy, ComparesTheMostProbableClasses) {
  const Array p{{0.1f, 0.9f, 0.f}, {0.5f, 0.3f, 0.2f}};
  EXPECT_FLOAT_EQ(of(CategoricalAccuracy(), Array{{0.f, 1.f, 0.f}, {0.f, 1.f, 0.f}}, p), 0.5f);
}

TEST(SparseCategoricalAccuracy, TakesLabelsFlatOrAsAColumn) {
  const Array p{{0.1f, 0.9f, 0.f}, {0.5f, 0.3f, 0.2f}};
  EXPECT_FLOAT_EQ(of(SparseCategoricalAccuracy(), Array{1, 2}, p), 0.5f);
  EXPECT_FLOAT_EQ(of(SparseCategoricalAccuracy(), Array{{1}, {0}}, p), 1.f);
  EXPECT_FLOAT_EQ(of(SparseCategoricalAccuracy(), Array{1.f, 0.f}, p, Array{0.f, 2.f}), 1.f);
}

TEST(Crossentropies, AreMeansOfTheLosses) {
  const Array p{{0.2f, 0.8f}, {0.6f, 0.4f}};
  const float want = -(std::log(0.8f) + std::log(0.6f)) / 2;
  EXPECT_NEAR(of(CategoricalCrossentropy(), Array{{0.f, 1.f}, {1.f, 0.f}}, p), want, 1e-6);
  EXPECT_NEAR(of(SparseCategoricalCrossentropy(), Array{1, 0}, p), want, 1e-6);
  EXPECT_NEAR(of(BinaryCrossentropy(), Array{{0.f, 1.f}, {1.f, 0.f}}, p), want, 1e-6);
  const Array logits{{0.f, std::log(4.f)}, {std::log(1.5f), 0.f}};
  EXPECT_NEAR(of(CategoricalCrossentropy({.from_logits = true}), Array{{0.f, 1.f}, {1.f, 0.f}}, logits), want, 1e-6);
}

TEST(SparseCategoricalCrossentropy, AnIgnoredClassCountsAsKerasCountsIt) {
  const Array p{{0.2f, 0.8f}, {0.6f, 0.4f}};
  EXPECT_NEAR(of(SparseCategoricalCrossentropy({.ignore_class = 0}), Array{1, 0}, p), -std::log(0.8f) / 2, 1e-6);
  EXPECT_NEAR(of(SparseCategoricalCrossentropy({.ignore_class = 0}), Array{1, 0}, p, Array{1.f, 1.f}), -std::log(0.8f),
              1e-6);
}

TEST(RootMeanSquaredError, IsTheRootOfTheMeanOverAllBatches) {
  const RootMeanSquaredError metric;
  EXPECT_FLOAT_EQ(of(metric, Array{0.f, 0.f}, Array{1.f, 7.f}), 5.f);
  EXPECT_FLOAT_EQ(of(metric, Array{{0.f}, {0.f}}, Array{5.f, 5.f}), 5.f);
}

TEST(MeanAbsoluteError, AveragesDistances) {
  EXPECT_FLOAT_EQ(of(MeanAbsoluteError(), Array{{1.f, 2.f}}, Array{{2.f, 5.f}}), 2.f);
}

// Values of Keras 3.15 on TensorFlow, for these predictions with each of the three classes as the target.
TEST(Metrics, CountNumbersThatAreNotFiniteAsKeras) {
  constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const float rows[][3] = {{.2f, nan, .1f}, {nan, .2f, .1f},    {.2f, inf, .1f}, {inf, .2f, inf}, {-inf, .2f, .1f},
                           {nan, nan, nan}, {-inf, -inf, -inf}, {.2f, .3f, .5f}, {.1f, nan, inf}, {nan, -inf, .3f}};
  using Table = std::vector<std::vector<float>>;
  const Table most_probable = {{1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {1, 0, 0}, {0, 1, 0},
                               {1, 0, 0}, {1, 0, 0}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}};
  Table top1(10, {0, 0, 0}), top2 = top1, never = top1;
  top1[7] = {0, 0, 1};
  top2[7] = {0, 1, 1};
  const Table squared = {{nan, nan, nan}, {nan, nan, nan}, {inf, inf, inf}, {inf, inf, inf},
                         {inf, inf, inf}, {nan, nan, nan}, {inf, inf, inf}, {.326667f, .26f, .126667f},
                         {nan, nan, nan}, {nan, nan, nan}};
  const Table binary = {{.666667f, .666667f, .666667f}, {.666667f, .666667f, .666667f}, {.333333f, 1, .333333f},
                        {.666667f, 0, .666667f},        {.666667f, .666667f, .666667f}, {.666667f, .666667f, .666667f},
                        {.666667f, .666667f, .666667f}, {.666667f, .666667f, .666667f}, {.333333f, .333333f, 1},
                        {.666667f, .666667f, .666667f}};
  const auto check = [&](const char* name, const auto& make, bool one_hot, const Table& expected) {
    for (std::size_t r = 0; r < std::size(rows); ++r)
      for (int c = 0; c < 3; ++c) {
        Shared<Metric> metric = make();
        Array target = one_hot ? Array{{0.f, 0.f, 0.f}} : Array{static_cast<float>(c)};
        if (one_hot) target.data<float>()[c] = 1;
        Context ctx;
        metric->update_state(target, Array{{rows[r][0], rows[r][1], rows[r][2]}}, {}, ctx);
        tests::run(ctx);
        const float got = metric->result().item<float>(), want = expected[r][static_cast<std::size_t>(c)];
        EXPECT_TRUE(std::isnan(want)   ? std::isnan(got)
                    : std::isinf(want) ? got == want
                                       : std::abs(got - want) < 1e-5)
            << name << ", row " << r << ", class " << c << ": " << got << ", Keras " << want;
      }
  };
  check(
      "CategoricalAccuracy", [] { return CategoricalAccuracy(); }, true, most_probable);
  check(
      "SparseCategoricalAccuracy", [] { return SparseCategoricalAccuracy(); }, false, most_probable);
  check(
      "TopKCategoricalAccuracy(1)", [] { return TopKCategoricalAccuracy(1); }, true, top1);
  check(
      "TopKCategoricalAccuracy(2)", [] { return TopKCategoricalAccuracy(2); }, true, top2);
  check(
      "SparseTopKCategoricalAccuracy(1)", [] { return SparseTopKCategoricalAccuracy(1); }, false, top1);
  check(
      "SparseTopKCategoricalAccuracy(2)", [] { return SparseTopKCategoricalAccuracy(2); }, false, top2);
  check(
      "Accuracy", [] { return Accuracy(); }, true, never);
  check(
      "BinaryAccuracy", [] { return BinaryAccuracy(); }, true, binary);
  check(
      "MeanSquaredError", [] { return MeanSquaredError(); }, true, squared);
}

// Values of Keras 3.15.
TEST(Metrics, SortedIdsAreComparedWithTheLabel) {
  const auto result = [](const Array& t, const Array& p) {
    SparseTopKCategoricalAccuracy metric(2, {.from_sorted_ids = true});
    Context ctx;
    metric->update_state(t, p, {}, ctx);
    tests::run(ctx);
    return metric->result().item<float>();
  };
  EXPECT_FLOAT_EQ(result(Array{2, 1, 0}, Array{{2, 0, 1}, {0, 2, 1}, {1, 0, 2}}), 2.f / 3);
  EXPECT_FLOAT_EQ(result(Array{2, 1}, Array{{2.f, 2.f, 1.f}, {0.f, std::nanf(""), 1.f}}), 0.5f) << "counted once";
}

TEST(Metrics, TakeTheirFirstArgumentByPosition) {
  EXPECT_EQ(TopKCategoricalAccuracy(3)->config().k, 3);
  EXPECT_EQ(TopKCategoricalAccuracy(3, {.name = "top3"})->name(), "top3");
  EXPECT_EQ(CategoricalAccuracy("right")->name(), "right");
}

TEST(Metrics, AMaskThatDoesNotFitIsNamed) {
  MeanSquaredError metric;
  Context ctx;
  const Tensor p = graph::zeros({2, 3});
  ctx.set_mask(p, Tensor(graph::ones({2, 3}).astype(graph::bool_)));
  EXPECT_THAT(
      [&] {
        metric->update_state(graph::zeros({2, 3}), p, {}, ctx);
      },
      testing::ThrowsMessage<ShapeError>(testing::HasSubstr(
          "metric 'mean_squared_error': a mask of shape (2, 3) cannot be multiplied to values of shape (2,)")));
}

}  // namespace
}  // namespace cornu::keras::metrics

#include <gmock/gmock.h>

#include <limits>

#include "cornu/graph/function.h"
#include "cornu/keras/metrics/accuracy.h"
#include "cornu/keras/metrics/in_top_k.h"
#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"metric", "TopKCategoricalAccuracy", R"({"name": "n", "dtype": "float32", "k": 2})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "SparseTopKCategoricalAccuracy",
       R"({"name": "n", "dtype": "float32", "k": 2, "from_sorted_ids": true})", false, graph::Array{1.f, 2.f},
       graph::Array{{1.f, 0.f, 2.f}, {0.f, 1.f, 2.f}}},
  };
});

std::vector<float> in_top(const Array& labels, const Array& predictions, int k) {
  const graph::Function f([k](const Tensor& l, const Tensor& p) { return in_top_k(l, p, k); });
  const Array hits = f(labels, predictions);
  return {hits.data<float>(), hits.data<float>() + hits.size()};
}

TEST(TopKTest, CountsWhatIsGreaterThanTheLabelsPrediction) {
  const Array predictions =
      Array{0.1f, 0.4f, 0.2f, 0.3f, 0.3f, 0.3f, 0.3f, 0.1f, 0.5f, 0.2f, 0.1f, 0.2f}.reshape({3, 4});
  EXPECT_THAT(in_top(Array{3, 0, 2}, predictions, 1),
              ElementsAre(0, 1, 0));  // several that are equal are all at the top
  EXPECT_THAT(in_top(Array{3, 0, 2}, predictions, 2), ElementsAre(1, 1, 0));
  EXPECT_THAT(in_top(Array{3, 0, 2}, predictions, 4), ElementsAre(1, 1, 1));
}

TEST(TopKTest, LabelsOutOfRangeAndPredictionsThatAreNotFiniteDoNotCount) {
  const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const Array predictions = Array{infinity, 1.f, 0.f, nan, 1.f, 0.f, 2.f, 1.f, 0.f}.reshape({3, 3});
  EXPECT_THAT(in_top(Array{0, 0, 7}, predictions, 3), ElementsAre(0, 0, 0));
  // As in TensorFlow, nothing can be said of a row with any number that is not finite.
  EXPECT_THAT(in_top(Array{1, 2, -1}, predictions, 3), ElementsAre(0, 0, 0));
  EXPECT_THAT(in_top(Array{1, 2, 2}, predictions, 3), ElementsAre(0, 0, 1));
}

TEST(TopKTest, RefusesAKBelowOne) {
  EXPECT_EQ(tests::error_text<ValueError>([] { TopKCategoricalAccuracy({.k = 0}); }),
            "metric 'top_k_categorical_accuracy': `k` must be at least 1, got 0");
  EXPECT_EQ(tests::error_text<ValueError>([] { SparseTopKCategoricalAccuracy({.k = -1}); }),
            "metric 'sparse_top_k_categorical_accuracy': `k` must be at least 1, got -1");
}

}  // namespace
}  // namespace cornu::keras::metrics

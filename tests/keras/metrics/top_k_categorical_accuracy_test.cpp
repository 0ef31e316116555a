#include <gmock/gmock.h>

#include "cornu/keras/metrics/accuracy.h"
#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"metric", "TopKCategoricalAccuracy", R"({"name": "n", "dtype": "float32", "k": 2})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "SparseTopKCategoricalAccuracy",
       R"({"name": "n", "dtype": "float32", "k": 2, "from_sorted_ids": true})", false, graph::Array{1.f, 2.f},
       graph::Array{{1.f, 0.f, 2.f}, {0.f, 1.f, 2.f}}},
  };
});

TEST(TopKTest, RefusesAKBelowOne) {
  EXPECT_EQ(tests::error_text<ValueError>([] { TopKCategoricalAccuracy({.k = 0}); }),
            "metric 'top_k_categorical_accuracy': `k` must be at least 1, got 0");
  EXPECT_EQ(tests::error_text<ValueError>([] { SparseTopKCategoricalAccuracy({.k = -1}); }),
            "metric 'sparse_top_k_categorical_accuracy': `k` must be at least 1, got -1");
}

}  // namespace
}  // namespace cornu::keras::metrics

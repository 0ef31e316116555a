#include "cornu/ops/composite/in_top_k.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/graph/function.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using testing::ElementsAre;

std::vector<bool> in_top(const Array& labels, const Array& predictions, int k) {
  const graph::Function f([k](const Tensor& l, const Tensor& p) { return ops::in_top_k(l, p, k); });
  const Array hits = f(labels, predictions);
  return std::vector<bool>(hits.data<bool>(), hits.data<bool>() + hits.size());
}

TEST(InTopK, CountsWhatIsGreaterThanTheLabelsPrediction) {
  const Array predictions =
      Array{0.1f, 0.4f, 0.2f, 0.3f, 0.3f, 0.3f, 0.3f, 0.1f, 0.5f, 0.2f, 0.1f, 0.2f}.reshape({3, 4});
  EXPECT_THAT(in_top(Array{3, 0, 2}, predictions, 1),
              ElementsAre(false, true, false));  // several that are equal are all at the top
  EXPECT_THAT(in_top(Array{3, 0, 2}, predictions, 2), ElementsAre(true, true, false));
  EXPECT_THAT(in_top(Array{3, 0, 2}, predictions, 4), ElementsAre(true, true, true));
}

TEST(InTopK, LabelsOutOfRangeAndPredictionsThatAreNotFiniteDoNotCount) {
  const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const Array predictions = Array{infinity, 1.f, 0.f, nan, 1.f, 0.f, 2.f, 1.f, 0.f}.reshape({3, 3});
  EXPECT_THAT(in_top(Array{0, 0, 7}, predictions, 3), ElementsAre(false, false, false));
  // As in TensorFlow, nothing can be said of a row with any number that is not finite.
  EXPECT_THAT(in_top(Array{1, 2, -1}, predictions, 3), ElementsAre(false, false, false));
  EXPECT_THAT(in_top(Array{1, 2, 2}, predictions, 3), ElementsAre(false, false, true));
}

TEST(InTopK, TakesTargetsOfAnyShape) {
  const graph::Function f([](const Tensor& l, const Tensor& p) { return ops::in_top_k(l, p, 1); });
  const Array hits =
      f(Array{0, 1, 0, 1}.reshape({2, 2}), Array{3.f, 1.f, 3.f, 1.f, 0.f, 2.f, 0.f, 2.f}.reshape({2, 2, 2}));
  EXPECT_TRUE(array_equal(hits, Array{true, false, false, true}.reshape({2, 2})));
  EXPECT_EQ(f(Array(Shape{0}, graph::int32), Array(Shape{0, 3})).one().shape(), Shape{0});
}

const bool special = register_special_functions({of_one(
    "in_top_k", [](const Tensor& x) { return ops::in_top_k(graph::full({x.shape()[0]}, 1, graph::int32), x, 2); })});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"in_top_k", "expected predictions with one more axis than targets, got int32(3,) and float32(2, 4)",
       [] {
         ops::in_top_k(input(0, {3}, graph::int32), input(1, {2, 4}), 1);
       }},
      {"in_top_k", "expected predictions with one more axis", [] { ops::in_top_k(input(0, {}), input(1, {}), 1); }}};
});

}  // namespace
}  // namespace cornu::tests

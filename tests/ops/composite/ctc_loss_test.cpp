#include "cornu/ops/composite/ctc_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/autodiff/gradients.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/support/evaluate.h"

namespace cornu::ops {
namespace {

using graph::Array;
using graph::Shape;
using tests::error_text;
using tests::evaluate;

// (steps, classes)
using Logits = std::vector<std::vector<double>>;

// Adds up the probabilities of all sequences of classes that read as the target.
double by_every_sequence(const std::vector<int>& target, const Logits& logits, int blank) {
  const std::size_t classes = logits[0].size();
  std::vector<std::size_t> path(logits.size(), 0);
  double total = 0;
  for (bool more = true; more;) {
    double p = 1;
    std::vector<int> read;
    for (std::size_t t = 0; t < path.size(); ++t) {
      double sum = 0;
      for (const double x : logits[t]) sum += std::exp(x);
      p *= std::exp(logits[t][path[t]]) / sum;
      const int one = static_cast<int>(path[t]);
      if (one != blank && (t == 0 || path[t - 1] != path[t])) read.push_back(one);
    }
    if (read == target) total += p;
    more = false;
    for (std::size_t t = 0; t < path.size() && !more; ++t) {
      more = ++path[t] < classes;
      if (!more) path[t] = 0;
    }
  }
  return -std::log(total);
}

const Logits kLogits = {{0.3, -0.2, 0.9}, {0.1, 0.8, -0.5}, {-0.4, 0.2, 0.6}, {0.7, -0.1, 0.4}, {0.2, 0.5, -0.3}};

Array batch_of(const Logits& logits) {
  std::vector<double> all;
  for (const auto& step : logits) all.insert(all.end(), step.begin(), step.end());
  return Array(all, {1, static_cast<std::int64_t>(logits.size()), 3}).astype(graph::float32);
}

float loss(const Array& target, int target_length, const Array& output, int steps, int blank = 0) {
  return evaluate(ctc_loss(target, output, Array{target_length}, Array{steps}, blank)).item<float>();
}

TEST(CtcLossTest, IsTheProbabilityOfAllSequencesThatReadAsTheTarget) {
  const Array x = batch_of(kLogits);
  EXPECT_NEAR(loss(Array{{1, 2}}, 2, x, 5), by_every_sequence({1, 2}, kLogits, 0), 1e-5);
  EXPECT_NEAR(loss(Array{{2, 2}}, 2, x, 5), by_every_sequence({2, 2}, kLogits, 0), 1e-5)
      << "a blank between equal ones";
  EXPECT_NEAR(loss(Array{{2, 1, 2}}, 3, x, 5), by_every_sequence({2, 1, 2}, kLogits, 0), 1e-5);
  EXPECT_NEAR(loss(Array{{1, 0}}, 2, x, 5, 2), by_every_sequence({1, 0}, kLogits, 2), 1e-5) << "another blank";
}

TEST(CtcLossTest, CountsOnlyTheLengthsGiven) {
  const Array x = batch_of(kLogits);
  EXPECT_NEAR(loss(Array{{1, 2, 1}}, 1, x, 5), by_every_sequence({1}, kLogits, 0), 1e-5);
  EXPECT_NEAR(loss(Array{{1, 2}}, 0, x, 5), by_every_sequence({}, kLogits, 0), 1e-5) << "nothing but blanks";
  const Logits three(kLogits.begin(), kLogits.begin() + 3);
  EXPECT_NEAR(loss(Array{{1, 2}}, 2, x, 3), by_every_sequence({1, 2}, three, 0), 1e-5);
  EXPECT_NEAR(loss(graph::zeros({1, 0}, graph::int32), 0, x, 5), by_every_sequence({}, kLogits, 0), 1e-5);
}

TEST(CtcLossTest, OfABatchIsThatOfEachRow) {
  const Array one = batch_of(kLogits), other = one * 2;
  const Array both = graph::concatenate({one, other}, 0), targets{{1, 2}, {2, 0}};
  const Array got = evaluate(ctc_loss(targets, both, Array{2, 1}, Array{5, 4}));
  EXPECT_FLOAT_EQ(got.data<float>()[0], loss(Array{{1, 2}}, 2, one, 5));
  EXPECT_FLOAT_EQ(got.data<float>()[1], loss(Array{{2, 0}}, 1, other, 4));
  EXPECT_EQ(evaluate(ctc_loss(targets.slice(0, 0), both.slice(0, 0), graph::zeros({0}, graph::int32),
                              graph::zeros({0}, graph::int32)))
                .shape(),
            Shape{0});
}

TEST(CtcLossTest, StaysFiniteOverManySteps) {
  const float got = loss(Array{{1, 2}}, 2, graph::full({1, 200, 3}, 0), 200);
  // Of 3^200 sequences, all alike, those that read 1, 2 are a vanishing part.
  EXPECT_GT(got, 150);
  EXPECT_TRUE(std::isfinite(got));
}

TEST(CtcLossTest, IsInfiniteWithoutAGradientWhereStepsAreTooFew) {
  const Tensor x = batch_of({{0.3, -0.2, 0.9}, {0.1, 0.8, -0.5}});
  const Tensor y = ctc_loss(Array{{1, 1}}, x, Array{2}, Array{2});  // needs a blank between
  EXPECT_EQ(evaluate(y).item<float>(), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(array_equal(evaluate(autodiff::gradients(y, {x})[0]), graph::zeros({1, 2, 3})));
}

TEST(CtcLossTest, HasTheGradientOfItsValues) {
  const auto report = autodiff::gradient_check(
      [&](const Tensor& x) {
        return sum(ctc_loss(Array{{1, 2}, {2, 2}}, x, Array{2, 2}, Array{5, 5}));
      },
      {graph::concatenate({batch_of(kLogits), batch_of(kLogits) * -1}, 0)});
  EXPECT_TRUE(report.passed) << report;
}

TEST(CtcLossTest, AClassOutOfRangeIsNoNumber) { EXPECT_TRUE(std::isnan(loss(Array{{7}}, 1, batch_of(kLogits), 5))); }

TEST(CtcLossTest, SaysWhatIsWrong) {
  const Tensor x = batch_of(kLogits);
  const auto text = [&](const Array& target, const Tensor& output, const Array& length) {
    return error_text<ShapeError>([&] { ctc_loss(target, output, length, Array{5}); });
  };
  const Array target{{1, 2}};
  EXPECT_EQ(text(target, graph::ones({1, 3}), Array{2}),
            "ctc_loss: expected `output` of shape (batch, steps, classes), got (1, 3)");
  EXPECT_EQ(text(Array{1, 2}, x, Array{2}),
            "ctc_loss: expected `target` of shape (batch, labels) for an output of shape (1, 5, 3), got (2,)");
  EXPECT_EQ(text(target, x, Array{2, 1}), "ctc_loss: expected `target_length` of shape (1,), got (2,)");
  EXPECT_EQ(text(target, graph::ones({1, 0, 3}), Array{2}),
            "ctc_loss: expected at least one step, got an output of shape (1, 0, 3)");
  EXPECT_EQ(error_text<ValueError>([&] { ctc_loss(target, x, Array{2}, Array{5}, 3); }),
            "ctc_loss: `mask_index` must be a class from 0 to 2, got 3");
}

}  // namespace
}  // namespace cornu::ops

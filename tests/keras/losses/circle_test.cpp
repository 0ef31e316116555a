#include "cornu/keras/losses/circle.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/autodiff/gradients.h"
#include "tests/keras/expect_error.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::error_text;
using cornu::tests::evaluate;
using graph::Array;

// Without data, since the sweep compares rows that are alone, and here each is compared with the others.
const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"loss", "Circle",
       R"({"gamma": 64.0, "margin": 0.25, "remove_diagonal": false, "reduction": "sum", "name": "n"})", false}};
});

const Array kLabels{0, 0, 1, 1};
// Of length 1, by angles.
Array embeddings(std::initializer_list<double> angles) {
  std::vector<double> all;
  for (const double a : angles) all.insert(all.end(), {std::cos(a), std::sin(a)});
  return Array(all, {static_cast<std::int64_t>(angles.size()), 2}).astype(graph::float32);
}

TEST(CircleTest, IsTheFormulaOfThePaper) {
  const double gamma = 2, m = 0.25;
  const Array x = embeddings({0, 0.4, 1.5, 2.1});
  const auto distance = [&](double a, double b) { return 1 - std::cos(a - b); };
  const auto near = [&](double d) { return std::exp(gamma * (m + d) * (d - m)); };
  const auto far = [&](double d) { return std::exp(gamma * std::max(1 + m - d, 0.) * (1 - m - d)); };
  const double want = std::log(1 + near(distance(0, 0.4)) * (far(distance(0, 1.5)) + far(distance(0, 2.1))));
  EXPECT_NEAR(evaluate(circle(kLabels, x, {.gamma = gamma, .margin = m})).data<float>()[0], want, 1e-5);
  const double with_itself =
      std::log(1 + (near(distance(0, 0.4)) + near(0)) * (far(distance(0, 1.5)) + far(distance(0, 2.1))));
  EXPECT_NEAR(evaluate(circle(kLabels, x, {.gamma = gamma, .margin = m, .remove_diagonal = false})).data<float>()[0],
              with_itself, 1e-5);
}

TEST(CircleTest, LabelsMayBeAColumn) {
  const Array x = embeddings({0, 0.4, 1.5, 2.1});
  EXPECT_TRUE(array_equal(evaluate(circle(kLabels.reshape({4, 1}), x)), evaluate(circle(kLabels, x))));
}

TEST(CircleTest, ASampleWithoutPartnersHasNoLossAndNoGradient) {
  const graph::Tensor x = embeddings({0, 0.4, 1.5});
  const graph::Tensor y = circle(Array{0, 0, 1}, x);
  EXPECT_EQ(evaluate(y).data<float>()[2], 0);
  const Array gradient = evaluate(autodiff::gradients(Circle({.reduction = "sum"})(Array{0, 1, 2}, x), {x})[0]);
  EXPECT_TRUE(array_equal(gradient, graph::zeros({3, 2})));
}

TEST(CircleTest, AMeanIsTakenOfTheSamplesWithALoss) {
  const Array x = embeddings({0, 0.4, 1.5}), labels{0, 0, 1};
  const Array each = evaluate(circle(labels, x, {.gamma = 2}));
  EXPECT_FLOAT_EQ(evaluate(Circle({.gamma = 2})(labels, x)).item<float>(),
                  (each.data<float>()[0] + each.data<float>()[1]) / 2);
}

TEST(CircleTest, HasTheGradientOfItsValues) {
  const auto report = autodiff::gradient_check([&](const graph::Tensor& x) { return Circle({.gamma = 2})(kLabels, x); },
                                               {embeddings({0, 0.4, 1.5, 2.1})});
  EXPECT_TRUE(report.passed) << report;
}

TEST(CircleTest, RefusesOtherShapes) {
  EXPECT_EQ(
      error_text<ShapeError>([] {
        Circle()(kLabels, graph::ones({3, 2}));
      }),
      "loss 'circle' expects class numbers (batch,) and embeddings (batch, features), got shapes (4,) and (3, 2)");
}

}  // namespace
}  // namespace cornu::keras::losses

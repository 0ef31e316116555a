#include <gmock/gmock.h>

#include <cmath>
#include <iostream>

#include "cornu/keras/losses/crossentropy.h"
#include "tests/support/captured_stream.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::evaluate;
using graph::Array;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"loss", "BinaryCrossentropy",
       R"({"from_logits": true, "label_smoothing": 0.25, "axis": 1, "reduction": "sum", "name": "n"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"loss", "CategoricalCrossentropy",
       R"({"from_logits": true, "label_smoothing": 0.25, "axis": 1, "reduction": "sum", "name": "n"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"loss", "SparseCategoricalCrossentropy",
       R"({"from_logits": true, "ignore_class": 0, "axis": 1, "reduction": "sum", "name": "n"})", true,
       graph::Array{1.f, 2.f}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
  };
});

const Array kTarget{{0.f, 1.f, 0.f}, {1.f, 0.f, 0.f}};
const Array kProbabilities{{0.2f, 0.5f, 0.3f}, {0.6f, 0.2f, 0.2f}};
const Array kLogits{{1.f, 2.f, 0.f}, {0.f, 0.f, 0.f}};

float logsumexp(const Array& row) {
  double sum = 0;
  for (const float x : row.span<float>()) sum += std::exp(x);
  return static_cast<float>(std::log(sum));
}

TEST(CategoricalCrossentropy, OfProbabilities) {
  EXPECT_NEAR(evaluate(CategoricalCrossentropy()(kTarget, kProbabilities)).item<float>(),
              -(std::log(0.5f) + std::log(0.6f)) / 2, 1e-6);
}

TEST(CategoricalCrossentropy, ProbabilitiesAreDividedByTheirSum) {
  EXPECT_NEAR(evaluate(CategoricalCrossentropy()(kTarget, kProbabilities * 3)).item<float>(),
              -(std::log(0.5f) + std::log(0.6f)) / 2, 1e-6);
}

TEST(CategoricalCrossentropy, OfLogitsWithSmoothLabels) {
  const Array got = evaluate(
      CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.3, .reduction = "none"})(kTarget, kLogits));
  const float all = logsumexp(kLogits[0]);  // targets 0.1, 0.8, 0.1
  EXPECT_NEAR(got.data<float>()[0], 0.1f * (all - 1) + 0.8f * (all - 2) + 0.1f * all, 1e-5);
  EXPECT_NEAR(got.data<float>()[1], std::log(3.f), 1e-5);
}

TEST(CategoricalCrossentropy, RefusesOtherShapesAndSmoothings) {
  EXPECT_THROW(CategoricalCrossentropy()(kTarget, graph::zeros({2, 4})), ShapeError);
  EXPECT_THAT([] { CategoricalCrossentropy({.label_smoothing = 1.5}); },
              ThrowsMessage<ValueError>(
                  HasSubstr("loss 'categorical_crossentropy': `label_smoothing` must be in [0, 1], got 1.5")));
  EXPECT_THROW(CategoricalCrossentropy({.label_smoothing = std::nan("")}), ValueError);
}

TEST(BinaryCrossentropy, OfProbabilitiesAndLogits) {
  const Array t{{1.f, 0.f}}, p{{0.8f, 0.3f}};
  EXPECT_NEAR(evaluate(BinaryCrossentropy()(t, p)).item<float>(), -(std::log(0.8f) + std::log(0.7f)) / 2, 1e-6);
  const Array logits{{std::log(4.f), std::log(3.f / 7)}};
  EXPECT_NEAR(evaluate(BinaryCrossentropy({.from_logits = true})(t, logits)).item<float>(),
              -(std::log(0.8f) + std::log(0.7f)) / 2, 1e-6);
  // Smoothing 0.4 makes targets 0.8 and 0.2.
  const float smooth =
      -(0.8f * std::log(0.8f) + 0.2f * std::log(0.2f) + 0.2f * std::log(0.3f) + 0.8f * std::log(0.7f)) / 2;
  EXPECT_NEAR(evaluate(BinaryCrossentropy({.label_smoothing = 0.4})(t, p)).item<float>(), smooth, 1e-6);
  EXPECT_NEAR(evaluate(BinaryCrossentropy()(Array{1.f, 0.f}, Array{{0.8f}, {0.3f}})).item<float>(),
              -(std::log(0.8f) + std::log(0.7f)) / 2, 1e-6);
}

TEST(BinaryCrossentropy, RefusesASmoothingOutsideItsRange) {
  EXPECT_THAT([] { BinaryCrossentropy({.label_smoothing = -0.1}); },
              ThrowsMessage<ValueError>(HasSubstr("loss 'binary_crossentropy': `label_smoothing`")));
}

TEST(SparseCategoricalCrossentropy, TakesLabelsFlatOrAsAColumn) {
  const float want = -(std::log(0.5f) + std::log(0.6f)) / 2;
  EXPECT_NEAR(evaluate(SparseCategoricalCrossentropy()(Array{1, 0}, kProbabilities)).item<float>(), want, 1e-6);
  EXPECT_NEAR(evaluate(SparseCategoricalCrossentropy()(Array{{1.f}, {0.f}}, kProbabilities)).item<float>(), want, 1e-6);
}

TEST(SparseCategoricalCrossentropy, LeavesAnIgnoredClassOutOfTheMean) {
  const SparseCategoricalCrossentropy loss({.ignore_class = -1});
  EXPECT_NEAR(evaluate(loss(Array{1, -1}, kProbabilities)).item<float>(), -std::log(0.5f), 1e-6);
  EXPECT_EQ(evaluate(loss(Array{-1, -1}, kProbabilities)).item<float>(), 0.f) << "no sample counts";
  EXPECT_NEAR(evaluate(loss(Array{1, -1}, kProbabilities, Array{3.f, 5.f})).item<float>(), -3 * std::log(0.5f), 1e-5);
  const SparseCategoricalCrossentropy sum({.ignore_class = -1, .reduction = "sum"});
  EXPECT_NEAR(evaluate(sum(Array{1, -1}, kProbabilities)).item<float>(), -std::log(0.5f), 1e-6);
}

TEST(SparseCategoricalCrossentropy, RefusesLabelsThatAreNoClass) {
  const SparseCategoricalCrossentropy loss, ignoring({.ignore_class = -1});
  EXPECT_NO_THROW(loss.check_targets(Array{0, 1, 2}, {kUnknown, 3}));
  EXPECT_NO_THROW(ignoring.check_targets(Array{-1, 2}, {kUnknown, 3}));
  EXPECT_THAT(
      [&] {
        loss.check_targets(Array{0, 3}, {kUnknown, 3});
      },
      ThrowsMessage<ValueError>(AllOf(HasSubstr("class numbers from 0 to 2"), HasSubstr("label number 1 is 3"))));
  EXPECT_THROW(loss.check_targets(Array{-1.f}, {kUnknown, 3}), ValueError);
  EXPECT_THROW(loss.check_targets(Array{std::nanf("")}, {kUnknown, 3}), ValueError);
  EXPECT_THROW(Loss::from_name("crossentropy")->check_targets(Array{7}, {kUnknown, 3}), ValueError);
}

TEST(SparseCategoricalCrossentropy, RefusesAnotherAxis) {
  EXPECT_THAT(
      [] {
        SparseCategoricalCrossentropy({.axis = 0})(Array{1, 0}, kProbabilities);
      },
      ThrowsMessage<ValueError>(HasSubstr("`axis` must be the last one, got 0")));
}

TEST(LossFunctions, TakeArguments) {
  const Array got = evaluate(categorical_crossentropy(kTarget, kLogits, {.from_logits = true}));
  EXPECT_NEAR(got.data<float>()[0], logsumexp(kLogits[0]) - 2, 1e-5);
}

TEST(CategoricalCrossentropy, WarnsOfOneClass) {
  const tests::CapturedStream errors(std::cerr);
  const Array column{{1.f}, {0.f}};
  CategoricalCrossentropy()(column, column);
  EXPECT_THAT(errors.text(),
              testing::HasSubstr("loss 'categorical_crossentropy' expects predictions of shape (batch size, number of "
                                 "classes) with more than one class, got shape (2, 1)"));
  EXPECT_THAT(errors.text(), testing::HasSubstr("'binary_crossentropy'"));
}

TEST(CategoricalCrossentropy, SaysNothingOfTwoClasses) {
  const tests::CapturedStream errors(std::cerr);
  CategoricalCrossentropy()(Array{{1.f, 0.f}}, Array{{0.5f, 0.5f}});
  EXPECT_EQ(errors.text(), "");
}

}  // namespace
}  // namespace cornu::keras::losses

#include "cornu/keras/losses/regression.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "tests/keras/expect_error.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::error_text;
using cornu::tests::evaluate;
using graph::Array;

const bool samples = cornu::tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  const std::string base = R"("reduction": "sum", "name": "n"})";
  return cornu::tests::KerasSamples{{"loss", "MeanAbsolutePercentageError", "{" + base, true, t + 0.5, p},
                                    {"loss", "MeanSquaredLogarithmicError", "{" + base, true, t, p},
                                    {"loss", "LogCosh", "{" + base, true, t, p},
                                    {"loss", "Huber", R"({"delta": 0.25, )" + base, true, t, p},
                                    {"loss", "CosineSimilarity", R"({"axis": 1, )" + base, true, t, p}};
});

// Keras' documentation gives 0.155 for these.
TEST(HuberTest, IsSquaredForSmallErrorsAndLinearForLargeOnes) {
  const Array t{{0.f, 1.f}, {0.f, 0.f}}, p{{0.6f, 0.4f}, {0.4f, 0.6f}};
  EXPECT_NEAR(evaluate(Huber()(t, p)).item<float>(), 0.155f, 1e-6);
  EXPECT_TRUE(allclose(evaluate(huber(t, p, {.delta = 0.5})), Array{0.175f, (0.08f + 0.175f) / 2}, 1e-6, 0));
}

TEST(HuberTest, HasASmoothGradient) {
  const graph::Tensor p = Array{{0.f, 0.5f, 1.f, 4.f, -4.f}};
  EXPECT_TRUE(allclose(evaluate(autodiff::gradients(Huber()(graph::zeros({1, 5}), p), {p})[0]),
                       Array{{0.f, 0.1f, 0.2f, 0.2f, -0.2f}}, 1e-6, 0));
}

TEST(HuberTest, RefusesANegativeDelta) {
  EXPECT_EQ(error_text<ValueError>([] { Huber({.delta = -1}); }),
            "loss 'huber_loss': `delta` must not be negative, got -1");
}

// As Keras' documentation says.
TEST(MeanAbsolutePercentageErrorTest, IsOfTheTargets) {
  const Array t{{2.f, -4.f}, {0.f, 1.f}}, p{{1.f, -5.f}, {0.f, 1.f}};
  EXPECT_TRUE(allclose(evaluate(mean_absolute_percentage_error(t, p)), Array{37.5f, 0.f}, 1e-6, 0));
  EXPECT_NEAR(evaluate(MeanAbsolutePercentageError()(Array{{0.f}}, Array{{1.f}})).item<float>(), 1e9f, 1e3)
      << "a target of 0 counts as 1e-7";
}

TEST(MeanSquaredLogarithmicErrorTest, IsOfLogarithms) {
  const float e = std::log(3.f) - std::log(2.f);
  EXPECT_NEAR(evaluate(MeanSquaredLogarithmicError()(Array{{1.f, -5.f}}, Array{{2.f, -1.f}})).item<float>(), e * e / 2,
              1e-6)
      << "what is below 0 counts as 0";
}

TEST(LogCoshTest, DoesNotOverflow) {
  const Array t{{0.f}, {0.f}, {0.f}}, p{{0.5f}, {200.f}, {-200.f}};
  const float large = 200 - std::log(2.f);
  EXPECT_TRUE(allclose(evaluate(log_cosh(t, p)), Array{std::log(std::cosh(0.5f)), large, large}, 1e-6, 1e-6));
}

TEST(CosineSimilarityTest, IsLeastForOneDirection) {
  const Array t{{0.f, 1.f}, {1.f, 1.f}, {1.f, 1.f}}, p{{1.f, 0.f}, {1.f, 1.f}, {-1.f, -1.f}};
  EXPECT_TRUE(allclose(evaluate(cosine_similarity(t, p)), Array{0.f, -1.f, 1.f}, 1e-6, 1e-6));
  const Array down{{3.f, 0.f}, {4.f, 1.f}};
  EXPECT_TRUE(allclose(evaluate(cosine_similarity(down, graph::ones({2, 2}), {.axis = 0})),
                       Array{-7 / (5 * std::sqrt(2.f)), -1 / std::sqrt(2.f)}, 1e-6, 1e-6));
}

TEST(CosineSimilarityTest, OfAVectorOfLengthZeroIsZeroWithAFiniteGradient) {
  const graph::Tensor p = graph::zeros({1, 3});
  const graph::Tensor loss = CosineSimilarity()(graph::ones({1, 3}), p);
  EXPECT_EQ(evaluate(loss).item<float>(), 0);
  EXPECT_TRUE(array_equal(graph::isfinite(evaluate(autodiff::gradients(loss, {p})[0])),
                          graph::ones({1, 3}).astype(graph::bool_)));
}

TEST(RegressionLossesTest, AreFoundByEveryNameOfKeras) {
  const std::pair<const char*, const char*> names[] = {
      {"mape", "MeanAbsolutePercentageError"},
      {"MAPE", "MeanAbsolutePercentageError"},
      {"mean_absolute_percentage_error", "MeanAbsolutePercentageError"},
      {"msle", "MeanSquaredLogarithmicError"},
      {"MSLE", "MeanSquaredLogarithmicError"},
      {"mean_squared_logarithmic_error", "MeanSquaredLogarithmicError"},
      {"log_cosh", "LogCosh"},
      {"logcosh", "LogCosh"},
      {"huber", "Huber"},
      {"cosine_similarity", "CosineSimilarity"}};
  for (const auto& [name, class_name] : names) EXPECT_EQ(Loss::from_name(name)->class_name(), class_name) << name;
}

TEST(RegressionLossesTest, CompareAColumnWithAFlatVectorSampleBySample) {
  const Array t{1.f, 2.f}, p{{1.f}, {2.f}};
  for (const char* name : {"mape", "msle", "log_cosh", "huber"})
    EXPECT_NEAR(evaluate((*Loss::from_name(name))(t, p)).item<float>(), 0, 1e-6) << name;
}

}  // namespace
}  // namespace cornu::keras::losses

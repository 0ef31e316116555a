#include "cornu/keras/losses/probabilistic.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/keras/expect_error.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::error_text;
using cornu::tests::evaluate;
using graph::Array;

const bool samples = cornu::tests::register_keras_samples([] {
  const Array t{{0.1f, 0.7f, 0.2f}, {0.3f, 0.3f, 0.4f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  return cornu::tests::KerasSamples{{"loss", "KLDivergence", R"({"reduction": "sum", "name": "n"})", true, t, p},
                                    {"loss", "Poisson", R"({"reduction": "sum", "name": "n"})", true, t, p},
                                    {"loss", "CategoricalGeneralizedCrossEntropy",
                                     R"({"q": 0.25, "reduction": "sum", "name": "n"})", false, Array{1.f, 2.f}, p}};
});

TEST(KLDivergenceTest, IsBetweenDistributions) {
  const Array t{{0.25f, 0.75f}, {0.f, 1.f}}, p{{0.5f, 0.5f}, {0.f, 1.f}};
  const float first = 0.25f * std::log(0.5f) + 0.75f * std::log(1.5f);
  EXPECT_TRUE(allclose(evaluate(kl_divergence(t, p)), Array{first, 0.f}, 1e-5, 1e-7));
  for (const char* name : {"kld", "KLD", "kullback_leibler_divergence", "kl_divergence"})
    EXPECT_EQ(Loss::from_name(name)->class_name(), "KLDivergence");
}

TEST(PoissonTest, IsLeastAtTheTarget) {
  const Array t{{2.f, 0.f}}, p{{2.f, 0.f}};
  EXPECT_NEAR(evaluate(poisson(t, p)).item<float>(), (2 - 2 * std::log(2.f)) / 2, 1e-6);
  EXPECT_GT(evaluate(poisson(t, Array{{3.f, 0.f}})).item<float>(), evaluate(poisson(t, p)).item<float>());
}

TEST(CategoricalGeneralizedCrossEntropyTest, IsOfTheTrueClass) {
  const Array p{{0.81f, 0.19f}, {0.36f, 0.64f}};
  const Array want{2 * (1 - 0.9f), 2 * (1 - 0.8f)};
  EXPECT_TRUE(allclose(evaluate(categorical_generalized_cross_entropy(Array{0, 1}, p)), want, 1e-5, 0));
  EXPECT_TRUE(allclose(evaluate(categorical_generalized_cross_entropy(Array{{0}, {1}}, p)), want, 1e-5, 0));
}

TEST(CategoricalGeneralizedCrossEntropyTest, SaysWhatIsWrong) {
  for (const double q : {0.0, 1.0})
    EXPECT_EQ(error_text<ValueError>([&] { CategoricalGeneralizedCrossEntropy({.q = q}); }),
              graph::message("loss 'categorical_generalized_cross_entropy': `q` must be between 0 and 1, got ", q));
  EXPECT_EQ(
      error_text<ShapeError>([] {
        CategoricalGeneralizedCrossEntropy()(Array{0, 1, 1}, graph::ones({2, 2}));
      }),
      "loss 'categorical_generalized_cross_entropy': labels of shape (3,) do not fit predictions of shape (2, 2)");
  EXPECT_EQ(
      error_text<ValueError>([] {
        CategoricalGeneralizedCrossEntropy().check_targets(Array{0, 2}, {kUnknown, 2});
      }),
      "[CategoricalGeneralizedCrossEntropy] labels must be class numbers from 0 to 1 for predictions of 2 classes; "
      "label number 1 is 2");
}

}  // namespace
}  // namespace cornu::keras::losses

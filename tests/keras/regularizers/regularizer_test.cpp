#include "cornu/keras/regularizers/regularizer.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/graph/function.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/keras/regularizers/orthogonal.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::regularizers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"regularizer", "L1", R"({"l1": 0.5})"},
      {"regularizer", "L2", R"({"l2": 0.5})"},
      {"regularizer", "L1L2", R"({"l1": 0.5, "l2": 0.25})"},
      {"regularizer", "OrthogonalRegularizer", R"({"factor": 0.5, "mode": "columns"})"},
  };
});

double penalty(const Regularizer& regularizer, const Array& x) {
  const Array value = Function([&](const Tensor& t) { return regularizer(t); })(x);
  EXPECT_EQ(value.shape(), Shape{});
  return value.item<double>();
}

const Array kX{{1.f, -2.f}, {0.5f, 0.f}};

TEST(RegularizerTest, L1AndL2) {
  EXPECT_NEAR(penalty(l1(0.1), kX), 0.35, 1e-6);
  EXPECT_NEAR(penalty(l2(0.1), kX), 0.525, 1e-6);
  EXPECT_NEAR(penalty(l1_l2({.l1 = 0.1, .l2 = 0.2}), kX), 0.35 + 1.05, 1e-6);
  EXPECT_NEAR(penalty(L1L2({.l2 = 0.1}), kX), 0.525, 1e-6);
  EXPECT_EQ(penalty(L1L2(), kX), 0);
}

TEST(RegularizerTest, NamesHaveKerasDefaults) {
  EXPECT_NEAR(penalty(*Regularizer::from_name("l1"), kX), 0.035, 1e-6);
  EXPECT_NEAR(penalty(*Regularizer::from_name("L2"), kX), 0.0525, 1e-6);
  EXPECT_NEAR(penalty(*Regularizer::from_name("l1_l2"), kX), 0.0875, 1e-6);
  EXPECT_EQ(penalty(*Regularizer::from_name("L1L2"), kX), 0);
  EXPECT_THAT(error_text<ValueError>([] { Regularizer::from_name("l3"); }),
              testing::HasSubstr("unknown regularizer 'l3'; known: "));
}

TEST(RegularizerTest, FactorsAreFiniteAndNotNegative) {
  EXPECT_EQ(error_text<ValueError>([] { L1(-0.1); }),
            "regularizer L1: expected a number of at least 0 for l1, got -0.1");
  EXPECT_EQ(error_text<ValueError>([] { L1L2({.l2 = std::numeric_limits<double>::infinity()}); }),
            "regularizer L1L2: expected a number of at least 0 for l2, got inf");
}

TEST(RegularizerTest, OrthogonalPenalizesCosines) {
  // Rows (1, 0), (1, 1) have the cosine 1 / sqrt(2); columns (1, 1), (0, 1) too.
  const Array x{{1.f, 0.f}, {1.f, 1.f}}, tall{{1.f, 0.f}, {0.f, 1.f}, {3.f, 0.f}};
  EXPECT_NEAR(penalty(OrthogonalRegularizer({.factor = 2}), x), 2 / std::sqrt(2.0), 1e-5);
  EXPECT_NEAR(penalty(OrthogonalRegularizer({.factor = 2, .mode = "columns"}), x), 2 / std::sqrt(2.0), 1e-5);
  EXPECT_NEAR(penalty(OrthogonalRegularizer({.factor = 3}), tall), 1, 1e-5);
  EXPECT_NEAR(penalty(OrthogonalRegularizer({.factor = 3, .mode = "columns"}), tall), 0, 1e-5);
  EXPECT_EQ(error_text<ValueError>([] { OrthogonalRegularizer({.mode = "row"}); }),
            "regularizer OrthogonalRegularizer: expected mode 'rows' or 'columns', got 'row'");
  EXPECT_EQ(error_text<ShapeError>([] { penalty(OrthogonalRegularizer(), Array{1.f}); }),
            "regularizer OrthogonalRegularizer: expected a matrix, got shape (1,)");
}

TEST(RegularizerTest, AFunctionIsARegularizer) {
  const Arg<Regularizer> sum = [](const Tensor& x) { return ops::sum(x); };
  EXPECT_NEAR(penalty(*sum, kX), -0.5, 1e-6);
}

}  // namespace
}  // namespace cornu::keras::regularizers

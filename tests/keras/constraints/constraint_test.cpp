#include "cornu/keras/constraints/constraint.h"

#include <gmock/gmock.h>

#include "cornu/graph/function.h"
#include "cornu/keras/constraints/non_neg.h"
#include "cornu/keras/constraints/norm.h"
#include "cornu/ops/binary.h"
#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::constraints {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"constraint", "MaxNorm", R"({"max_value": 3.0, "axis": [0, 1]})"},
      {"constraint", "MinMaxNorm", R"({"min_value": 0.5, "max_value": 3.0, "rate": 0.5, "axis": 1})"},
      {"constraint", "UnitNorm", R"({"axis": 1})"},
      {"constraint", "NonNeg", "{}"},
  };
});

Array project(const Constraint& constraint, const Array& w) {
  return Function([&](const Tensor& t) { return constraint(t); })(w);
}

const Array kW{{3.f, 0.3f}, {-4.f, 0.4f}};  // columns of norm 5 and 0.5

TEST(ConstraintTest, MaxNormScalesDownAlone) {
  EXPECT_TRUE(allclose(project(MaxNorm({.max_value = 1}), kW), Array{{0.6f, 0.3f}, {-0.8f, 0.4f}}, 1e-5, 1e-6));
  const Array rows = project(MaxNorm({.max_value = 1, .axis = 1}), kW);
  EXPECT_NEAR(graph::sum(rows[1] * rows[1]).item<double>(), 1, 1e-5);
}

TEST(ConstraintTest, NormsOfSeveralAxes) {
  const Array w = graph::ones({2, 2, 3});
  EXPECT_TRUE(allclose(project(MaxNorm({.max_value = 1, .axis = {0, 1}}), w), graph::full({2, 2, 3}, 0.5), 1e-5, 1e-6));
}

TEST(ConstraintTest, MinMaxNormScalesBothWays) {
  EXPECT_TRUE(allclose(project(MinMaxNorm({.min_value = 1, .max_value = 2}), kW), Array{{1.2f, 0.6f}, {-1.6f, 0.8f}},
                       1e-5, 1e-6));
  EXPECT_TRUE(allclose(project(MinMaxNorm({.min_value = 1, .max_value = 2, .rate = 0.5}), kW),
                       Array{{2.1f, 0.45f}, {-2.8f, 0.6f}}, 1e-5, 1e-6));
}

TEST(ConstraintTest, UnitNormAndNonNeg) {
  EXPECT_TRUE(allclose(project(UnitNorm(), kW), Array{{0.6f, 0.6f}, {-0.8f, 0.8f}}, 1e-5, 1e-6));
  EXPECT_TRUE(array_equal(project(NonNeg(), kW), Array{{3.f, 0.3f}, {0.f, 0.4f}}));
}

TEST(ConstraintTest, NamesOfKeras) {
  for (const char* name :
       {"MaxNorm", "max_norm", "MinMaxNorm", "min_max_norm", "NonNeg", "non_neg", "UnitNorm", "unit_norm"})
    EXPECT_TRUE(registry().contains(name)) << name;
  EXPECT_THAT(tests::error_text<ValueError>([] { Constraint::from_name("norm"); }),
              testing::HasSubstr("unknown constraint 'norm'; known: "));
  const Arg<Constraint> half = [](const Tensor& w) { return w * 0.5; };
  EXPECT_TRUE(allclose(project(*half, kW), kW * 0.5));
}

}  // namespace
}  // namespace cornu::keras::constraints

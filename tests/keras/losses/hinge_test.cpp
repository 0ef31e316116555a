#include "cornu/keras/losses/hinge.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::evaluate;
using graph::Array;

const bool samples = cornu::tests::register_keras_samples([] {
  const Array t{{-1.f, 1.f, -1.f}, {1.f, -1.f, -1.f}}, p{{0.2f, 0.5f, -0.3f}, {0.4f, 0.15f, 0.45f}};
  cornu::tests::KerasSamples list;
  for (const char* name : {"Hinge", "SquaredHinge", "CategoricalHinge"})
    list.push_back({"loss", name, R"({"reduction": "sum", "name": "n"})", true, t, p});
  return list;
});

TEST(HingeTest, CountsWhatIsWithinTheMargin) {
  const Array t{{-1.f, 1.f}, {-1.f, -1.f}}, p{{-2.f, 0.5f}, {0.25f, -0.5f}};
  EXPECT_TRUE(array_equal(evaluate(hinge(t, p)), Array{0.25f, (1.25f + 0.5f) / 2}));
  EXPECT_TRUE(array_equal(evaluate(squared_hinge(t, p)), Array{0.125f, (1.25f * 1.25f + 0.25f) / 2}));
}

TEST(HingeTest, LabelsOfZeroAndOneAreMinusOneAndOneIfAllOfABatchAre) {
  const Array p{{0.5f, -0.5f}};
  EXPECT_FLOAT_EQ(evaluate(Hinge()(Array{{1, 0}}, p)).item<float>(), 0.5f);
  EXPECT_FLOAT_EQ(evaluate(Hinge()(Array{{-1, 0}}, p)).item<float>(), (1.5f + 1) / 2) << "0 is 0 beside -1";
}

TEST(CategoricalHingeTest, ComparesTheTrueClassWithTheGreatestOther) {
  const Array t{{0, 1, 0}, {1, 0, 0}}, p{{0.2f, 0.7f, 0.5f}, {3.f, 0.5f, 1.f}};
  EXPECT_TRUE(allclose(evaluate(categorical_hinge(t, p)), Array{0.8f, 0.f}, 1e-6, 0));
}

TEST(HingeTest, RefusesOtherShapes) {
  for (const char* name : {"hinge", "squared_hinge", "categorical_hinge"})
    EXPECT_THROW((*Loss::from_name(name))(graph::ones({2, 3}), graph::ones({2, 4})), ShapeError) << name;
}

}  // namespace
}  // namespace cornu::keras::losses

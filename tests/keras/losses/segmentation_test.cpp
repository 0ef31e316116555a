#include "cornu/keras/losses/segmentation.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::evaluate;
using graph::Array;
using graph::Shape;

const bool samples = cornu::tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 1.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  return cornu::tests::KerasSamples{
      {"loss", "Dice", R"({"axis": [1], "reduction": "sum", "name": "n"})", false, t, p},
      {"loss", "Tversky", R"({"alpha": 0.25, "beta": 0.75, "axis": [1], "reduction": "sum", "name": "n"})", false, t,
       p}};
});

// Keras' documentation gives these results.
const Array kTrue = Array{1, 1, 0, 0, 1, 1, 0, 0}.reshape({2, 2, 2, 1});
const Array kPred = Array{0.f, 1.f, 0.f, 1.f, 0.4f, 0.f, 0.f, 0.9f}.reshape({2, 2, 2, 1});

TEST(DiceTest, IsOfAllOrOfEachSample) {
  EXPECT_TRUE(allclose(evaluate(dice(kTrue, kPred, {.axis = {1, 2, 3}})), Array{0.5f, 0.75757575f}, 1e-6, 0));
  EXPECT_NEAR(evaluate(dice(kTrue, kPred)).item<float>(), 0.6164384f, 1e-6);
  EXPECT_EQ(evaluate(dice(kTrue, kPred)).shape(), Shape{});
  EXPECT_NEAR(evaluate(Dice({.axis = {1, 2, 3}})(kTrue, kPred, Array{1.f, 0.f})).item<float>(), 0.25f, 1e-6);
}

TEST(TverskyTest, IsDiceByDefault) {
  EXPECT_NEAR(evaluate(tversky(kTrue, kPred)).item<float>(), evaluate(dice(kTrue, kPred)).item<float>(), 1e-6);
}

TEST(TverskyTest, WeighsWhatIsMissedAndWhatLiesBeside) {
  const Array t{{1.f, 1.f, 0.f}}, p{{1.f, 0.f, 1.f}};
  EXPECT_NEAR(evaluate(tversky(t, p, {.alpha = 2, .beta = 0})).item<float>(), 1 - 1.f / 3, 1e-6);
  EXPECT_NEAR(evaluate(tversky(t, p, {.alpha = 0, .beta = 3})).item<float>(), 1 - 1.f / 4, 1e-6);
}

TEST(SegmentationLossesTest, OfNothingAreOne) {
  for (const char* name : {"dice", "tversky"})
    EXPECT_EQ(evaluate((*Loss::from_name(name))(graph::zeros({2, 3}), graph::zeros({2, 3}))).item<float>(), 1);
}

TEST(SegmentationLossesTest, RefuseAnAxisThatThereIsNot) {
  EXPECT_THROW(Dice({.axis = 2})(graph::ones({2, 3}), graph::ones({2, 3})), ShapeError);
  EXPECT_THROW(Tversky({.axis = {1, -4}})(graph::ones({2, 3}), graph::ones({2, 3})), ShapeError);
}

}  // namespace
}  // namespace cornu::keras::losses

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "cornu/keras/losses/crossentropy.h"
#include "tests/keras/expect_error.h"
#include "tests/support/captured_stream.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::error_text;
using cornu::tests::evaluate;
using graph::Array;

const bool samples = cornu::tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  const std::string rest =
      R"("gamma": 1.5, "from_logits": true, "label_smoothing": 0.25, "axis": 1, "reduction": "sum", "name": "n"})";
  return cornu::tests::KerasSamples{
      {"loss", "BinaryFocalCrossentropy", R"({"apply_class_balancing": true, "alpha": 0.5, )" + rest, true, t, p},
      {"loss", "CategoricalFocalCrossentropy", R"({"alpha": [0.25, 0.5, 0.75], )" + rest, true, t, p}};
});

float squared(float x) { return x * x; }

TEST(BinaryFocalCrossentropyTest, CountsLessWhatIsPredictedWell) {
  const Array t{{1.f, 0.f}}, p{{0.8f, 0.3f}};
  const float one = -squared(0.2f) * std::log(0.8f), zero = -squared(0.3f) * std::log(0.7f);
  EXPECT_NEAR(evaluate(BinaryFocalCrossentropy()(t, p)).item<float>(), (one + zero) / 2, 1e-6);
  EXPECT_NEAR(evaluate(BinaryFocalCrossentropy({.apply_class_balancing = true})(t, p)).item<float>(),
              (0.25f * one + 0.75f * zero) / 2, 1e-6);
  const Array logits{{std::log(4.f), std::log(3.f / 7)}};
  EXPECT_NEAR(evaluate(BinaryFocalCrossentropy({.from_logits = true})(t, logits)).item<float>(), (one + zero) / 2,
              1e-6);
  EXPECT_NEAR(evaluate(BinaryFocalCrossentropy({.gamma = 0})(t, p)).item<float>(),
              evaluate(BinaryCrossentropy()(t, p)).item<float>(), 1e-6);
}

TEST(CategoricalFocalCrossentropyTest, CountsLessWhatIsPredictedWell) {
  const Array t{{0.f, 1.f, 0.f}, {1.f, 0.f, 0.f}}, p{{0.2f, 0.5f, 0.3f}, {0.6f, 0.2f, 0.2f}};
  const float first = -squared(0.5f) * std::log(0.5f), second = -squared(0.4f) * std::log(0.6f);
  EXPECT_TRUE(
      allclose(evaluate(categorical_focal_crossentropy(t, p * 3)), Array{0.25f * first, 0.25f * second}, 1e-5, 0));
  EXPECT_TRUE(allclose(evaluate(categorical_focal_crossentropy(t, p, {.alpha = {2, 3, 4}})),
                       Array{3 * first, 2 * second}, 1e-5, 0));
}

TEST(CategoricalFocalCrossentropyTest, SaysWhatIsWrong) {
  const Array t = graph::ones({2, 3});
  EXPECT_EQ(error_text<ValueError>([] { CategoricalFocalCrossentropy({.label_smoothing = 2}); }),
            "loss 'categorical_focal_crossentropy': `label_smoothing` must be in [0, 1], got 2");
  EXPECT_EQ(error_text<ValueError>([] { CategoricalFocalCrossentropy({.alpha = {}}); }),
            "loss 'categorical_focal_crossentropy': `alpha` must be a number or a list of one for each class");
  EXPECT_EQ(error_text<ShapeError>([&] {
              CategoricalFocalCrossentropy({.alpha = {1, 2}})(t, t);
            }),
            "loss 'categorical_focal_crossentropy': 2 numbers of `alpha` for predictions of shape (2, 3)");
  EXPECT_EQ(error_text<ShapeError>([&] {
              CategoricalFocalCrossentropy()(t, graph::ones({2, 4}));
            }),
            "loss 'categorical_focal_crossentropy': targets of shape (2, 3) do not fit predictions of shape (2, 4)");
  EXPECT_EQ(error_text<ValueError>([] { BinaryFocalCrossentropy({.label_smoothing = -1}); }),
            "loss 'binary_focal_crossentropy': `label_smoothing` must be in [0, 1], got -1");
}

TEST(CategoricalFocalCrossentropyTest, WarnsOfOneClass) {
  const cornu::tests::CapturedStream errors(std::cerr);
  CategoricalFocalCrossentropy()(graph::ones({2, 1}), graph::ones({2, 1}));
  EXPECT_NE(errors.text().find("loss 'categorical_focal_crossentropy' expects predictions"), std::string::npos);
}

}  // namespace
}  // namespace cornu::keras::losses

#include "cornu/keras/losses/regression.h"

#include <gtest/gtest.h>

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
  return cornu::tests::KerasSamples{
      {"loss", "Huber", R"({"delta": 0.25, "reduction": "sum", "name": "n"})", true, t, p},
  };
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

}  // namespace
}  // namespace cornu::keras::losses

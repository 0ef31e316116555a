#include "cornu/keras/layers/regularization/activity_regularization.h"

#include <gtest/gtest.h>

#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "ActivityRegularization",
       .config = R"({"l1": 0.5, "l2": 0.25, BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

TEST(ActivityRegularizationTest, AddsThePenaltyPerSample) {
  const Array x{{1.f, -2.f}, {3.f, 0.f}};
  const auto run = tests::run_layer(ActivityRegularization({.l1 = 0.1, .l2 = 0.01}), x);
  EXPECT_TRUE(array_equal(run.output, x));
  EXPECT_NEAR(run.added_loss, (0.1 * 6 + 0.01 * 14) / 2, 1e-6);
}

}  // namespace
}  // namespace cornu::keras::layers

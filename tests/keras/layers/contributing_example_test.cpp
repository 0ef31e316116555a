// The example of CONTRIBUTING.md; scripts/check_contributing.sh compares what stands between the marks with the page.
// example
#include <gtest/gtest.h>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/ops/binary.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {

// The header, keras/layers/core/scale.h.
struct ScaleConfig {
  double factor = 1;
  std::string initializer = "ones";
  CORNU_LAYER_CONFIG(ScaleConfig);
};

/// x * gain * factor, with a gain for each feature.
using Scale = Layer::Of<ScaleConfig>;

// The source, keras/layers/core/scale.cpp.
namespace {

class ScaleLayer final : public Configured<Layer, ScaleConfig> {
 public:
  explicit ScaleLayer(ScaleConfig config) : Configured(std::move(config)) { set_supports_masking(true); }
  void build(const Shape& input) override {
    graph::require<ShapeError>(input.back() != kUnknown, who(), "the last axis must be known, got shape ", input);
    gain_ = add_weight({.name = "gain", .shape = {input.back()}, .initializer = config_.initializer});
  }
  Tensor call(const Tensor& x, Context&) override { return x * gain_ * config_.factor; }

 private:
  Variable gain_;
};

}  // namespace

void ScaleConfig::fields(ConfigVisitor& v) {
  v("factor", factor);
  v("initializer", initializer);
}
CORNU_LAYER(ScaleConfig, ScaleLayer, "Scale");

// The test, tests/keras/layers/core/scale_test.cpp.
namespace {

const bool samples = tests::register_keras_samples([] {
  return tests::KerasSamples{{.kind = "layer",
                              .class_name = "Scale",
                              .config = R"({"factor": 0.5, "initializer": "zeros", BASE})",
                              .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1}}}};
});

TEST(ScaleTest, Multiplies) {
  const Array y = tests::call_layer(Scale({.factor = 2}), {Array{{1.f, -3.f}}}).output();
  EXPECT_TRUE(array_equal(y, Array{{2.f, -6.f}}));
}

TEST(ScaleTest, NeedsFeatures) {
  EXPECT_EQ(tests::error_text<ShapeError>([] {
              Scale({.name = "s"})->ensure_built({4, kUnknown});
            }),
            "[Scale \"s\"] the last axis must be known, got shape (None, None)");
}

}  // namespace
}  // namespace cornu::keras::layers
// example

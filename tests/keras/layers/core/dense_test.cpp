#include "cornu/keras/layers/core/dense.h"

#include <gmock/gmock.h>

#include "cornu/keras/activations/rectified.h"
#include "cornu/keras/constraints/norm.h"
#include "cornu/keras/initializers/constant.h"
#include "cornu/keras/initializers/variance_scaling.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Dense",
       .config =
           R"({"units": 3, "activation": "relu", "use_bias": false, "kernel_initializer": "he_normal", "bias_initializer": "ones", "kernel_regularizer": "l1", "bias_regularizer": "l2", "activity_regularizer": "L1", "kernel_constraint": "max_norm", "bias_constraint": "non_neg", BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})},
                   .config = R"({"units": 3, "activation": "tanh", "kernel_regularizer": "l2", BASE})",
                   .free_axes = {1}}},
  };
});

const Array kKernel{{1.f, -1.f, 2.f}, {0.5f, 3.f, -2.f}}, kBias{0.1f, -0.2f, 0.3f};

Dense dense(DenseConfig config = {}) {
  config.units = 3;
  config.name = "d";
  Dense layer(config);
  layer->ensure_built({kUnknown, 2});
  layer->set_weights(config.use_bias ? std::vector<Array>{kKernel, kBias} : std::vector<Array>{kKernel});
  return layer;
}

TEST(DenseTest, MultipliesAndAdds) {
  const Array x{{1.f, 2.f}, {-1.f, 0.5f}};
  const Array y = graph::matmul(x, kKernel);
  EXPECT_TRUE(allclose(run_layer(dense(), x).output, y + kBias));
  EXPECT_TRUE(allclose(run_layer(dense({.use_bias = false}), x).output, y));
  EXPECT_TRUE(allclose(run_layer(dense({.activation = activations::relu.with({.max_value = 2})}), x).output,
                       Array{{2.f, 2.f, 0.f}, {0.f, 2.f, 0.f}}));
}

TEST(DenseTest, WorksAlongTheLastAxisOfAnyRank) {
  const Array x = graph::arange(0, 24).reshape({2, 3, 2, 2}) / 10;
  const Array y = run_layer(dense(), x).output;
  EXPECT_EQ(y.shape(), (Shape{2, 3, 2, 3}));
  EXPECT_TRUE(allclose(y.reshape({12, 3}), graph::matmul(x.reshape({12, 2}), kKernel) + kBias, 1e-5, 1e-6));
  const Dense time(4);
  EXPECT_EQ(time->compute_output_shape({kUnknown, kUnknown, 5}), (Shape{kUnknown, kUnknown, 4}));
}

TEST(DenseTest, TakesIntegers) {
  EXPECT_TRUE(allclose(run_layer(dense(), Array{{1, 2}}).output, run_layer(dense(), Array{{1.f, 2.f}}).output));
}

TEST(DenseTest, WeightsHaveKerasNamesAndWhatBelongsToThem) {
  const Dense layer(3, {.kernel_initializer = initializers::GlorotNormal(),
                        .bias_initializer = initializers::Constant(0.5),
                        .kernel_regularizer = regularizers::l2(0.1),
                        .bias_constraint = constraints::MaxNorm(),
                        .name = "d"});
  layer->ensure_built({kUnknown, 2});
  const auto weights = layer->weight_list();
  ASSERT_EQ(weights.size(), 2u);
  EXPECT_EQ(weights[0].variable.name(), "d/kernel");
  EXPECT_EQ(weights[0].variable.shape(), (Shape{2, 3}));
  EXPECT_TRUE(weights[0].regularizer);
  EXPECT_FALSE(weights[0].constraint);
  EXPECT_EQ(weights[1].variable.name(), "d/bias");
  EXPECT_TRUE(weights[1].constraint);
  EXPECT_TRUE(array_equal(layer->get_weights()[1], graph::full({3}, 0.5)));
  EXPECT_EQ(layer->count_params(), 9);
}

TEST(DenseTest, AddsLossesOfWeightsAndActivity) {
  const Array x{{1.f, 2.f}, {-1.f, 0.5f}};
  const double kernel = graph::sum(kKernel * kKernel).item<double>(),
               bias = graph::sum(graph::abs(kBias)).item<double>();
  EXPECT_NEAR(run_layer(dense({.kernel_regularizer = regularizers::l2(0.1), .bias_regularizer = "l1"}), x).added_loss,
              0.1 * kernel + 0.01 * bias, 1e-5);
  const auto run = run_layer(dense({.activity_regularizer = regularizers::l2(0.1)}), x);
  EXPECT_NEAR(run.added_loss, 0.1 * graph::sum(run.output * run.output).item<double>() / 2, 1e-5);
}

TEST(DenseTest, BadShapesAreRefusedByName) {
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(dense(), graph::ones({32, 100}));
            }),
            "[Dense \"d\"] expected last input axis 2, got 100 (input shape (32, 100))");
  EXPECT_EQ(error_text<ShapeError>([] { Dense(3)->ensure_built({32}); }),
            "[Dense] expected an input of at least two axes, got shape (None,)");
  EXPECT_EQ(error_text<ShapeError>([] {
              Dense(3)->ensure_built({kUnknown, kUnknown});
            }),
            "[Dense] the last axis of the input must be known, got shape (None, None)");
}

TEST(DenseTest, UnitsAreRequired) {
  EXPECT_EQ(error_text<ValueError>([] { Dense(0, {.name = "d"}); }),
            "[Dense \"d\"] expected a positive number of units, got 0");
  EXPECT_THROW(Dense(), ValueError);
  EXPECT_EQ(error_text<ValueError>([] { Dense(3, {.units = 4}); }),
            "Dense(3, {.units = 4}): the number of units is given twice");
  EXPECT_THAT(error_text<ValueError>([] { Dense(3, {.activation = "rleu"}); }),
              testing::HasSubstr("unknown activation 'rleu'"));
}

}  // namespace
}  // namespace cornu::keras::layers

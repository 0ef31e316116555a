// Layers that compute in bfloat16, beside the same ones in float32.
#include <gmock/gmock.h>

#include <cmath>

#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/regularization/activity_regularization.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/layers/reshaping/reshape.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/keras/mixed_precision/policy_scope.h"

namespace cornu::keras::layers {
namespace {

using tests::PolicyScope;
using tests::run_layer;

Array some(const Shape& shape, unsigned seed = 3) { return graph::random::Generator(seed).uniform(shape, -1, 1); }

/// Of the largest magnitude; 2^-8 is half of bfloat16's last digit.
double largest_difference(const Array& a, const Array& b) {
  EXPECT_EQ(a.shape(), b.shape());
  const Array x = a.astype(float32), y = b.astype(float32);
  double difference = 0, largest = 0;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    difference = std::max<double>(difference, std::abs(x.data<float>()[i] - y.data<float>()[i]));
    largest = std::max<double>(largest, std::abs(y.data<float>()[i]));
  }
  return difference / largest;
}

TEST(MixedLayersTest, ComputeInBfloat16WithFloat32Weights) {
  for (const char* activation : {"linear", "relu", "tanh", "gelu", "elu", "softmax", "sigmoid", "silu", "softplus",
                                 "hard_sigmoid", "mish", "selu", "sparsemax"}) {
    const Dense plain(7, {.activation = activation, .dtype = "float32"}),
        mixed(7, {.activation = activation, .dtype = "mixed_bfloat16"});
    const Array x = some({5, 33});
    plain->ensure_built({kUnknown, 33});
    mixed->ensure_built({kUnknown, 33});
    plain->set_weights({some({33, 7}, 4), some({7}, 5)});
    mixed->set_weights(plain->get_weights());
    const Array want = run_layer(plain, x).output, got = run_layer(mixed, x).output;
    EXPECT_EQ(want.dtype(), float32);
    EXPECT_EQ(got.dtype(), bfloat16) << activation;
    EXPECT_LT(largest_difference(got, want), 0.03) << activation;
    EXPECT_EQ(mixed->get_weights()[0].dtype(), float32);
  }
}

TEST(MixedLayersTest, CastFloatingInputsAlone) {
  const PolicyScope scope("mixed_bfloat16");
  EXPECT_EQ(run_layer(Flatten(), some({2, 3, 4})).output.dtype(), bfloat16);
  EXPECT_EQ(run_layer(Flatten(), graph::ones({2, 3}, int32)).output.dtype(), int32);
  EXPECT_EQ(run_layer(Reshape({2, 3}), some({5, 6})).output.dtype(), bfloat16);
  EXPECT_EQ(run_layer(Activation("relu"), some({5, 6})).output.dtype(), bfloat16);
  EXPECT_EQ(run_layer(Activation("relu", {.dtype = "float32"}), some({5, 6}).astype(bfloat16)).output.dtype(), float32);
  EXPECT_EQ(run_layer(Dropout(0.5), some({5, 6})).output.dtype(), bfloat16);
  EXPECT_EQ(run_layer(Dropout(0.5), some({5, 6}), true).output.dtype(), bfloat16);
  EXPECT_EQ(run_layer(Dense(2), graph::ones({2, 3}, uint8)).output.dtype(), bfloat16);
  EXPECT_EQ(run_layer(Input({.shape = {3}}), some({2, 3})).output.dtype(), float32);
}

TEST(MixedLayersTest, DropoutKeepsWhatItScales) {
  const Array x = graph::ones({100, 50}),
              y = run_layer(Dropout(0.25, {.seed = 4, .dtype = "mixed_bfloat16"}), x, true).output.astype(float32);
  int kept = 0;
  for (std::int64_t i = 0; i < y.size(); ++i) {
    const float v = y.data<float>()[i];
    EXPECT_TRUE(v == 0 || std::abs(v - 4 / 3.0) < 0.01) << v;
    kept += v != 0;
  }
  EXPECT_NEAR(kept / 5000.0, 0.75, 0.03);
}

TEST(MixedLayersTest, AddLossesInFloat32) {
  const auto penalty = [](const char* dtype) {
    const Dense layer(
        4, {.kernel_initializer = "ones", .kernel_regularizer = "l2", .activity_regularizer = "l2", .dtype = dtype});
    return run_layer(layer, graph::full({8, 3}, 0.25)).added_loss;
  };
  EXPECT_FLOAT_EQ(penalty("mixed_bfloat16"), penalty("float32"));
  EXPECT_NEAR(run_layer(ActivityRegularization({.l1 = 1e-3, .dtype = "bfloat16"}), graph::ones({4, 300})).added_loss,
              0.3, 1e-6);
}

/// A layer as users write them: reads a weight, keeps a running figure in another, adds a loss.
struct Scale : Layer {
  using Layer::Layer;
  Variable gain, total;
  void build(const Shape& input) override {
    gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones"});
    total = add_weight({.name = "total", .shape = {input.back()}, .initializer = "zeros", .trainable = false});
  }
  Tensor call(const Tensor& x, Context& ctx) override {
    EXPECT_EQ(Tensor(gain).dtype(), compute_dtype());
    ctx.update(total, ctx.value(total) + ops::sum(x, 0));
    ctx.update(total, ctx.value(total) * 2);
    ctx.add_loss(ops::mean(x));
    return x * gain;
  }
};

TEST(MixedLayersTest, OfOnesOwnReadWeightsInTheComputeDtype) {
  for (const char* dtype : {"float32", "mixed_bfloat16", "bfloat16"}) {
    const auto layer = share(Scale({.dtype = dtype}));
    const tests::LayerRun run = run_layer(layer, graph::full({4, 3}, 0.5));
    EXPECT_EQ(run.output.dtype(), layer->compute_dtype());
    EXPECT_TRUE(array_equal(run.output.astype(float32), graph::full({4, 3}, 0.5)));
    EXPECT_EQ(layer->total.dtype(), layer->variable_dtype());
    EXPECT_TRUE(array_equal(layer->total.value().astype(float32), graph::full({3}, 4)));
    EXPECT_EQ(run.added_loss, 0.5);
  }
}

struct Around : Layer {
  using Layer::Layer;
  Shared<Scale> inner = share(Scale({.dtype = "float32"}));
  Variable offset;
  void build(const Shape& input) override {
    offset = add_weight({.name = "offset", .shape = {input.back()}, .initializer = "ones"});
  }
  Tensor call(const Tensor& x, Context& ctx) override {
    const Tensor y = (*inner)(x, ctx);
    EXPECT_EQ(x.dtype(), bfloat16);
    EXPECT_EQ(y.dtype(), float32);
    return x + offset;
  }
};

TEST(MixedLayersTest, InsideOfOneAnotherKeepTheirOwnPolicies) {
  EXPECT_EQ(run_layer(share(Around({.dtype = "mixed_bfloat16"})), graph::ones({4, 3})).output.dtype(), bfloat16);
}

struct AsItIs : Layer {
  AsItIs() : Layer({.dtype = "mixed_bfloat16"}) { set_autocast(false); }
  Variable w;
  void build(const Shape&) override { w = add_weight({.name = "w", .shape = {1}, .initializer = "ones"}); }
  Tensor call(const Tensor& x, Context&) override { return x * w; }
};

TEST(MixedLayersTest, WithoutAutocastGetWhatThereIs) {
  EXPECT_EQ(run_layer(share(AsItIs()), graph::ones({4, 3})).output.dtype(), float32);
}

TEST(MixedLayersTest, APolicyMayBeSetAfterwards) {
  const Dense layer(3);
  layer->ensure_built({kUnknown, 2});
  layer->set_dtype_policy("mixed_bfloat16");
  EXPECT_EQ(run_layer(layer, some({4, 2})).output.dtype(), bfloat16);
  EXPECT_THAT(get_config(*layer), testing::HasSubstr(R"("dtype":"mixed_bfloat16")"));
}

}  // namespace
}  // namespace cornu::keras::layers

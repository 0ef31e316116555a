#include "cornu/keras/layers/layer.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/graph/op.h"
#include "cornu/keras/initializers/constant.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/native/slice.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/run_layer.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

struct Scale : Layer {
  using Layer::Layer;
  Variable gain, offset;
  void build(const Shape& input) override {
    offset = add_weight({.name = "offset", .shape = {input.back()}, .initializer = "zeros", .trainable = false});
    gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones", .regularizer = "l2"});
  }
  Tensor call(const Tensor& x, Context&) override { return x * gain + offset; }
};

TEST(LayerTest, BuildsOnFirstUse) {
  const auto scale = share(Scale());
  EXPECT_FALSE(scale->built());
  EXPECT_FALSE(scale->input_shape().is_set());
  EXPECT_TRUE(scale->weights().empty());
  EXPECT_TRUE(array_equal(run_layer(scale, Array{{1.f, 2.f}}).output, Array{{1.f, 2.f}}));
  EXPECT_TRUE(scale->built());
  EXPECT_EQ(scale->input_shape(), (Shape{kUnknown, 2}));
  EXPECT_EQ(scale->output_shape(), (Shape{kUnknown, 2}));
  EXPECT_EQ(scale->count_params(), 4);
}

TEST(LayerTest, AHandleIsTheSameLayer) {
  const auto scale = share(Scale());
  const Shared<Layer> other = scale;
  run_layer(scale, graph::ones({1, 2}));
  scale->gain.assign(Array{2.f, 3.f});
  EXPECT_TRUE(array_equal(run_layer(other, graph::ones({4, 2})).output[3], Array{2.f, 3.f}));
  EXPECT_EQ(other, scale);
}

TEST(LayerTest, TrainableWeightsComeFirst) {
  const auto scale = share(Scale());
  scale->ensure_built({kUnknown, 3});
  ASSERT_EQ(scale->weights().size(), 2u);
  EXPECT_EQ(scale->weights()[0], scale->gain);
  EXPECT_EQ(scale->trainable_weights(), std::vector<Variable>{scale->gain});
  EXPECT_EQ(scale->non_trainable_weights(), std::vector<Variable>{scale->offset});
  scale->set_trainable(false);
  EXPECT_TRUE(scale->trainable_weights().empty());
  EXPECT_EQ(scale->non_trainable_weights().size(), 2u);
}

TEST(LayerTest, WeightsAreNamedBelowTheLayer) {
  const auto scale = share(Scale());
  scale->ensure_built({kUnknown, 3});
  EXPECT_EQ(scale->gain.name(), "scale/gain");
  scale->set_name("s_1");
  EXPECT_EQ(scale->gain.name(), "s_1/gain");
  EXPECT_EQ(error_text<ValueError>([&] { scale->set_name("a/b"); }), "layer: expected a name without '/', got \"a/b\"");
}

TEST(LayerTest, SetWeightsChecksBeforeItChanges) {
  const auto scale = share(Scale({.name = "s"}));
  scale->ensure_built({kUnknown, 2});
  EXPECT_EQ(error_text<ValueError>([&] { scale->set_weights({graph::ones({2})}); }),
            "[Scale \"s\"] set_weights: expected 2 arrays, got 1");
  EXPECT_EQ(error_text<ShapeError>([&] {
              scale->set_weights({graph::full({2}, 5), graph::ones({3})});
            }),
            "[Scale \"s\"] set_weights: expected shape (2,) for 's/offset', got (3,)");
  EXPECT_TRUE(array_equal(scale->get_weights()[0], graph::ones({2})));
  scale->set_weights({Array{1.f, 2.f}, Array{3.f, 4.f}});
  EXPECT_TRUE(array_equal(run_layer(scale, graph::ones({1, 2})).output, Array{{4.f, 6.f}}));
}

TEST(LayerTest, RegularizedWeightsAddTheirLossOnceAndOnlyIfTrainable) {
  const auto scale = share(Scale());
  EXPECT_NEAR(run_layer(scale, graph::ones({5, 3})).added_loss, 0.03, 1e-6);
  const auto twice = [&] {
    const Function call([&](const Tensor& x) {
      Context ctx;
      (*scale)((*scale)(x, ctx), ctx);
      return Tensor(Array::scalar(static_cast<int>(ctx.losses().size())));
    });
    return call(graph::ones({5, 3})).one().item<int>();
  };
  EXPECT_EQ(twice(), 1);
  scale->set_trainable(false);
  EXPECT_EQ(run_layer(scale, graph::ones({5, 3})).added_loss, 0);
}

struct Broken : Layer {
  using Layer::Layer;
  Tensor call(const Tensor& x, Context&) override { return x + Tensor(graph::ones({7})); }
};

TEST(LayerTest, ErrorsOfOpsNameTheLayer) {
  const auto layer = share(Broken({.name = "b"}));
  const std::string text = error_text<ShapeError>([&] { layer->ensure_built({kUnknown, 3}); });
  EXPECT_THAT(text, testing::StartsWith("[Broken \"b\"] "));
  EXPECT_THAT(text, testing::HasSubstr("(7,)"));
  EXPECT_FALSE(layer->built());
}

struct Outer : Layer {
  Shared<Layer> inner = share(Broken({.name = "inner"}));
  Tensor call(const Tensor& x, Context& ctx) override { return (*inner)(x, ctx); }
};

TEST(LayerTest, TheInnermostLayerIsNamed) {
  EXPECT_THAT(error_text<ShapeError>([] {
                share(Outer())->ensure_built({kUnknown, 3});
              }),
              testing::StartsWith("[Broken \"inner\"] "));
}

struct Undefined : Layer {
  Tensor call(const Tensor&, Context&) override { return {}; }
};
struct Odd : Layer {
  void build(const Shape&) override {
    add_weight({.name = "w", .shape = {2}, .initializer = [](const Shape&) { return graph::ones({3}); }});
  }
  Tensor call(const Tensor& x, Context&) override { return x; }
};
struct Shapeless : Layer {
  void build(const Shape& input) override { add_weight({.name = "w", .shape = input}); }
  Tensor call(const Tensor& x, Context&) override { return x; }
};

TEST(LayerTest, MistakesOfAUsersLayerAreReported) {
  EXPECT_THROW(share(Undefined())->ensure_built({kUnknown, 3}), ValueError);
  EXPECT_EQ(error_text<ValueError>([] {
              share(Odd())->ensure_built({kUnknown, 3});
            }),
            "[Odd] initializer <lambda> gave shape (3,) for weight 'w' of shape (2,)");
  EXPECT_EQ(error_text<ValueError>([] {
              share(Shapeless())->ensure_built({kUnknown, 3});
            }),
            "[Shapeless] weight 'w' needs a known shape, got (None, 3)");
  EXPECT_EQ(error_text<ValueError>([] { Scale({.name = "s", .dtype = "float64"}); }),
            "layer \"s\": dtype policy 'float64': models are computed in float32 at most (supported are 'float32', "
            "'mixed_bfloat16' and 'bfloat16')");
}

struct FirstHalf : Layer {
  Tensor call(const Tensor& x, Context& ctx) override {
    ctx.add_loss(Tensor(Array::scalar(1.f)));
    return ops::slice(x, 1, 0, x.shape()[1] / 2);
  }
};

TEST(LayerTest, OutputShapesAreFoundByDescribing) {
  const auto half = share(FirstHalf());
  EXPECT_EQ(half->compute_output_shape({kUnknown, 6, 2}), (Shape{kUnknown, 3, 2}));
  EXPECT_EQ(half->compute_output_shape({5, 6, 2}), (Shape{5, 3, 2}));
  EXPECT_EQ(half->compute_output_shape({kUnknown, kUnknown, 2}), (Shape{kUnknown, kUnknown, 2}));
}

struct Noise : Layer {
  explicit Noise(std::optional<std::int64_t> seed) { set_seed(seed); }
  Tensor call(const Tensor& x, Context& ctx) override {
    return x + ops::random_uniform(random_state(ctx), x.shape()) +
           10 * ops::random_uniform(random_state(ctx), x.shape());
  }
};

TEST(LayerTest, TheRandomStreamMovesOn) {
  const auto first = share(Noise(3)), second = share(Noise(3)), other = share(Noise(4));
  const Array x = graph::zeros({1, 4});
  const Array a = run_layer(first, x, true).output, b = run_layer(first, x, true).output;
  EXPECT_FALSE(array_equal(a, b));
  EXPECT_TRUE(array_equal(run_layer(second, x, true).output, a));
  EXPECT_FALSE(array_equal(run_layer(other, x, true).output, a));
  EXPECT_TRUE(first->weights().empty());
  // Two draws of one call differ: the ones and tens are not the same digits.
  const float value = a.span<float>()[0], tens = std::floor(value / 10);
  EXPECT_NE(value, 11 * (value - 10 * tens));
}

TEST(LayerTest, NodesAreNamedAfterTheLayer) {
  const auto scale = share(Scale({.name = "s"}));
  const Function call([&](const Tensor& x) {
    Context ctx;
    const Tensor y = (*scale)(x, ctx);
    EXPECT_EQ(y.node().scope(), "s");
    return y;
  });
  call(graph::ones({1, 2}));
}

TEST(LayerTest, ALayerCanBeMadeByName) {
  EXPECT_THAT(error_text<ValueError>([] { Layer::from_name("Dens"); }),
              testing::HasSubstr("unknown layer 'Dens'; known: "));
  EXPECT_EQ(Layer::from_name("Dropout")->class_name(), "Dropout");
}

}  // namespace
}  // namespace cornu::keras::layers

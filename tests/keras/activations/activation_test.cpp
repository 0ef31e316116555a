#include "cornu/keras/activations/activation.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/keras/activations/along_axis.h"
#include "cornu/keras/activations/rectified.h"
#include "cornu/keras/activations/smooth.h"
#include "cornu/ops/binary.h"
#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::activations {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"activation", "relu", R"({"negative_slope": 0.5, "max_value": 6.0, "threshold": 1.0})"},
      {"activation", "leaky_relu", R"({"negative_slope": 0.5})"},
      {"activation", "relu6", "{}"},
      {"activation", "hard_tanh", "{}"},
      {"activation", "hard_sigmoid", "{}"},
      {"activation", "hard_sigmoid_keras2", "{}"},
      {"activation", "hard_silu", "{}"},
      {"activation", "hard_shrink", R"({"threshold": 0.25})"},
      {"activation", "soft_shrink", R"({"threshold": 0.25})"},
      {"activation", "threshold", R"({"threshold": 0.25, "default_value": 1.0})"},
      {"activation", "sparse_plus", "{}"},
      {"activation", "sparse_sigmoid", "{}"},
      {"activation", "linear", "{}"},
      {"activation", "sigmoid", "{}"},
      {"activation", "log_sigmoid", "{}"},
      {"activation", "tanh", "{}"},
      {"activation", "tanh_shrink", "{}"},
      {"activation", "exponential", "{}"},
      {"activation", "softplus", "{}"},
      {"activation", "softsign", "{}"},
      {"activation", "squareplus", R"({"b": 2.0})"},
      {"activation", "elu", R"({"alpha": 2.0})"},
      {"activation", "celu", R"({"alpha": 2.0})"},
      {"activation", "selu", "{}"},
      {"activation", "silu", "{}"},
      {"activation", "gelu", R"({"approximate": true})"},
      {"activation", "mish", "{}"},
      {"activation", "softmax", R"({"axis": 1})"},
      {"activation", "log_softmax", R"({"axis": 1})"},
      {"activation", "sparsemax", R"({"axis": 1})"},
      {"activation", "glu", R"({"axis": 1})"},
  };
});

template <class F>
Array compute(const F& f, const Array& x) {
  return Function([&](const Tensor& t) { return f(t); })(x);
}

const Array kX{-8.f, -2.f, -0.75f, -0.25f, 0.f, 0.3f, 0.75f, 2.f, 8.f};

TEST(ActivationTest, KerasNamesAreKnown) {
  for (const char* name :
       {"relu",        "leaky_relu",   "relu6",       "softmax",     "celu",        "elu",         "selu",
        "softplus",    "softsign",     "squareplus",  "soft_shrink", "sparse_plus", "silu",        "swish",
        "gelu",        "glu",          "tanh",        "tanh_shrink", "threshold",   "sigmoid",     "sparse_sigmoid",
        "exponential", "hard_sigmoid", "hard_silu",   "hard_swish",  "hard_tanh",   "hard_shrink", "linear",
        "mish",        "log_softmax",  "log_sigmoid", "sparsemax"})
    EXPECT_TRUE(registry().contains(name)) << name;
  EXPECT_EQ(Activation::from_name("swish")->class_name(), "silu");
  const std::string text = error_text<ValueError>([] { Activation::from_name("rleu"); });
  EXPECT_THAT(text, testing::HasSubstr("unknown activation 'rleu'; known: "));
  EXPECT_THAT(text, testing::HasSubstr("relu6"));
}

TEST(ActivationTest, ReluTakesArguments) {
  EXPECT_TRUE(allclose(compute([](const Tensor& x) { return relu(x); }, kX),
                       Array{0.f, 0.f, 0.f, 0.f, 0.f, 0.3f, 0.75f, 2.f, 8.f}));
  EXPECT_TRUE(allclose(compute([](const Tensor& x) { return relu(x, {.max_value = 1}); }, kX),
                       Array{0.f, 0.f, 0.f, 0.f, 0.f, 0.3f, 0.75f, 1.f, 1.f}));
  EXPECT_TRUE(allclose(
      compute([](const Tensor& x) { return relu(x, {.negative_slope = 0.5, .max_value = 2, .threshold = 0.5}); }, kX),
      Array{-4.25f, -1.25f, -0.625f, -0.375f, -0.25f, -0.1f, 0.75f, 2.f, 2.f}));
  EXPECT_TRUE(
      allclose(compute(*relu.with({.max_value = 1}), kX), Array{0.f, 0.f, 0.f, 0.f, 0.f, 0.3f, 0.75f, 1.f, 1.f}));
}

TEST(ActivationTest, DefaultsAreThoseOfKeras3) {
  const auto at = [](auto f, float x) { return compute(f, Array{x}).template item<double>(); };
  EXPECT_NEAR(at([](const Tensor& x) { return leaky_relu(x); }, -1.f), -0.2, 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return hard_sigmoid(x); }, 1.f), 4.0 / 6, 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return hard_sigmoid_keras2(x); }, 1.f), 0.7, 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return hard_shrink(x); }, 0.4f), 0, 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return soft_shrink(x); }, 0.75f), 0.25, 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return gelu(x); }, 1.f), 0.8413447, 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return gelu(x, {.approximate = true}); }, 1.f), 0.8411920, 1e-5);
  EXPECT_NEAR(at([](const Tensor& x) { return squareplus(x); }, 1.f), (1 + std::sqrt(5.0)) / 2, 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return elu(x, {.alpha = 2}); }, -1.f), 2 * (std::exp(-1.0) - 1), 1e-6);
  EXPECT_NEAR(at([](const Tensor& x) { return threshold(x, {.threshold = 0.5, .default_value = -3}); }, 0.25f), -3,
              1e-6);
}

TEST(ActivationTest, FunctionsAlongAnAxis) {
  const Array x{{1.f, 2.f}, {3.f, 5.f}};
  const Array rows = compute([](const Tensor&x) { return softmax(x); }, x),
              columns = compute([](const Tensor&x) { return softmax(x, {.axis = 0}); }, x);
  EXPECT_TRUE(allclose(graph::sum(rows, 1), graph::ones({2})));
  EXPECT_TRUE(allclose(graph::sum(columns, 0), graph::ones({2})));
  EXPECT_EQ(compute([](const Tensor& x) { return glu(x, {.axis = 0}); }, x).shape(), (Shape{1, 2}));
  EXPECT_TRUE(allclose(compute([](const Tensor& x) { return sparsemax(x); }, x), Array{{0.f, 1.f}, {0.f, 1.f}}));
}

TEST(ActivationTest, IsTakenByNameAsAnObjectAndAsAFunction) {
  const Arg<Activation> by_name = "tanh", object = activations::tanh, function = [](const Tensor&x) { return x * 2; };
  EXPECT_EQ(by_name->class_name(), "tanh");
  EXPECT_EQ(object->class_name(), "tanh");
  EXPECT_EQ(function->class_name(), "<lambda>");
  EXPECT_TRUE(allclose(compute(*function, kX), kX * 2));
  EXPECT_TRUE(array_equal(compute(*by_name, kX), compute(*object, kX)));
}

}  // namespace
}  // namespace cornu::keras::activations

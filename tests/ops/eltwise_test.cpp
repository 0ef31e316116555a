#include "cornu/ops/eltwise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/select.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using Function1 = double (*)(double);

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double gelu(double x) { return 0.5 * x * std::erfc(-x / std::sqrt(2.0)); }
double gelu_tanh(double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }
double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

const double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();

Array usual() {
  return numbers({3, 5}, {-3, -1.5, -0.75, -0.3, -0.1, 0.1, 0.2, 0.4, 0.6, 0.9, 1.25, 1.8, 2.5, 3.5, 5});
}
Array positive() { return numbers({7}, {0.3, 0.5, 0.9, 1, 1.5, 4, 20}); }
Array corners() { return numbers({8}, {0, -0.0, kInf, -kInf, kNaN, 1e18, -1e18, 1e-30}); }
Array wide() {
  std::vector<double> values;
  for (double m = 1e-6; m < 2e4; m *= 1.3) values.insert(values.end(), {m, -m});
  return numbers({static_cast<std::int64_t>(values.size())}, values);
}

struct Case {
  std::string op, what;
  std::function<Tensor(const Tensor&)> build;
  std::function<double(double)> f;
  bool smooth = true;
};

std::vector<Case> functions() {
  return {
      {"relu", "plain", [](const Tensor& x) { return ops::relu(x); }, [](double x) { return x <= 0 ? 0 : x; }},
      {"relu", "leaky", [](const Tensor& x) { return ops::leaky_relu(x); },
       [](double x) { return x > 0 ? x : 0.2 * x; }},
      {"relu", "negative slope", [](const Tensor& x) { return ops::leaky_relu(x, -0.5); },
       [](double x) { return x > 0 ? x : -0.5 * x; }},
      {"elu", "alpha 1", [](const Tensor& x) { return ops::elu(x); },
       [](double x) { return x > 0 ? x : std::expm1(x); }},
      {"elu", "alpha 0.5", [](const Tensor& x) { return ops::elu(x, 0.5); },
       [](double x) { return x > 0 ? x : 0.5 * std::expm1(x); }},
      {"elu", "alpha -0.5", [](const Tensor& x) { return ops::elu(x, -0.5); },
       [](double x) { return x > 0 ? x : -0.5 * std::expm1(x); }},
      {"tanh", "", [](const Tensor& x) { return ops::tanh(x); }, [](double x) { return std::tanh(x); }},
      {"sigmoid", "", [](const Tensor& x) { return ops::sigmoid(x); }, sigmoid},
      {"softplus", "", [](const Tensor& x) { return ops::softplus(x); }, softplus},
      {"softsign", "", [](const Tensor& x) { return ops::softsign(x); },
       [](double x) { return x / (std::abs(x) + 1); }},
      {"square", "", [](const Tensor& x) { return ops::square(x); }, [](double x) { return x * x; }},
      {"abs", "", [](const Tensor& x) { return ops::abs(x); }, [](double x) { return std::abs(x); }},
      {"linear", "", [](const Tensor& x) { return ops::linear(x, 2.5, -0.5); }, [](double x) { return 2.5 * x - 0.5; }},
      {"linear", "negative", [](const Tensor& x) { return ops::negative(x); }, [](double x) { return -x; }},
      {"clip", "", [](const Tensor& x) { return ops::clip(x, -1, 2); },
       [](double x) { return x < -1  ? -1
                             : x > 2 ? 2
                                     : x; }},
      {"sign", "", [](const Tensor& x) { return ops::sign(x); }, sign, false},
      {"floor", "", [](const Tensor& x) { return ops::floor(x); }, [](double x) { return std::floor(x); }, false},
      {"round", "", [](const Tensor& x) { return ops::round(x); }, [](double x) { return std::nearbyint(x); }, false},
      {"erf", "", [](const Tensor& x) { return ops::erf(x); }, [](double x) { return std::erf(x); }},
  };
}

OpSample sample(const Case& c, std::string what, const Array& x, bool differentiable) {
  return {.op = c.op,
          .what = c.what + " " + what,
          .build = [build = c.build](const Tensors& in) { return build(in[0]); },
          .inputs = {x},
          .reference = [f = c.f](const std::vector<F64>& in) { return map(in[0], f); },
          .differentiable = differentiable ? std::vector<int>{0} : std::vector<int>{}};
}

SpecialFunction power_of(const char* name, double exponent) {
  return of_one(name, [=](const Tensor& x) { return ops::power(x, exponent); });
}

const bool special = register_special_functions(
    {of_one("relu", [](const Tensor& x) { return ops::relu(x); }),
     of_one("leaky_relu", [](const Tensor& x) { return ops::leaky_relu(x, 0.2); }),
     of_one("elu", [](const Tensor& x) { return ops::elu(x); }),
     of_one("elu_half", [](const Tensor& x) { return ops::elu(x, 0.5); }),
     of_one("tanh", ops::tanh),
     of_one("sigmoid", ops::sigmoid),
     of_one("softplus", ops::softplus),
     of_one("softsign", ops::softsign),
     of_one("gelu", [](const Tensor& x) { return ops::gelu(x); }),
     of_one("gelu_tanh", [](const Tensor& x) { return ops::gelu(x, true); }),
     of_one("exp", ops::exp),
     of_one("log", ops::log),
     of_one("sqrt", ops::sqrt),
     of_one("square", ops::square),
     of_one("abs", ops::abs),
     power_of("power_0", 0),
     power_of("power_half", 0.5),
     power_of("power_minus_half", -0.5),
     power_of("power_minus_1", -1),
     power_of("power_3", 3),
     power_of("power_3_halves", 1.5),
     power_of("power_third", 1.0 / 3),
     of_one("clip", [](const Tensor& x) { return ops::clip(x, -1, 1); }),
     of_one("linear", [](const Tensor& x) { return ops::linear(x, 2.5, -0.5); }),
     of_one("negative", ops::negative),
     of_one("sin", ops::sin),
     of_one("cos", ops::cos),
     of_one("sign", ops::sign),
     of_one("floor", ops::floor),
     of_one("round", ops::round),
     of_one("reciprocal", ops::reciprocal),
     of_one("erf", ops::erf),
     of_one("square_of_sqrt", [](const Tensor& x) { return ops::square(ops::sqrt(x)); }),
     of_one("sqrt_of_square", [](const Tensor& x) { return ops::sqrt(ops::square(x)); }),
     of_one("sqrt_or_square",
            [](const Tensor& x) { return ops::where(ops::less(x, ops::ones_like(x)), ops::square(x), ops::sqrt(x)); }),
     of_one("reciprocal_or_square", [](const Tensor& x) {
       return ops::where(ops::less(x, ops::ones_like(x)), ops::square(x), ops::reciprocal(x));
     })});

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Case& c : functions()) {
    all.push_back(sample(c, "usual", usual(), c.smooth));
    all.push_back(sample(c, "corners", corners(), false));
    all.push_back(sample(c, "wide", wide(), false));
    all.push_back(sample(c, "large", uniform({3, 70001}, -4, 4), false));
    all.push_back(sample(c, "scalar", numbers({}, {0.7}), c.smooth));
    all.push_back(sample(c, "empty", Array(Shape{0, 3}), false));
  }
  const std::vector<Case> with_small_domains{
      {"gelu", "", [](const Tensor& x) { return ops::gelu(x); }, gelu},
      {"gelu", "approximate", [](const Tensor& x) { return ops::gelu(x, true); }, gelu_tanh},
      {"exp", "", [](const Tensor& x) { return ops::exp(x); }, [](double x) { return std::exp(x); }},
      {"sin", "", [](const Tensor& x) { return ops::sin(x); }, [](double x) { return std::sin(x); }},
      {"cos", "", [](const Tensor& x) { return ops::cos(x); }, [](double x) { return std::cos(x); }},
      {"reciprocal", "", [](const Tensor& x) { return ops::reciprocal(x); }, [](double x) { return 1 / x; }},
      {"power_scalar", "3", [](const Tensor& x) { return ops::power(x, 3); }, [](double x) { return x * x * x; }},
      {"power_scalar", "-2", [](const Tensor& x) { return ops::power(x, -2); }, [](double x) { return 1 / (x * x); }},
      {"power_scalar", "0", [](const Tensor& x) { return ops::power(x, 0); }, [](double) { return 1.0; }},
  };
  for (const Case& c : with_small_domains) {
    all.push_back(sample(c, "usual", usual(), true));
    all.push_back(sample(c, "large", uniform({3, 70001}, 0.5, 4), false));
    all.push_back(sample(c, "negative", uniform({50}, -8, -1e-2), false));
    all.push_back(sample(c, "empty", Array(Shape{0}), false));
  }
  all.push_back(sample(with_small_domains[0], "wide", wide(), false));
  all.push_back(sample(with_small_domains[1], "wide", wide(), false));
  all.push_back(sample(with_small_domains[2], "corners", corners(), false));
  all.push_back(sample(with_small_domains[5], "corners", corners(), false));
  const std::vector<Case> of_positive{
      {"log", "", [](const Tensor& x) { return ops::log(x); }, [](double x) { return std::log(x); }},
      {"sqrt", "", [](const Tensor& x) { return ops::sqrt(x); }, [](double x) { return std::sqrt(x); }},
      {"power_scalar", "half", [](const Tensor& x) { return ops::power(x, 0.5); },
       [](double x) { return std::sqrt(x); }},
      {"power_scalar", "minus half", [](const Tensor& x) { return ops::power(x, -0.5); },
       [](double x) { return 1 / std::sqrt(x); }},
      {"power_scalar", "2.7", [](const Tensor& x) { return ops::power(x, 2.7); },
       [](double x) { return std::pow(x, 2.7); }},
  };
  for (const Case& c : of_positive) {
    all.push_back(sample(c, "usual", positive(), true));
    all.push_back(sample(c, "large", uniform({3, 70001}, 0.5, 4), false));
  }
  all.push_back(sample(of_positive[0], "corners", numbers({8}, {0, kInf, kNaN, -1, 1, 1e-30, 1e-42, 1e30}), false));
  all.push_back(sample(of_positive[0], "near 1", uniform({100}, 0.999, 1.001), false));
  all.back().atol = 1e-6;
  all.push_back(sample(of_positive[1], "corners", numbers({7}, {0, kInf, kNaN, -1, 1e-30, 1e-42, 1e30}), false));

  // The gradients as ops: f'(x) dy of y = f(x).
  struct Gradient {
    std::string op, what;
    std::function<Tensor(const Tensor&)> f;
    std::function<double(double)> derivative;
  };
  for (const Gradient& g : std::vector<Gradient>{
           {"relu_gradient", "", [](const Tensor& x) { return ops::relu(x); }, [](double x) { return x > 0; }},
           {"relu_gradient", "leaky", [](const Tensor& x) { return ops::leaky_relu(x); },
            [](double x) { return x > 0 ? 1 : 0.2; }},
           {"elu_gradient", "", [](const Tensor& x) { return ops::elu(x, 0.5); },
            [](double x) { return x > 0 ? 1 : 0.5 * std::exp(x); }},
           {"tanh_gradient", "", [](const Tensor& x) { return ops::tanh(x); },
            [](double x) { return 1 / (std::cosh(x) * std::cosh(x)); }},
           {"sigmoid_gradient", "", [](const Tensor& x) { return ops::sigmoid(x); },
            [](double x) { return sigmoid(x) * (1 - sigmoid(x)); }},
           {"sqrt_gradient", "", [](const Tensor& x) { return ops::sqrt(ops::square(x) + 0.25); },
            [](double x) { return x / std::sqrt(x * x + 0.25); }},
           {"reciprocal_gradient", "", [](const Tensor& x) { return ops::reciprocal(ops::square(x) + 0.5); },
            [](double x) { return -2 * x / std::pow(x * x + 0.5, 2); }},
       }) {
    for (const Array& x : {usual(), uniform({3, 70001}, -4, 4), Array(Shape{0})})
      all.push_back(
          {.op = g.op,
           .what = g.what + " " + graph::to_string(x.shape()),
           .build = [f = g.f](const Tensors& in) { return autodiff::gradients({f(in[0])}, {in[1]}, {in[0]})[0]; },
           .inputs = {x, uniform(x.shape(), -1, 1, 9)},
           .reference =
               [d = g.derivative](const std::vector<F64>& in) {
                 return zip(in[0], in[1], [&](double p, double dy) { return d(p) * dy; });
               },
           .differentiable = x.size() == 15 ? std::vector<int>{0, 1} : std::vector<int>{}});
  }
  return all;
});

/// Those that take integers as well.
const char* const kOfIntegers[] = {"relu", "square", "abs", "clip", "sign"};

const bool errors = register_errors([] {
  const auto ints = [] { return input(0, {3}, graph::int32); };
  std::vector<OpError> all;
  for (const Case& c : functions()) {
    all.push_back(
        {c.op, "expected a float32 or bfloat16 tensor, got bool(3,)", [=] { c.build(input(0, {3}, graph::bool_)); }});
    const bool of_integers =
        c.what == "negative" || (std::count(std::begin(kOfIntegers), std::end(kOfIntegers), c.op) &&
                                 c.what != "leaky" && c.what != "negative slope");
    if (!of_integers)
      all.push_back({c.op, "expected a float32 or bfloat16 tensor, got int32(3,)", [=] { c.build(ints()); }});
  }
  for (const auto& [op, f] :
       std::vector<std::pair<std::string, Tensor (*)(const Tensor&)>>{{"exp", ops::exp},
                                                                      {"log", ops::log},
                                                                      {"sqrt", ops::sqrt},
                                                                      {"sin", ops::sin},
                                                                      {"cos", ops::cos},
                                                                      {"reciprocal", ops::reciprocal}})
    all.push_back({op, "expected a float32 or bfloat16 tensor", [=, f = f] { f(ints()); }});
  all.push_back({"gelu", "expected a float32 or bfloat16 tensor", [=] { ops::gelu(ints()); }});
  all.push_back({"power_scalar", "expected a float32 or bfloat16 tensor", [=] { ops::power(ints(), 3); }});
  all.push_back({"clip", "no uint8 is from 300 to 400", [] { ops::clip(input(0, {3}, graph::uint8), 300, 400); }});
  all.push_back({"clip", "the lower bound 2 is above the upper one, 1", [] { ops::clip(input(0, {3}), 2, 1); }});
  return all;
});

template <class F>
Array of_integers(F f, const Array& x) {
  const Array y = interpret({f(input(0, x.shape(), x.dtype()))}, {x})[0];
  EXPECT_EQ(y.dtype(), x.dtype());
  return y;
}

TEST(Eltwise, SomeFunctionsOfIntegersAreIntegers) {
  const Array x{-3, 0, 5, -2147483647 - 1}, bytes = Array{0, 7, 255}.astype(graph::uint8);
  const auto relu = [](const Tensor& t) { return ops::relu(t); };
  const auto clip = [](double low, double high) { return [=](const Tensor& t) { return ops::clip(t, low, high); }; };
  EXPECT_TRUE(array_equal(of_integers(relu, x), Array{0, 0, 5, 0}));
  EXPECT_TRUE(array_equal(of_integers(ops::square, x), Array{9, 0, 25, 0}));
  EXPECT_TRUE(array_equal(of_integers(ops::abs, x), Array{3, 0, 5, -2147483647 - 1}))
      << "the least one wraps, as in NumPy";
  EXPECT_TRUE(array_equal(of_integers(ops::negative, x), Array{3, 0, -5, -2147483647 - 1}));
  EXPECT_TRUE(array_equal(of_integers(ops::sign, x), Array{-1, 0, 1, -1}));
  EXPECT_TRUE(array_equal(of_integers(clip(-1.5, 2.5), x), Array{-1, 0, 2, -1}));
  EXPECT_TRUE(array_equal(of_integers(clip(-INFINITY, 1e30), x), x));
  for (const auto f : {ops::abs, ops::sign, ops::square, ops::negative}) of_integers(f, bytes);
  EXPECT_TRUE(array_equal(of_integers(ops::sign, bytes), Array{0, 1, 1}));
  EXPECT_TRUE(array_equal(of_integers(ops::negative, bytes), Array{0, 249, 1}));
  EXPECT_TRUE(array_equal(of_integers(clip(-4, 200), bytes), Array{0, 7, 200}));
  EXPECT_TRUE(array_equal(of_integers(clip(0, 9e18), Array(std::vector<std::int64_t>{-1, 5})), Array{0, 5}));
}

TEST(Eltwise, TheBoundsOfAClipMayBeTensors) {
  const Array y = interpret({ops::clip(input(0, {2, 2}), input(1, {2}), input(2, {}))},
                            {Array{-1.f, 0.f, 9.f, 2.f}.reshape({2, 2}), Array{0.f, 1.f}, numbers({}, {3})})[0];
  EXPECT_TRUE(array_equal(y, Array{0.f, 1.f, 3.f, 2.f}.reshape({2, 2})));
}

std::vector<float> gradient_of(const std::function<Tensor(const Tensor&)>& f, const Array& x) {
  const Tensor in = input(0, x.shape());
  const auto g = interpret({autodiff::gradients(f(in), {in})[0]}, {x})[0];
  return {g.span<float>().begin(), g.span<float>().end()};
}

TEST(Eltwise, GradientsAtTheCornersAreTensorFlows) {
  const Array zero = numbers({1}, {0});
  EXPECT_EQ(gradient_of([](const Tensor& x) { return ops::relu(x); }, zero)[0], 0);
  EXPECT_EQ(gradient_of([](const Tensor& x) { return ops::abs(x); }, zero)[0], 0);
  EXPECT_EQ(gradient_of([](const Tensor& x) { return ops::elu(x); }, zero)[0], 1);
  EXPECT_EQ(gradient_of([](const Tensor& x) { return ops::sqrt(x); }, zero)[0], std::numeric_limits<float>::infinity());
  EXPECT_EQ(gradient_of([](const Tensor& x) { return ops::clip(x, 0, 1); }, numbers({4}, {-0.5, 0, 1, 1.5})),
            (std::vector<float>{0, 1, 1, 0}));
}

TEST(Eltwise, PowersOfOneAndTwoAreSimpler) {
  const Tensor x = input(0, {3});
  EXPECT_TRUE(ops::power(x, 1).same(x));
  EXPECT_EQ(ops::power(x, 2).node().op().name(), "square");
}

}  // namespace
}  // namespace cornu::tests

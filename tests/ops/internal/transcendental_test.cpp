#include "cornu/ops/internal/transcendental.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "cornu/ops/internal/elementwise_loop.h"

namespace cornu::ops::internal {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity(), kNaN = std::numeric_limits<float>::quiet_NaN();

struct Function {
  const char* name;
  double (*exact)(double);
  float (*number)(float);
  Value (*code)(Value);
  double units;  // of the last place that it may be off
};
const Function kFunctions[] = {
    {"exp", std::exp, exp_of<float>, exp_of<Value>, 2},
    {"expm1", std::expm1, expm1_of<float>, expm1_of<Value>, 3},
    {"tanh", std::tanh, tanh_of<float>, tanh_of<Value>, 3},
    {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }, sigmoid_of<float>, sigmoid_of<Value>, 3},
    {"log", std::log, log_of<float>, log_of<Value>, 2},
    {"softplus", [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }, softplus_of<float>,
     softplus_of<Value>, 3},
    {"erf", std::erf, erf_of<float>, erf_of<Value>, 3}};

/// Numbers of every exponent and sign, in steps that end at no round ones, those where the functions bend, and special
/// ones.
std::vector<float> many_numbers() {
  std::vector<float> x{0.f, -0.f, kInf, -kInf, kNaN, 1.f, -1.f, 4.f, -4.f, 88.7f, 88.73f, -88.f, 104.f, -104.f, 1e-45f};
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 99733)
    x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  for (float near = -105; near < 90; near += 0.0117f) x.push_back(near);
  for (float near = -2; near < 2; near += 0.00037f) x.push_back(near);
  return x;
}

double unit_at(double y) {
  const float rounded = std::abs(static_cast<float>(y));
  return static_cast<double>(std::nextafter(rounded, kInf)) - rounded;
}

class Transcendental : public testing::TestWithParam<Function> {};

TEST_P(Transcendental, IsWithinSomeUnitsEverywhere) {
  const Function& f = GetParam();
  for (const float x : many_numbers()) {
    const double want = f.exact(x);
    const float got = f.number(x);
    if (std::isnan(want))
      ASSERT_TRUE(std::isnan(got)) << f.name << ' ' << x << ": " << got;
    else if (std::isinf(static_cast<float>(want)))
      ASSERT_GE(want > 0 ? got : -got, 3.4028e38f) << f.name << ' ' << x;
    else
      ASSERT_LE(std::abs(got - want), f.units * unit_at(want)) << f.name << ' ' << x << ": " << got << ", " << want;
  }
}

TEST_P(Transcendental, LoopsHaveTheBitsOfTheFormula) {
  const Function& f = GetParam();
  Expression e(1);
  e.outputs = {f.code({&e, 0}).step};
  const std::vector<float> x = many_numbers();
  for (const auto& loop : {compile(e, {{}}, {graph::float32}), interpreted(e, {{}}, {graph::float32})}) {
    std::vector<float> y(x.size());
    const void* in[] = {x.data()};
    void* out[] = {y.data()};
    loop->run(in, out, static_cast<std::int64_t>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
      const float want = f.number(x[i]);
      if (want != want)
        ASSERT_TRUE(y[i] != y[i]) << loop->implementation() << ' ' << f.name << ' ' << x[i];
      else
        ASSERT_EQ(std::bit_cast<std::uint32_t>(y[i]), std::bit_cast<std::uint32_t>(want))
            << loop->implementation() << ' ' << f.name << ' ' << x[i] << ": " << y[i] << ", expected " << want;
    }
  }
}

TEST(Transcendentals, SpecialNumbers) {
  EXPECT_EQ(exp_of(kInf), kInf);
  EXPECT_EQ(exp_of(-kInf), 0.f);
  EXPECT_EQ(exp_of(0.f), 1.f);
  EXPECT_EQ(tanh_of(kInf), 1.f);
  EXPECT_EQ(tanh_of(-kInf), -1.f);
  EXPECT_TRUE(std::signbit(tanh_of(-0.f)));
  EXPECT_EQ(sigmoid_of(kInf), 1.f);
  EXPECT_EQ(sigmoid_of(-kInf), 0.f);
  EXPECT_EQ(log_of(kInf), kInf);
  EXPECT_EQ(log_of(0.f), -kInf);
  EXPECT_EQ(log_of(1.f), 0.f);
  EXPECT_EQ(softplus_of(-kInf), 0.f);
  EXPECT_EQ(softplus_of(kInf), kInf);
  EXPECT_EQ(erf_of(kInf), 1.f);
  EXPECT_EQ(erf_of(-kInf), -1.f);
}

INSTANTIATE_TEST_SUITE_P(All, Transcendental, testing::ValuesIn(kFunctions),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace cornu::ops::internal

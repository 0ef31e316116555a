#include <gtest/gtest.h>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "tests/ops/passes/same_bits.h"

namespace cornu::tests {
namespace {

using Build = std::function<Built(const Tensors&)>;

const graph::Specs kFloats{{float32, {21}}}, kIntegers{{int32, {3}}};
const std::string kUnchanged = "parameters\n  %0 : float32(21,)\noutputs\n  %0\n";

TEST(SimplifyArithmetic, NeutralOperandsGo) {
  const std::vector<std::pair<const char*, Build>> same{
      {"x * 1", [](const Tensors& x) { return x[0] * 1; }},
      {"1 * x", [](const Tensors& x) { return 1 * x[0]; }},
      {"x / 1", [](const Tensors& x) { return x[0] / 1; }},
      {"x + -0", [](const Tensors& x) { return x[0] + -0.0; }},
      {"-0 + x", [](const Tensors& x) { return -0.0 + x[0]; }},
      {"x - 0", [](const Tensors& x) { return x[0] - 0.0; }},
      {"x * ones", [](const Tensors& x) { return x[0] * ops::ones_like(x[0]); }},
      {"x * a constant row of ones", [](const Tensors& x) { return x[0] * ones({21}); }},
      {"x * 1 * 1", [](const Tensors& x) { return 1 * (x[0] * 1 / 1); }},
      {"1 x + -0", [](const Tensors& x) { return ops::linear(x[0], 1, -0.0); }},
  };
  for (const auto& [what, build] : same) {
    EXPECT_EQ(simplified(build, kFloats), kUnchanged) << what;
    expect_same_bits(build, {special_numbers()}, what);
  }
}

TEST(SimplifyArithmetic, IntegersHaveOneZero) {
  const Build f = [](const Tensors& x) { return Tensors{x[0] + 0, 0 + x[0], x[0] - 0, x[0] * 1}; };
  EXPECT_EQ(simplified(f, kIntegers), "parameters\n  %0 : int32(3,)\noutputs\n  %0\n  %0\n  %0\n  %0\n");
  expect_same_bits(f, {Array{0, -7, 2147483647}}, "integers");
}

TEST(SimplifyArithmetic, WhatChangesSomeNumbersStays) {
  const std::vector<std::pair<const char*, Build>> steps{
      {"x + 0", [](const Tensors& x) { return x[0] + 0.0; }},    // -0
      {"x - -0", [](const Tensors& x) { return x[0] - -0.0; }},  // -0
      {"0 - x", [](const Tensors& x) { return 0.0 - x[0]; }},
      {"1 / x", [](const Tensors& x) { return 1 / x[0]; }},
      {"x * 0", [](const Tensors& x) { return x[0] * 0; }},  // NaN, infinity, -0
      {"x - x", [](const Tensors& x) { return x[0] - x[0]; }},
      {"1 x + 0", [](const Tensors& x) { return ops::linear(x[0], 1, 0); }},
      {"(1,) * x of a larger shape",
       [](const Tensors& x) {
         return x[0] * ones({2, 21});
       }},
      {"x * not quite ones", [](const Tensors& x) { return x[0] * (arange(0, 21) / 20); }},
  };
  for (const auto& [what, build] : steps) {
    EXPECT_NE(simplified(build, kFloats).find("nodes\n"), std::string::npos) << what;
    expect_same_bits(build, {special_numbers()}, what);
  }
}

TEST(SimplifyArithmetic, SwappedOperandsAreOneNodeOnlyWhereTheBitsAreEqual) {
  const Build f = [](const Tensors& x) {
    return Tensors{x[0] + x[1],
                   x[1] + x[0],
                   x[0] * x[1],
                   x[1] * x[0],
                   ops::maximum(x[0], x[1]),
                   ops::maximum(x[1], x[0]),
                   ops::minimum(x[0], x[1]),
                   ops::minimum(x[1], x[0]),
                   x[0] - x[1],
                   x[1] - x[0]};
  };
  const std::string text = simplified(f, {{float32, {4}}, {float32, {4}}});
  EXPECT_NE(text.find("outputs\n  %2\n  %2\n  %3\n  %3\n  %4\n  %5\n  %6\n  %7\n  %8\n  %9\n"), std::string::npos)
      << text;
  expect_same_bits(f, {Array{0.f, -0.f, 1.f, -2.f}, Array{-0.f, 0.f, 2.f, -2.f}}, "swapped");
}

TEST(SimplifyArithmetic, SignsBeforeALinearArePartOfIt) {
  const auto one_step = [](const std::string& fields) {
    return "parameters\n  %0 : float32(21,)\nnodes\n  %1 = linear(%0, " + fields + ") : float32(21,)\noutputs\n  %1\n";
  };
  EXPECT_EQ(simplified([](const Tensors& x) { return ops::linear(-x[0], 2, 0); }, kFloats),
            one_step("alpha=-2, beta=0"));
  EXPECT_EQ(simplified([](const Tensors& x) { return ops::linear(-(ops::linear(x[0], 1, 0)), 2, 1); }, kFloats),
            one_step("alpha=-2, beta=1"));
  EXPECT_EQ(simplified([](const Tensors& x) { return ops::linear(-x[0], 0.3, 0.5); }, kFloats),
            one_step("alpha=-0.3, beta=0.5"));
  EXPECT_NE(simplified([](const Tensors& x) { return ops::linear(ops::linear(x[0], 2, 0), 3, 0); }, kFloats)
                .find("%2 = linear"),
            std::string::npos);
  EXPECT_NE(simplified([](const Tensors& x) { return -(-x[0]); }, kFloats).find("%2 = linear"),
            std::string::npos);  // 0 of -0
  for (double inner : {1.0, -1.0, 0.1, 3.0})
    for (double inner_beta : {0.0, -0.0, 0.7})
      for (double alpha : {1.0, -1.0, 0.0, -0.0, 0.1, -7.0, 1e-30})
        for (double beta : {0.0, -0.0, 1.0, -0.3}) {
          const std::string what = std::to_string(inner) + ' ' + std::to_string(inner_beta) + ' ' +
                                   std::to_string(alpha) + ' ' + std::to_string(beta);
          expect_same_bits(
              [&](const Tensors& x) { return ops::linear(ops::linear(x[0], inner, inner_beta), alpha, beta); },
              {special_numbers()}, what.c_str());
        }
}

}  // namespace
}  // namespace cornu::tests

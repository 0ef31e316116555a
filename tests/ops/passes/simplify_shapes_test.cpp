#include <gtest/gtest.h>

#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "tests/ops/passes/same_bits.h"

namespace cornu::tests {
namespace {

using Build = std::function<Built(const Tensors&)>;

const graph::Specs kSpec{{float32, {2, 3, 4}}};
const Array kX = arange(0, 24).reshape({2, 3, 4});

std::string nodes(const std::string& lines, int result) {
  return "parameters\n  %0 : float32(2, 3, 4)\n" + (lines.empty() ? "" : "nodes\n" + lines) + "outputs\n  %" +
         std::to_string(result) + "\n";
}

void expect(const Build& build, const std::string& lines, int result) {
  EXPECT_EQ(simplified(build, kSpec), nodes(lines, result));
  expect_same_bits(build, {kX}, lines.c_str());
}

TEST(SimplifyShapes, ReshapesInARow) {
  expect(
      [](const Tensors& x) {
        return ops::reshape(ops::reshape(x[0], {6, 4}), {24});
      },
      "  %1 = reshape(%0, shape=[24]) : float32(24,)\n", 1);
  expect(
      [](const Tensors& x) {
        return ops::reshape(ops::reshape(ops::reshape(x[0], {6, 4}), {24}), {2, 3, 4});
      },
      "", 0);
}

TEST(SimplifyShapes, TransposesInARow) {
  expect(
      [](const Tensors& x) {
        return ops::transpose(ops::transpose(x[0], {2, 0, 1}), {2, 0, 1});
      },
      "  %1 = transpose(%0, axes=[1, 2, 0]) : float32(3, 4, 2)\n", 1);
  expect([](const Tensors& x) { return ops::transpose(ops::transpose(x[0])); }, "", 0);
  // the axes that are left in their order make it a reshape
  const Build unit = [](const Tensors& x) {
    return ops::transpose(ops::transpose(ops::reshape(x[0], {2, 1, 12}), {1, 2, 0}), {0, 2, 1});
  };
  EXPECT_EQ(simplified(unit, kSpec).find("transpose"), std::string::npos);
  expect_same_bits(unit, {kX}, "unit axis");
}

TEST(SimplifyShapes, BroadcastsInARow) {
  expect(
      [](const Tensors& x) {
        return ops::broadcast_to(ops::broadcast_to(ops::reshape(x[0], {24, 1}), {24, 5}), {2, 24, 5});
      },
      "  %1 = reshape(%0, shape=[24, 1]) : float32(24, 1)\n  %2 = broadcast_to(%1, shape=[2, 24, 5]) : float32(2, 24, "
      "5)\n",
      2);
}

TEST(SimplifyShapes, BroadcastOperandsAreReadWhereTheyLie) {
  expect(
      [](const Tensors& x) {
        return ops::broadcast_to(ops::sum(x[0]), {2, 3, 4}) * x[0];
      },
      "  %1 = sum(%0, axes=[0, 1, 2]) : float32()\n  %2 = multiply(%1, %0) : float32(2, 3, 4)\n", 2);
  expect(
      [](const Tensors& x) {
        return x[0] - ops::full({2, 3, 4}, 0.5);
      },
      "  %1 = subtract(%0, 0.5) : float32(2, 3, 4)\n", 1);
  const Build all = [](const Tensors& x) {
    const Tensor row = ops::broadcast_to(ops::sum(x[0], 0), {2, 3, 4}), condition = ops::greater(x[0], row);
    return Tensors{x[0] / row, ops::maximum(row, x[0]), ops::where(condition, row, x[0]),
                   ops::where(condition, x[0], ops::zeros_like(x[0]))};
  };
  EXPECT_EQ(simplified(all, kSpec).find("broadcast_to"), std::string::npos) << simplified(all, kSpec);
  expect_same_bits(all, {kX}, "row");
}

TEST(SimplifyShapes, OneBroadcastStaysIfItGivesTheShape) {
  const Build both = [](const Tensors& x) {
    const Tensor s = ops::sum(x[0]);
    return ops::broadcast_to(s, {2, 5}) + ops::broadcast_to(s, {2, 5});
  };
  EXPECT_NE(simplified(both, kSpec).find("broadcast_to"), std::string::npos);
  expect_same_bits(both, {kX}, "both");
}

TEST(SimplifyShapes, OpsThatDoNotBroadcastKeepTheirOperands) {
  const Build f = [](const Tensors& x) { return ops::exp(ops::broadcast_to(ops::sum(x[0]), {2, 3})); };
  EXPECT_NE(simplified(f, kSpec).find("broadcast_to"), std::string::npos);
  expect_same_bits(f, {kX}, "exp");
}

}  // namespace
}  // namespace cornu::tests

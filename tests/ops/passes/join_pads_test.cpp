#include <gtest/gtest.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/reduction.h"
#include "tests/support/float64.h"

namespace cornu::tests {
namespace {

/// The gradient of parts that are used each in its way.
graph::Outputs of_parts(const Tensor& x, const ops::IndicesOrSections& where) {
  const Tensors parts = ops::split(x, where, 1);
  Tensor total;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Tensor each = ops::sum(ops::sin(parts[i]) * static_cast<double>(i + 1));
    total = total.defined() ? total + each : each;
  }
  return graph::Outputs(autodiff::gradients(total, {x}));
}

TEST(JoinPads, TheGradientOfPartsIsPutTogetherOnce) {
  for (const bool equal : {true, false}) {
    const auto f = [&](const Tensor& x) {
      return of_parts(x, equal ? ops::IndicesOrSections(4) : ops::IndicesOrSections{1, 2, 6});
    };
    const graph::Function joined(f), plain(f, {.disable_passes = "all"});
    const std::string text = joined.to_string({{graph::float32, {3, 8}}});
    EXPECT_EQ(text.find("pad("), std::string::npos) << text;
    EXPECT_NE(text.find("concatenate("), std::string::npos) << text;
    const Array x = uniform({3, 8});
    EXPECT_TRUE(array_equal(joined(x).one(), plain(x).one()));
  }
}

TEST(JoinPads, WhatIsLeftOutStaysZero) {
  const auto f = [](const Tensor& x) {
    const Tensor y = ops::sum(ops::sin(ops::slice(x, 0, 1, 3))) + ops::sum(ops::exp(ops::slice(x, 0, 3, 4)));
    return graph::Outputs(autodiff::gradients(y, {x}));
  };
  const graph::Function joined(f), plain(f, {.disable_passes = "all"});
  const Array x = uniform({6});
  EXPECT_TRUE(array_equal(joined(x).one(), plain(x).one()));
}

TEST(JoinPads, SectionsThatOverlapAreAdded) {
  const auto f = [](const Tensor& x) {
    const Tensor y = ops::sum(ops::sin(ops::slice(x, 0, 0, 4))) + ops::sum(ops::exp(ops::slice(x, 0, 2, 6))) +
                     ops::sum(ops::slice(x, 0, 5, 6));
    return graph::Outputs(autodiff::gradients(y, {x}));
  };
  const graph::Function joined(f), plain(f, {.disable_passes = "all"});
  const Array x = uniform({6});
  EXPECT_TRUE(allclose(joined(x).one(), plain(x).one(), 1e-6, 1e-6));
}

}  // namespace
}  // namespace cornu::tests

#include "cornu/ops/native/histogram.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// Edges that a plain reference knows: bins of width 1 from integers.
OpSample sample(std::string what, const Array& x, int bins, F64 edges, F64 counts, F64 others) {
  return {.op = "histogram",
          .what = std::move(what),
          .build = [bins](const Tensors& t) { return ops::histogram(t[0], bins); },
          .inputs = {x},
          .reference =
              [=](const std::vector<F64>&) {
                return F64s{edges, counts, others};
              }};
}

F64 list(std::initializer_list<double> values) {
  F64 y(Shape{static_cast<std::int64_t>(values.size())});
  std::int64_t i = 0;
  for (const double v : values) y[i++] = v;
  return y;
}

const bool special = register_without_special_values(
    "histogram", "Keras has none; that NaN and infinities are counted apart is tested below");

const bool samples = register_samples([] {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  return std::vector<OpSample>{
      sample("two buckets", numbers({2, 3}, {0, 1, 2, 3, 4, 0.5}), 2, list({0, 2, 4}), list({3, 3}), list({0, 0})),
      sample("equal numbers", numbers({3}, {7, 7, 7}, graph::int32), 2, list({7, 7, 7}), list({0, 3}), list({0, 0})),
      sample("no numbers", numbers({0}, {}), 2, list({0, 0, 0}), list({0, 0}), list({0, 0})),
      sample("NaN", Array{nan, 1.f, 3.f}, 1, list({1, 3}), list({2}), list({1, 0})),
  };
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"histogram", "expected 1 to 1024 bins, got 0", [] { ops::histogram(input(0, {3}), 0); }},
  };
});

TEST(HistogramOp, IsWhatTheArraysHistogramIsOnAnyNumberOfThreads) {
  Array x(Shape{300, 411});
  for (std::int64_t i = 0; i < x.size(); ++i)
    x.data<float>()[i] = static_cast<float>((i * 7919 % 100003) - 20000) * 1e-3f;
  x.data<float>()[77] = std::numeric_limits<float>::infinity();
  const graph::Histogram want = graph::histogram(x);
  for (const int threads : {1, 2, 3}) {
    const auto got = interpret(ops::histogram(input(0, x.shape())), {x}, {.threads = threads});
    const graph::Histogram h = ops::histogram_of(got[0], got[1], got[2]);
    EXPECT_EQ(h.edges, want.edges);
    EXPECT_EQ(h.counts, want.counts);
    EXPECT_EQ(h.infinite, 1);
  }
}

}  // namespace
}  // namespace cornu::tests

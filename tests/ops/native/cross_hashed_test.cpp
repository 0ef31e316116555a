#include "cornu/ops/native/cross_hashed.h"

#include <gtest/gtest.h>

#include "tests/support/evaluate.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// The bins of TensorFlow 2.21, of which there is no reference in double precision.
OpSample sample(std::string what, std::vector<Array> inputs, std::int64_t bins, std::vector<double> expected) {
  return {.op = "cross_hashed",
          .what = std::move(what),
          .build = [bins](const Tensors& t) { return ops::cross_hashed(t, bins); },
          .inputs = std::move(inputs),
          .reference =
              [expected](const std::vector<F64>& t) {
                F64 y(t[0].shape);
                for (std::int64_t i = 0; i < y.size(); ++i) y[i] = expected[static_cast<std::size_t>(i)];
                return y;
              }};
}

const bool samples = register_samples([] {
  const Array a = numbers({5}, {1, 2, -3, 1099511627776, 0}, graph::int64),
              b = numbers({5}, {101, 101, 101, 102, 0}, graph::int64),
              c = numbers({5}, {7, 8, 9, 10, 11}, graph::uint8),
              days = numbers({5, 1}, {101, 101, 101, 102, 102}, graph::int64);
  return std::vector<OpSample>{
      sample("two", {a, b}, 1000, {870, 838, 721, 405, 304}),
      sample("three", {a, b, c}, 97, {16, 14, 81, 24, 42}),
      sample("int32", {numbers({5, 1}, {0, 1, 2, 3, 4}, graph::int32), days}, 5, {0, 0, 3, 0, 2}),
      sample("empty", {numbers({0}, {}, graph::int32)}, 5, {}),
  };
});

const bool special = register_without_special_values("cross_hashed", "takes integers");

const bool errors = register_errors([] {
  const auto whole = [](int i, const Shape& shape) { return input(i, shape, graph::int64); };
  return std::vector<OpError>{
      {"cross_hashed", "expected at least one tensor, got none", [] { ops::cross_hashed({}, 3); }},
      {"cross_hashed", "expected num_bins of at least 1, got 0",
       [whole] {
         ops::cross_hashed({whole(0, {2}), whole(1, {2})}, 0);
       }},
      {"cross_hashed", "expected tensors of one shape, got int64(2,) and int64(3,)",
       [whole] {
         ops::cross_hashed({whole(0, {2}), whole(1, {3})}, 3);
       }},
      {"cross_hashed", "expected integers, got float32",
       [whole] {
         ops::cross_hashed({whole(0, {2}), input(1, {2})}, 3);
       }},
  };
});

TEST(CrossHashed, TheOrderOfTensorsMatters) {
  const Array a{1, 2, 3}, b{4, 5, 6};
  EXPECT_FALSE(array_equal(evaluate(ops::cross_hashed({a, b}, 1 << 20)), evaluate(ops::cross_hashed({b, a}, 1 << 20))));
}

}  // namespace
}  // namespace cornu::tests

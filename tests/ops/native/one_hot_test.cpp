#include "cornu/ops/native/one_hot.h"

#include <gtest/gtest.h>

#include <limits>

#include "cornu/ops/native/reshape.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

OpSample sample(std::string what, const Array& labels, std::int64_t classes) {
  return {.op = "one_hot",
          .what = std::move(what),
          .build = [classes](const Tensors& t) { return ops::one_hot(t[0], classes); },
          .inputs = {labels},
          .reference =
              [classes](const std::vector<F64>& t) {
                F64 y(t[0].shape.append(classes));
                for (std::int64_t i = 0; i < t[0].size(); ++i)
                  for (std::int64_t k = 0; k < classes; ++k) y[i * classes + k] = t[0][i] == static_cast<double>(k);
                return y;
              }};
}

const bool special = register_special_functions(
    {of_one("one_hot", [](const Tensor& label) { return ops::one_hot(ops::reshape(label, {-1}), 3); })});

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      sample("int32", numbers({2, 2}, {0, 3, 1, 1}, graph::int32), 4),
      sample("uint8", numbers({3}, {2, 0, 9}, graph::uint8), 10),
      sample("float32", numbers({3}, {2, 0, 1}), 3),
      sample("out of range", numbers({4}, {-1, 3, 2, 100}, graph::int64), 3),
      sample("scalar", numbers({}, {1}, graph::int32), 2),
      sample("empty", numbers({0}, {}, graph::int32), 2),
  };
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"one_hot", "expected a positive number of classes, got 0", [] { ops::one_hot(input(0, {3}, graph::int32), 0); }},
  };
});

TEST(OneHot, NaNIsNoLabel) {
  const Array y =
      interpret({ops::one_hot(input(0, {2}), 2)}, {Array{std::numeric_limits<float>::quiet_NaN(), 1e30f}})[0];
  EXPECT_TRUE(array_equal(y, graph::zeros({2, 2})));
}

TEST(OneHot, LargeOnSeveralThreadsIsTheSame) {
  Array labels({9001}, graph::int32);
  for (std::int64_t i = 0; i < labels.size(); ++i)
    labels.data<std::int32_t>()[i] = static_cast<std::int32_t>(i * 7 % 11);
  const Array y = interpret({ops::one_hot(input(0, labels.shape(), graph::int32), 11)}, {labels}, {.threads = 3})[0];
  EXPECT_TRUE(array_equal(argmax(y, 1), labels));
  EXPECT_EQ(sum(y).item<double>(), 9001);
}

}  // namespace
}  // namespace cornu::tests

#include "cornu/ops/composite/rearrange.h"

#include <gtest/gtest.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using Index = std::vector<std::int64_t>;

// y[i] = x[from(i)]
OpSample sample(const char* op, std::string what, const Array& x, const Shape& out,
                std::function<Tensor(const Tensor&)> build, std::function<Index(Index)> from) {
  return {.op = op,
          .what = std::move(what),
          .build = [build = std::move(build)](const Tensors& t) { return build(t[0]); },
          .inputs = {x},
          .reference =
              [=, from = std::move(from)](const std::vector<F64>& t) {
                F64 y(out);
                for_each_index(out, [&](auto i) { y.at(i) = t[0].at(from(Index(i.begin(), i.end()))); });
                return y;
              },
          .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

std::int64_t wrapped(std::int64_t i, std::int64_t length) { return (i % length + length) % length; }

std::vector<OpSample> flips_and_rolls() {
  const Array x = uniform({3, 4}), bytes = numbers({2, 2}, {1, 2, 3, 4}, graph::uint8);
  return {
      sample(
          "take", "flip", x, {3, 4}, [](const Tensor& t) { return ops::flip(t); },
          [](Index i) {
            return Index{2 - i[0], 3 - i[1]};
          }),
      sample(
          "take", "flip along one axis", x, {3, 4}, [](const Tensor& t) { return ops::flip(t, -1); },
          [](Index i) {
            return Index{i[0], 3 - i[1]};
          }),
      sample(
          "take", "flip along a list of axes", uniform({2, 3, 2}), {2, 3, 2},
          [](const Tensor& t) {
            return ops::flip(t, std::vector<int>{0, 1});
          },
          [](Index i) {
            return Index{1 - i[0], 2 - i[1], i[2]};
          }),
      sample(
          "take", "flip of bytes", bytes, {2, 2}, [](const Tensor& t) { return ops::flip(t, 0); },
          [](Index i) {
            return Index{1 - i[0], i[1]};
          }),
      sample(
          "take", "flip of nothing", uniform({2, 0}), {2, 0}, [](const Tensor& t) { return ops::flip(t, 0); },
          [](Index i) { return i; }),
      sample(
          "concatenate", "roll", x, {3, 4}, [](const Tensor& t) { return ops::roll(t, 5); },
          [](Index i) {
            const std::int64_t at = wrapped(i[0] * 4 + i[1] - 5, 12);
            return Index{at / 4, at % 4};
          }),
      sample(
          "concatenate", "roll along one axis", x, {3, 4}, [](const Tensor& t) { return ops::roll(t, -1, 1); },
          [](Index i) {
            return Index{i[0], wrapped(i[1] + 1, 4)};
          }),
      sample(
          "concatenate", "roll further than the axis", x, {3, 4}, [](const Tensor& t) { return ops::roll(t, 7, 0); },
          [](Index i) {
            return Index{wrapped(i[0] - 7, 3), i[1]};
          }),
      sample(
          "concatenate", "roll along two axes", x, {3, 4},
          [](const Tensor& t) {
            return ops::roll(t, {1, -2}, {0, 1});
          },
          [](Index i) {
            return Index{wrapped(i[0] - 1, 3), wrapped(i[1] + 2, 4)};
          }),
  };
}

std::vector<OpSample> repetitions() {
  const Array x = uniform({2, 3}), whole = numbers({2}, {4, 5}, graph::int64);
  const std::vector<std::int64_t> rows{0, 1, 1, 1};
  return {
      sample(
          "broadcast_to", "tile along both axes", x, {4, 9},
          [](const Tensor& t) {
            return ops::tile(t, {2, 3});
          },
          [](Index i) {
            return Index{i[0] % 2, i[1] % 3};
          }),
      sample(
          "broadcast_to", "tile, shorter list", x, {2, 6}, [](const Tensor& t) { return ops::tile(t, {2}); },
          [](Index i) {
            return Index{i[0], i[1] % 3};
          }),
      sample(
          "broadcast_to", "tile, longer list", x, {2, 2, 6},
          [](const Tensor& t) {
            return ops::tile(t, {2, 1, 2});
          },
          [](Index i) {
            return Index{i[1], i[2] % 3};
          }),
      sample(
          "broadcast_to", "tile of nothing", x, {0, 6},
          [](const Tensor& t) {
            return ops::tile(t, {0, 2});
          },
          [](Index i) { return i; }),
      sample(
          "broadcast_to", "tile of integers", whole, {6}, [](const Tensor& t) { return ops::tile(t, {3}); },
          [](Index i) { return Index{i[0] % 2}; }),
      sample(
          "broadcast_to", "repeat", x, {12}, [](const Tensor& t) { return ops::repeat(t, 2); },
          [](Index i) {
            return Index{i[0] / 6, i[0] / 2 % 3};
          }),
      sample(
          "broadcast_to", "repeat along an axis", x, {6, 3}, [](const Tensor& t) { return ops::repeat(t, 3, 0); },
          [](Index i) {
            return Index{i[0] / 3, i[1]};
          }),
      sample(
          "broadcast_to", "repeat along the last axis", x, {2, 6},
          [](const Tensor& t) { return ops::repeat(t, 2, -1); },
          [](Index i) {
            return Index{i[0], i[1] / 2};
          }),
      sample(
          "broadcast_to", "repeat no times", x, {2, 0}, [](const Tensor& t) { return ops::repeat(t, 0, 1); },
          [](Index i) { return i; }),
      sample(
          "take", "repeat by a list", x, {4, 3},
          [](const Tensor& t) {
            return ops::repeat(t, {1, 3}, 0);
          },
          [=](Index i) {
            return Index{rows[static_cast<std::size_t>(i[0])], i[1]};
          }),
      sample(
          "take", "repeat by a list with 0", x, {2, 2},
          [](const Tensor& t) {
            return ops::repeat(t, {0, 2, 0}, 1);
          },
          [](Index i) {
            return Index{i[0], 1};
          }),
      sample(
          "take", "repeat by a list, flattened", whole, {3},
          [](const Tensor& t) {
            return ops::repeat(t, {2, 1});
          },
          [](Index i) { return Index{i[0] / 2}; }),
      sample(
          "transpose", "swapaxes", uniform({2, 3, 4}), {4, 3, 2},
          [](const Tensor& t) { return ops::swapaxes(t, 0, -1); },
          [](Index i) {
            return Index{i[2], i[1], i[0]};
          }),
  };
}

const bool samples = register_samples(flips_and_rolls) && register_samples(repetitions);

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3});
  return std::vector<OpError>{
      {"flip", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::flip(x, 2); }},
      {"roll", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::roll(x, 1, 2); }},
      {"roll", "3 shifts given for 2 axes",
       [=] {
         ops::roll(x, {1, 2, 3}, {0, 1});
       }},
      {"tile", "expected non-negative numbers of repeats, got -1",
       [=] {
         ops::tile(x, {-1, 2});
       }},
      {"repeat", "expected non-negative numbers of repeats, got -2", [=] { ops::repeat(x, -2, 0); }},
      {"repeat", "expected non-negative numbers of repeats, got -1",
       [=] {
         ops::repeat(x, {1, -1}, 0);
       }},
      {"repeat", "3 numbers given for axis 0 of shape (2, 3)",
       [=] {
         ops::repeat(x, {1, 2, 3}, 0);
       }},
      {"swapaxes", "axis -3 is out of bounds for shape (2, 3)", [=] { ops::swapaxes(x, 0, -3); }},
  };
});

TEST(Rearrange, WhatChangesNothingIsTheTensorItself) {
  const Tensor x = input(0, {2, 3});
  EXPECT_TRUE(ops::roll(x, 6, 1).same(x));
  EXPECT_TRUE(ops::tile(x, {1}).same(x));
  EXPECT_TRUE(ops::repeat(x, 1, 0).same(x));
  EXPECT_TRUE(ops::repeat(x, {1}, 1).same(x));
  EXPECT_EQ(ops::roll(x, {1}, {0, 1}).shape(), x.shape());
}

}  // namespace
}  // namespace cornu::tests

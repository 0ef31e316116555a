#include "cornu/ops/composite/pad.h"

#include <gtest/gtest.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

// Which place of an axis of length n lies `steps` steps away from place 0, walking element by element as the mode says;
// -1 beyond the axis.
std::int64_t walked(const std::string& mode, std::int64_t steps, std::int64_t n) {
  if (n == 0) return -1;
  std::int64_t at = 0, direction = steps < 0 ? -1 : 1;
  for (std::int64_t i = 0; i != steps; i += steps < 0 ? -1 : 1) {
    const bool leaves = at + direction < 0 || at + direction >= n;
    if (mode == "constant" && leaves) return -1;
    if (mode == "edge" && leaves) continue;
    if (mode == "symmetric" && leaves) {
      direction = -direction;  // the same element again
      continue;
    }
    if (mode == "wrap" && leaves) {
      at = direction < 0 ? n - 1 : 0;
      continue;
    }
    if (mode == "reflect" && leaves) direction = -direction;
    if (n > 1) at += direction;
  }
  return at;
}

F64 padded(const F64& x, const ops::PadWidth& widths, const std::string& mode, double value) {
  Shape shape = x.shape;
  const auto width = [&](int axis) { return widths[widths.size() == 1 ? 0 : axis]; };
  for (int axis = 0; axis < shape.rank(); ++axis) shape[axis] += width(axis).first + width(axis).second;
  F64 y(shape);
  for_each_index(shape, [&](auto index) {
    std::vector<std::int64_t> from;
    bool within = true;
    for (int axis = 0; axis < shape.rank(); ++axis) {
      from.push_back(walked(mode, index[axis] - width(axis).first, x.shape[axis]));
      within = within && from.back() >= 0;
    }
    y.at(index) = within ? x.at(from) : value;
  });
  return y;
}

OpSample pad_sample(std::string op, std::string what, const Array& x, const ops::PadWidth& widths,
                    const ops::PadConfig& config) {
  return {.op = std::move(op),
          .what = "pad, " + std::move(what),
          .build = [=](const Tensors& t) { return ops::pad(t[0], widths, config); },
          .inputs = {x},
          .reference =
              [=](const std::vector<F64>& t) {
                return padded(t[0], widths, config.mode, config.constant_values.value_or(0));
              },
          .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

const bool samples = register_samples([] {
  std::vector<OpSample> all{
      pad_sample("pad", "zeros", uniform({2, 3, 2}), {{1, 0}, {0, 2}, {1, 1}}, {}),
      pad_sample("concatenate", "a number", uniform({2, 3}), {{1, 0}, {2, 1}}, {.constant_values = -3.5}),
      pad_sample("concatenate", "uint8", numbers({2}, {3, 4}, graph::uint8), {{1, 2}}, {.constant_values = 9}),
      pad_sample("concatenate", "an empty axis", uniform({0, 2}), {{1, 2}}, {.constant_values = 1}),
      pad_sample("take", "int64", numbers({3}, {3, 4, 5}, graph::int64), {{2, 2}}, {.mode = "reflect"}),
      pad_sample("take", "a single element", uniform({1, 3}), {{2, 3}, {0, 0}}, {.mode = "reflect"}),
  };
  for (const std::string mode : {"reflect", "symmetric", "edge", "wrap"}) {
    all.push_back(pad_sample("take", mode, uniform({3, 4}), {{1, 2}, {2, 0}}, {.mode = mode}));
    all.push_back(pad_sample("take", mode + ", one pair for all", uniform({3, 2}), {{1, 1}}, {.mode = mode}));
    all.push_back(pad_sample("take", mode + ", several times over", uniform({3}), {{8, 11}}, {.mode = mode}));
  }
  return all;
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3});
  return std::vector<OpError>{
      {"pad", "expected mode 'constant', 'reflect', 'symmetric', 'edge' or 'wrap', got 'median'",
       [=] { ops::pad(x, 1, {.mode = "median"}); }},
      {"pad", "constant_values belong to the mode 'constant', got 'edge'",
       [=] { ops::pad(x, 1, {.mode = "edge", .constant_values = 1}); }},
      {"pad", "expected one pair or 2, one for each axis of shape (2, 3), got 3",
       [=] {
         ops::pad(x, {{1, 1}, {1, 1}, {1, 1}});
       }},
      {"pad", "expected widths of at least 0, got 1 and -1",
       [=] {
         ops::pad(x, {{1, -1}});
       }},
      {"pad", "cannot extend the empty axis 0 of shape (0, 3) by mode 'edge'",
       [=] {
         ops::pad(input(0, {0, 3}), 1, {.mode = "edge"});
       }},
  };
});

TEST(Pad, ByNothingIsTheTensorItself) {
  const Tensor x = input(0, {2, 3});
  EXPECT_TRUE(ops::pad(x, 0).same(x));
  EXPECT_TRUE(ops::pad(x, {{0, 0}, {0, 0}}, {.mode = "wrap"}).same(x));
}

// Layers describe computations with large lengths that stand for unknown ones.
TEST(Pad, TakesNoMemoryWhileItIsDescribed) {
  const std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_EQ(ops::pad(input(0, {huge, 2}), {{1, 0}, {huge, 0}}, {.constant_values = 3}).shape(),
            (Shape{huge + 1, huge + 2}));
}

TEST(Pad, AWidthForAllAxes) {
  const Array x{{1, 2}};
  EXPECT_TRUE(array_equal(interpret({ops::pad(input(0, {1, 2}, graph::int32), 1)}, {x})[0],
                          Array{{0, 0, 0, 0}, {0, 1, 2, 0}, {0, 0, 0, 0}}));
}

}  // namespace
}  // namespace cornu::tests

#include "cornu/ops/composite/stack.h"

#include <gtest/gtest.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using Index = std::vector<std::int64_t>;

F64 stacked(const std::vector<F64>& xs, int axis) {
  const Shape one = xs[0].shape;
  F64 y(one.insert(axis, static_cast<std::int64_t>(xs.size())));
  for (std::size_t n = 0; n < xs.size(); ++n)
    for_each_index(one, [&](auto i) {
      Index to(i.begin(), i.end());
      to.insert(to.begin() + axis, static_cast<std::int64_t>(n));
      y.at(to) = xs[n].at(i);
    });
  return y;
}

OpSample stack_sample(const Shape& shape, int axis) {
  return {.op = "concatenate",
          .what = graph::message("stack of ", shape, " along ", axis),
          .build = [=](const Tensors& t) { return ops::stack(t, axis); },
          .inputs = {uniform(shape), uniform(shape, -1, 1, 2), uniform(shape, -1, 1, 3)},
          .reference = [=](const std::vector<F64>& t) { return stacked(t, axis < 0 ? axis + shape.rank() + 1 : axis); },
          .differentiable = {0, 1, 2}};
}

OpSample unstack_sample(const Shape& shape, int axis) {
  return {.op = "slice",
          .what = graph::message("unstack of ", shape, " along ", axis),
          .build = [=](const Tensors& t) { return ops::unstack(t[0], std::nullopt, axis); },
          .inputs = {uniform(shape)},
          .reference =
              [=](const std::vector<F64>& t) {
                const int at = shape.normalize(axis);
                F64s all;
                for (std::int64_t n = 0; n < shape[at]; ++n) {
                  F64 y(shape.erase(at));
                  for_each_index(y.shape, [&](auto i) {
                    Index from(i.begin(), i.end());
                    from.insert(from.begin() + at, n);
                    y.at(i) = t[0].at(from);
                  });
                  all.push_back(y);
                }
                return all;
              },
          .differentiable = {0}};
}

OpSample grid_sample(const char* indexing, const std::vector<std::int64_t>& lengths) {
  std::vector<Array> vectors;
  std::vector<int> all;
  for (const std::int64_t length : lengths) {
    all.push_back(static_cast<int>(vectors.size()));
    vectors.push_back(uniform({length}, -1, 1, 5 + static_cast<unsigned>(length)));
  }
  const bool swaps = std::string(indexing) == "xy" && lengths.size() > 1;
  return {.op = "broadcast_to",
          .what = graph::message("meshgrid ", indexing, " of ", lengths.size()),
          .build = [=](const Tensors& t) { return ops::meshgrid(t, indexing); },
          .inputs = vectors,
          .reference =
              [=](const std::vector<F64>& t) {
                std::vector<std::int64_t> dims = lengths;
                if (swaps) std::swap(dims[0], dims[1]);
                F64s grids;
                for (std::size_t n = 0; n < t.size(); ++n) {
                  F64 y{Shape(dims)};
                  for_each_index(y.shape, [&](auto i) { y.at(i) = t[n][i[swaps && n < 2 ? 1 - n : n]]; });
                  grids.push_back(y);
                }
                return grids;
              },
          .differentiable = all};
}

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      stack_sample({2, 3}, 0),   stack_sample({2, 3}, 1),   stack_sample({2, 3}, -1),     stack_sample({}, 0),
      stack_sample({0, 2}, 1),   unstack_sample({2, 3}, 0), unstack_sample({2, 3}, -1),   unstack_sample({3, 0}, 0),
      grid_sample("xy", {2, 3}), grid_sample("ij", {2, 3}), grid_sample("xy", {2, 3, 4}), grid_sample("ij", {2, 3, 4}),
      grid_sample("xy", {3, 0}),
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3}), y = input(1, {3, 2}), n = input(2, {2, 3}, graph::int32);
  return std::vector<OpError>{
      {"stack", "expected at least one tensor, got none", [] { ops::stack({}); }},
      {"stack", "expected tensors of one shape, got (2, 3) and (3, 2)",
       [=] {
         ops::stack({x, y});
       }},
      {"stack", "expected tensors of one dtype, got float32(2, 3) and int32(2, 3)",
       [=] {
         ops::stack({x, n});
       }},
      {"stack", "axis 3 is out of bounds for 3 axes",
       [=] {
         ops::stack({x, x}, 3);
       }},
      {"unstack", "expected length 3 at axis 0, got shape (2, 3)", [=] { ops::unstack(x, 3); }},
      {"unstack", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::unstack(x, std::nullopt, 2); }},
      {"meshgrid", "expected indexing 'xy' or 'ij', got 'yx'", [=] { ops::meshgrid({x}, "yx"); }},
      {"meshgrid", "expected at most 8 tensors, got 9", [=] { ops::meshgrid(Tensors(9, x)); }},
  };
});

TEST(Stack, OfNothingAndOfOne) {
  EXPECT_TRUE(ops::unstack(input(0, {0, 3})).empty());
  EXPECT_TRUE(ops::meshgrid({}).empty());
  EXPECT_EQ(ops::meshgrid({input(0, {2, 3})})[0].shape(), (Shape{6}));
  EXPECT_EQ(ops::stack({input(0, {2}, graph::bool_)}).shape(), (Shape{1, 2}));
}

}  // namespace
}  // namespace cornu::tests

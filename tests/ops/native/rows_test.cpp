#include "cornu/ops/native/rows.h"

#include <gtest/gtest.h>

#include "cornu/ops/native/gather.h"
#include "tests/support/evaluate.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

const bool samples = register_samples([] {
  const Array indices = numbers({6}, {4, -1, 0, 4, 7, -6}, graph::int32), updates = uniform({6, 2, 3}, -1, 1, 1);
  const Array distinct = numbers({4}, {4, 0, 5, 2}, graph::int64), values = uniform({4, 2, 3}, -1, 1, 2),
              table = uniform({5, 2, 3}, -1, 1, 3);
  const auto rows_of = [](const F64& indices) {
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < indices.size(); ++i) {
      const auto row = static_cast<std::int64_t>(indices[i]);
      rows.push_back(row < 0 ? row + 5 : row);
    }
    return rows;
  };
  return std::vector<OpSample>{
      {.op = "distinct_rows",
       .what = "repeated, negative, out of range",
       .build = [](const Tensors& t) { return ops::distinct_rows(t[0], 5); },
       .inputs = {indices},
       .reference =
           [](const std::vector<F64>& t) {
             F64 y(t[0].shape);
             const double rows[] = {4, 5, 0, 5, 5, 5};
             for (std::int64_t i = 0; i < y.size(); ++i) y[i] = rows[i];
             return y;
           }},
      {.op = "scattered_rows",
       .what = "repeated, negative, out of range",
       .build = [](const Tensors& t) { return ops::scattered_rows(t[0], t[1], t[2], 5); },
       .inputs = {distinct, indices, updates},
       .reference =
           [rows_of](const std::vector<F64>& t) {
             F64 y(Shape{4, 2, 3});
             const auto rows = rows_of(t[1]);
             for (std::int64_t i = 0; i < 4; ++i)
               for (std::size_t k = 0; k < rows.size(); ++k)
                 for (std::int64_t e = 0; e < 6; ++e)
                   if (t[0][i] < 5 && static_cast<double>(rows[k]) == t[0][i])
                     y[i * 6 + e] += t[2][static_cast<std::int64_t>(k) * 6 + e];
             return y;
           }},
      {.op = "replace_rows",
       .what = "one out of range",
       .build = [](const Tensors& t) { return ops::replace_rows(t[0], t[1], t[2]); },
       .inputs = {distinct, values, table},
       .reference =
           [](const std::vector<F64>& t) {
             F64 y = t[2];
             for (std::int64_t i = 0; i < 4; ++i)
               for (std::int64_t e = 0; e < 6; ++e)
                 if (t[0][i] < 5) y[static_cast<std::int64_t>(t[0][i]) * 6 + e] = t[1][i * 6 + e];
             return y;
           }},
  };
});

const bool special = register_without_special_values("distinct_rows", "takes integers") &&
                     register_without_special_values("scattered_rows", "its indices stand for rows") &&
                     register_without_special_values("replace_rows", "copies");

const bool errors = register_errors([] {
  const auto whole = [](int i, const Shape& shape) { return input(i, shape, graph::int64); };
  return std::vector<OpError>{
      {"distinct_rows", "expected integer indices, got float32(2,)", [] { ops::distinct_rows(input(0, {2}), 3); }},
      {"distinct_rows", "expected indices of one axis, got int64(2, 2)",
       [whole] {
         ops::distinct_rows(whole(0, {2, 2}), 3);
       }},
      {"scattered_rows", "expected the indices that distinct_rows gives, got float32(2,)",
       [whole] {
         ops::scattered_rows(input(0, {2}), whole(1, {2}), input(2, {2, 3}), 3);
       }},
      {"scattered_rows", "expected 2 rows, as many as indices, got float32(4, 3)",
       [whole] {
         ops::scattered_rows(whole(0, {2}), whole(1, {2}), input(2, {4, 3}), 3);
       }},
      {"scattered_rows", "expected float32, bfloat16, int32 or int64 updates, got bool(2, 3)",
       [whole] {
         ops::scattered_rows(whole(0, {2}), whole(1, {2}), input(2, {2, 3}, graph::bool_), 3);
       }},
      {"replace_rows", "expected rows of a table float32(9, 4), got float32(2, 3)",
       [whole] {
         ops::replace_rows(whole(0, {2}), input(1, {2, 3}), input(2, {9, 4}));
       }},
  };
});

TEST(Rows, SumsHaveTheBitsOfAScatterWhateverTheThreads) {
  Array indices(Shape{500}, graph::int32);
  for (int i = 0; i < 500; ++i) indices.data<std::int32_t>()[i] = i * i % 61;
  const Array updates = uniform({500, 80}, -1, 1, 4);
  const Array distinct = evaluate(ops::distinct_rows(indices, 61)),
              rows = evaluate(ops::scattered_rows(distinct, indices, updates, 61)),
              whole = evaluate(ops::scatter_add(indices, updates, {61, 80}));
  int touched = 0;
  for (std::int64_t i = 0; i < 500; ++i) {
    const std::int64_t row = distinct.data<std::int64_t>()[i];
    if (row == 61) continue;
    ++touched;
    EXPECT_TRUE(array_equal(rows[i], whole[row]));
  }
  EXPECT_EQ(touched, 31) << "squares modulo a prime";
}

}  // namespace
}  // namespace cornu::tests

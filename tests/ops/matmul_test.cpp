#include "cornu/ops/matmul.h"

#include <cmath>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/matmul_op.h"
#include "cornu/ops/native/reshape.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using ops::MatmulConfig;
using Index = std::vector<std::int64_t>;

F64 product(const F64& a, const F64& b, MatmulConfig config) {
  const auto lengths = [](const F64& x, bool transposed) {
    const std::int64_t rows = x.shape[x.shape.rank() - 2], columns = x.shape.back();
    return transposed ? std::pair{columns, rows} : std::pair{rows, columns};
  };
  const auto [m, k] = lengths(a, config.transpose_a);
  const std::int64_t n = lengths(b, config.transpose_b).second;
  F64 y(graph::broadcast(a.shape.drop_back(2), b.shape.drop_back(2)).append(m).append(n));
  for_each_index(y.shape, [&, k = k](auto index) {
    Index i(index.begin(), index.end()), j = i;
    const std::int64_t row = i[i.size() - 2], column = i.back();
    double total = 0;
    for (std::int64_t l = 0; l < k; ++l) {
      i[i.size() - 2] = config.transpose_a ? l : row;
      i.back() = config.transpose_a ? row : l;
      j[j.size() - 2] = config.transpose_b ? column : l;
      j.back() = config.transpose_b ? l : column;
      total += a.at(i) * b.at(j);
    }
    y.at(index) = total;
  });
  return y;
}

Shape swapped(Shape s, bool swap) {
  if (swap) std::swap(s[s.rank() - 1], s[s.rank() - 2]);
  return s;
}

OpSample sample(const Shape& a, const Shape& b, MatmulConfig config, bool differentiable) {
  return {
      .op = "matmul",
      .what = graph::message(a, " x ", b, config.transpose_a ? " a transposed" : "",
                             config.transpose_b ? " b transposed" : ""),
      .build = [=](const Tensors& in) { return ops::matmul(in[0], in[1], config); },
      .inputs = {uniform(swapped(a, config.transpose_a), -1, 1, 2), uniform(swapped(b, config.transpose_b), -1, 1, 3)},
      .reference = [=](const std::vector<F64>& in) { return product(in[0], in[1], config); },
      .differentiable = differentiable ? std::vector<int>{0, 1} : std::vector<int>{}};
}

/// The op as the fusing pass makes it; of matrices b or of one.
OpSample fused(const std::string& activation, bool transpose_b, const Shape& b = {4, 5}) {
  OpSample s = sample({2, 3, 4}, b, {.transpose_b = transpose_b}, true);
  s.what += " + bias " + activation;
  s.inputs.push_back(uniform({5}, -1, 1, 4));
  s.differentiable = {0, 1, 2};
  s.build = [=](const Tensors& in) {
    auto op = std::make_shared<ops::internal::Matmul>();
    op->transpose_b = transpose_b;
    op->bias = true;
    if (!activation.empty())
      op->activation = std::shared_ptr<const ops::internal::EltwiseOp>(
          dynamic_cast<ops::internal::EltwiseOp*>(graph::op_registry().make(activation).release()));
    return graph::apply1(std::move(op), in);
  };
  s.reference = [=](const std::vector<F64>& in) {
    const F64 y =
        zip(product(in[0], in[1], {.transpose_b = transpose_b}), in[2], [](double a, double b) { return a + b; });
    if (activation == "tanh") return map(y, [](double v) { return std::tanh(v); });
    if (activation == "elu") return map(y, [](double v) { return v > 0 ? v : std::expm1(v); });
    if (activation == "gelu") return map(y, [](double v) { return 0.5 * v * std::erfc(-v / std::sqrt(2.0)); });
    return y;
  };
  return s;
}

const bool special = register_special_functions({of_two("matmul", [](const Tensor& a, const Tensor& b) {
  return ops::matmul(ops::expand_dims(a, 1), ops::expand_dims(b, 2));
})});

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (bool ta : {false, true})
    for (bool tb : {false, true}) {
      const MatmulConfig config{ta, tb};
      for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{{{2, 3}, {3, 4}},
                                                                     {{1, 3}, {3, 1}},
                                                                     {{2, 1}, {1, 4}},
                                                                     {{1, 1}, {1, 1}},
                                                                     {{2, 2, 3}, {3, 2}},
                                                                     {{2, 2, 2, 3}, {3, 2}},
                                                                     {{2, 2, 3}, {2, 3, 2}},
                                                                     {{2, 1, 2, 3}, {3, 3, 2}},
                                                                     {{2, 3}, {2, 3, 2}},
                                                                     {{1, 2, 3}, {2, 3, 2}},
                                                                     {{2, 1, 1, 3}, {1, 2, 3, 2}}})
        all.push_back(sample(a, b, config, true));
      all.push_back(sample({64, 100}, {100, 33}, config, false));
      all.push_back(sample({6, 16, 100}, {100, 33}, config, false));
      all.push_back(sample({2, 3, 17, 40}, {2, 3, 40, 19}, config, false));
      all.push_back(sample({3, 150, 20}, {3, 20, 40}, config, false));  // along rows, where there are two threads
      all.push_back(sample({3, 150, 20}, {1, 20, 40}, config, false));
      for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{{{0, 3}, {3, 4}},
                                                                     {{2, 0}, {0, 4}},
                                                                     {{2, 3}, {3, 0}},
                                                                     {{0, 2, 3}, {3, 4}},
                                                                     {{5, 2, 0}, {0, 4}},
                                                                     {{0, 2, 3}, {0, 3, 4}}})
        all.push_back(sample(a, b, config, true));
    }
  for (const char* activation : {"", "tanh", "elu", "gelu"})
    for (bool tb : {false, true}) {
      all.push_back(fused(activation, tb));
      all.push_back(fused(activation, tb, {2, 4, 5}));
    }
  // Vectors.
  for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{
           {{3}, {3}}, {{3}, {3, 2}}, {{2, 3}, {3}}, {{3}, {2, 3, 2}}, {{2, 2, 3}, {3}}, {{0}, {0}}})
    all.push_back({.op = "matmul",
                   .what = graph::message(a, " x ", b),
                   .build = [](const Tensors& in) { return ops::matmul(in[0], in[1]); },
                   .inputs = {uniform(a, -1, 1, 2), uniform(b, -1, 1, 3)},
                   .reference =
                       [](const std::vector<F64>& in) {
                         F64 x = in[0], w = in[1];
                         if (x.shape.rank() == 1) x.shape = x.shape.prepend(1);
                         if (w.shape.rank() == 1) w.shape = w.shape.append(1);
                         F64 y = product(x, w, {});
                         if (in[1].shape.rank() == 1) y.shape = y.shape.drop_back();
                         if (in[0].shape.rank() == 1)
                           y.shape = y.shape.erase(y.shape.rank() - (in[1].shape.rank() == 1 ? 1 : 2));
                         return y;
                       },
                   .differentiable = {0, 1}});
  return all;
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"matmul", "the inner axes differ: 3 of shape (2, 3) and 4 of shape (4, 5)",
       [] {
         ops::matmul(input(0, {2, 3}), input(1, {4, 5}));
       }},
      {"matmul", "the inner axes differ: 2 of shape (2, 3) (transposed) and 3 of shape (3, 5)",
       [] {
         ops::matmul(input(0, {2, 3}), input(1, {3, 5}), {.transpose_a = true});
       }},
      {"matmul", "expected tensors of rank 1 or more, got shapes () and (3, 5)",
       [] {
         ops::matmul(input(0, {}), input(1, {3, 5}));
       }},
      {"matmul", "a vector cannot be transposed, got shapes (2, 3) and (3,)",
       [] {
         ops::matmul(input(0, {2, 3}), input(1, {3}), {.transpose_b = true});
       }},
      {"matmul", "do not broadcast",
       [] {
         ops::matmul(input(0, {2, 3, 4}), input(1, {3, 4, 5}));
       }},
      {"matmul", "expected a float32 bias of shape (5,), got float32(4,)",
       [] {
         auto op = std::make_shared<ops::internal::Matmul>();
         op->bias = true;
         graph::apply1(std::move(op), {input(0, {2, 3}), input(1, {3, 5}), input(2, {4})});
       }},
      {"matmul", "expected two float32 or two bfloat16 tensors",
       [] {
         ops::matmul(input(0, {2, 3}, graph::int32), input(1, {3, 5}, graph::int32));
       }},
  };
});

}  // namespace
}  // namespace cornu::tests

#include "cornu/ops/composite/diagonal.h"

#include <algorithm>

#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using Index = std::vector<std::int64_t>;

OpSample sample(std::string op, std::string what, std::function<Tensor(const Tensor&)> f, const Array& x,
                std::function<F64(const F64&)> reference) {
  return {.op = std::move(op),
          .what = std::move(what),
          .build = [f = std::move(f)](const Tensors& t) { return f(t[0]); },
          .inputs = {x},
          .reference = [reference = std::move(reference)](const std::vector<F64>& t) { return reference(t[0]); },
          .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

// Found by looking at every element.
F64 diagonal(const F64& x, std::int64_t offset, int axis1, int axis2) {
  std::vector<std::int64_t> shape;
  for (int axis = 0; axis < x.shape.rank(); ++axis)
    if (axis != axis1 && axis != axis2) shape.push_back(x.shape[axis]);
  std::int64_t length = 0;
  for (std::int64_t i = 0; i < x.shape[axis1]; ++i) length += i + offset >= 0 && i + offset < x.shape[axis2] ? 1 : 0;
  shape.push_back(length);
  F64 y{Shape(shape)};
  for_each_index(x.shape, [&](auto i) {
    if (i[axis2] - i[axis1] != offset) return;
    Index to;
    for (int axis = 0; axis < x.shape.rank(); ++axis)
      if (axis != axis1 && axis != axis2) to.push_back(i[axis]);
    to.push_back(std::min(i[axis1], i[axis2]));
    y.at(to) = x.at(i);
  });
  return y;
}

OpSample diagonal_sample(const Array& x, std::int64_t offset, int axis1, int axis2) {
  return sample(
      "take", graph::message("diagonal ", offset, " of ", x.shape(), " along ", axis1, " and ", axis2),
      [=](const Tensor& t) { return ops::diagonal(t, offset, axis1, axis2); }, x,
      [=](const F64& t) { return diagonal(t, offset, t.shape.normalize(axis1), t.shape.normalize(axis2)); });
}

OpSample triangle_sample(const Array& x, bool lower, std::int64_t k) {
  return sample(
      "where", graph::message(lower ? "tril " : "triu ", k, " of ", x.shape()),
      [=](const Tensor& t) { return lower ? ops::tril(t, k) : ops::triu(t, k); }, x,
      [=](const F64& t) {
        F64 y(t.shape);
        for_each_index(t.shape, [&](auto i) {
          const std::int64_t diagonal = i[i.size() - 1] - i[i.size() - 2];
          y.at(i) = (lower ? diagonal <= k : diagonal >= k) ? t.at(i) : 0;
        });
        return y;
      });
}

OpSample diag_sample(const Array& x, std::int64_t k) {
  return sample(
      "pad", graph::message("diag ", k, " of ", x.shape()), [=](const Tensor& t) { return ops::diag(t, k); }, x,
      [=](const F64& t) {
        const std::int64_t n = t.size() + std::abs(k);
        F64 y(Shape{n, n});
        for (std::int64_t i = 0; i < t.size(); ++i)
          y.at(Index{i + std::max<std::int64_t>(0, -k), i + std::max<std::int64_t>(0, k)}) = t[i];
        return y;
      });
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const std::int64_t k : {0, 1, -1, 2, -2, 5, -5})
    for (const Shape& shape : {Shape{3, 3}, Shape{2, 4}, Shape{4, 2}}) {
      all.push_back(diagonal_sample(uniform(shape), k, 0, 1));
      all.push_back(diagonal_sample(uniform(shape), k, -1, 0));
      all.push_back(triangle_sample(uniform(shape), true, k));
      all.push_back(triangle_sample(uniform(shape), false, k));
    }
  all.push_back(diagonal_sample(uniform({3, 2, 4}), 1, 0, 2));
  all.push_back(diagonal_sample(uniform({3, 2, 4}), -1, 2, 0));
  all.push_back(diagonal_sample(uniform({2, 3, 3, 2}), 0, 1, 2));
  all.push_back(diagonal_sample(uniform({3, 0}), 0, 0, 1));
  all.push_back(diagonal_sample(numbers({2, 2}, {1, 2, 3, 4}, graph::int32), 0, 0, 1));
  all.push_back(triangle_sample(uniform({2, 2, 3}), true, 0));
  all.push_back(triangle_sample(uniform({2, 0}), false, 0));
  all.push_back(triangle_sample(numbers({2, 2}, {1, 2, 3, 4}, graph::uint8), false, 1));
  for (const std::int64_t k : {1, -1, 3, -3}) all.push_back(diag_sample(uniform({3}), k));
  all.push_back(diag_sample(uniform({1}), 0));
  all.push_back(diag_sample(uniform({4}), 0));
  all.push_back(diag_sample(numbers({2}, {4, 5}, graph::int64), 1));
  all.push_back(sample(
      "take", "diag of a matrix", [](const Tensor& t) { return ops::diag(t, 1); }, uniform({3, 3}),
      [](const F64& t) { return diagonal(t, 1, 0, 1); }));
  all.push_back(sample(
      "sum", "trace", [](const Tensor& t) { return ops::trace(t, 1, 1, 2); }, uniform({2, 3, 4}),
      [](const F64& t) {
        return fold(diagonal(t, 1, 1, 2), {1}, false, 0, [](double a, double b) { return a + b; });
      }));
  return all;
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3}), v = input(1, {3});
  return std::vector<OpError>{
      {"diagonal", "axis 1 given twice for shape (2, 3)", [=] { ops::diagonal(x, 0, 1, -1); }},
      {"diagonal", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::diagonal(x, 0, 0, 2); }},
      {"diagonal", "axis 1 is out of bounds for shape (3,)", [=] { ops::trace(v); }},
      {"diag", "expected a vector or a matrix, got shape ()", [] { ops::diag(input(0, {})); }},
      {"tril", "expected a tensor of rank 2 or more, got shape (3,)", [=] { ops::tril(v); }},
      {"triu", "expected a tensor of rank 2 or more, got shape (3,)", [=] { ops::triu(v); }},
  };
});

}  // namespace
}  // namespace cornu::tests

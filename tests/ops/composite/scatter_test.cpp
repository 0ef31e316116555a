#include "cornu/ops/composite/scatter.h"

#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using Index = std::vector<std::int64_t>;

// Calls f(index of an update's element, index into the tensor) for every update that lies inside.
template <class F>
void for_each_update(const F64& indices, const Shape& shape, F&& f) {
  const int k = static_cast<int>(indices.shape.back());
  const Shape rows = indices.shape.drop_back();
  Shape part;
  for (int axis = k; axis < shape.rank(); ++axis) part = part.append(shape[axis]);
  for_each_index(rows, [&](auto row) {
    Index to;
    for (int axis = 0; axis < k; ++axis) {
      Index at(row.begin(), row.end());
      at.push_back(axis);
      auto place = static_cast<std::int64_t>(indices.at(at));
      if (place < 0) place += shape[axis];
      if (place < 0 || place >= shape[axis]) return;
      to.push_back(place);
    }
    for_each_index(part, [&](auto rest) {
      Index from(row.begin(), row.end()), target = to;
      from.insert(from.end(), rest.begin(), rest.end());
      target.insert(target.end(), rest.begin(), rest.end());
      f(from, target);
    });
  });
}

std::vector<int> floating(const Array& x, std::vector<int> which) {
  return graph::is_floating(x.dtype()) ? which : std::vector<int>{};
}

OpSample scatter_sample(std::string what, const Array& indices, const Array& values, const Shape& shape) {
  return {.op = "scatter_add",
          .what = "scatter, " + what,
          .build = [=](const Tensors& t) { return ops::scatter(t[0], t[1], shape); },
          .inputs = {indices, values},
          .reference =
              [=](const std::vector<F64>& t) {
                F64 y(shape);
                for_each_update(t[0], shape, [&](const Index& from, const Index& to) { y.at(to) += t[1].at(from); });
                return y;
              },
          .differentiable = floating(values, {1})};
}

OpSample update_sample(std::string what, const Array& x, const Array& indices, const Array& updates,
                       const std::string& reduction = "") {
  return {.op = reduction.empty() ? "last_occurrence" : "scatter_add",
          .what = "scatter_update, " + what,
          .build = [=](const Tensors& t) { return ops::scatter_update(t[0], t[1], t[2], reduction); },
          .inputs = {x, indices, updates},
          .reference =
              [=](const std::vector<F64>& t) {
                F64 y = t[0];
                for_each_update(t[1], t[0].shape, [&](const Index& from, const Index& to) {
                  y.at(to) = t[2].at(from) + (reduction.empty() ? 0 : y.at(to));
                });
                return y;
              },
          .differentiable = floating(x, {0, 2})};
}

OpSample slice_update_sample(std::string what, const Array& x, const Array& updates, const Index& starts) {
  return {.op = "concatenate",
          .what = "slice_update, " + what,
          .build = [=](const Tensors& t) { return ops::slice_update(t[0], starts, t[1]); },
          .inputs = {x, updates},
          .reference =
              [=](const std::vector<F64>& t) {
                F64 y = t[0];
                for_each_index(t[1].shape, [&](auto i) {
                  Index to(i.begin(), i.end());
                  for (std::size_t axis = 0; axis < to.size(); ++axis) to[axis] += starts[axis];
                  y.at(to) = t[1].at(i);
                });
                return y;
              },
          .differentiable = floating(x, {0, 1})};
}

const bool samples = register_samples([] {
  const auto ints = [](const Shape& shape, std::vector<double> v, DType dtype = graph::int32) {
    return numbers(shape, std::move(v), dtype);
  };
  const Array x = uniform({3, 4}), cube = uniform({2, 3, 2}), rows = ints({3, 1}, {2, 0, 2}),
              places = ints({4, 2}, {0, 1, 2, -1, 1, 4, 0, 1}), far = ints({3, 2}, {0, 3, -3, -4, -4, 0}, graph::int64);
  return std::vector<OpSample>{
      scatter_sample("rows, one twice", rows, uniform({3, 4}), {3, 4}),
      scatter_sample("elements, one twice and one outside", places, uniform({4}), {3, 4}),
      scatter_sample("int64, negative and outside", far, uniform({3}), {3, 4}),
      scatter_sample("indices of rank 3", ints({2, 1, 1}, {1, 0}), uniform({2, 1, 3}), {2, 3}),
      scatter_sample("none", ints({0, 2}, {}), uniform({0}), {2, 2}),
      scatter_sample("integers", rows, ints({3}, {1, 2, 3}), {3}),
      update_sample("rows, one twice", x, rows, uniform({3, 4}, -1, 1, 4)),
      update_sample("elements, one twice and one outside", x, places, uniform({4}, -1, 1, 4)),
      update_sample("int64, negative and outside", x, far, uniform({3}, -1, 1, 4)),
      update_sample("parts of rank 1", cube, ints({2, 2}, {1, 2, 0, 0}), uniform({2, 2}, -1, 1, 4)),
      update_sample("one index", x, ints({1}, {1}), uniform({4}, -1, 1, 4)),
      update_sample("none", x, ints({0, 1}, {}), uniform({0, 4})),
      update_sample("bytes", ints({2}, {7, 8}, graph::uint8), ints({1, 1}, {1}), ints({1}, {9}, graph::uint8)),
      update_sample("added", x, places, uniform({4}, -1, 1, 4), "add"),
      update_sample("integers added", ints({3}, {7, 8, 9}), rows, ints({3}, {1, 2, 3}), "add"),
      slice_update_sample("in the middle", x, uniform({1, 2}, -1, 1, 4), {1, 1}),
      slice_update_sample("at the end", x, uniform({2, 2}, -1, 1, 4), {1, 2}),
      slice_update_sample("three axes", cube, uniform({1, 2, 1}, -1, 1, 4), {1, 0, 1}),
      slice_update_sample("nothing", x, uniform({0, 2}), {1, 1}),
      slice_update_sample("bytes", ints({3}, {7, 8, 9}, graph::uint8), ints({1}, {1}, graph::uint8), {0}),
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {3, 4}), i = input(1, {2, 1}, graph::int32), u = input(2, {2, 4}),
               n = input(3, {2, 4}, graph::int32);
  return std::vector<OpError>{
      {"scatter", "expected integer indices, got float32(2, 4)",
       [=] {
         ops::scatter(u, u, {3, 4});
       }},
      {"scatter", "expected indices (…, 1 to 2) for shape (3, 4), got (2, 4)",
       [=] {
         ops::scatter(n, u, {3, 4});
       }},
      {"scatter", "expected indices (…, 1 to 2) for shape (3, 4), got ()",
       [=] {
         ops::scatter(input(4, {}, graph::int32), u, {3, 4});
       }},
      {"scatter_update", "expected updates of shape (2, 4) for indices (2, 1) into shape (3, 4), got (3, 4)",
       [=] { ops::scatter_update(x, i, x); }},
      {"scatter_update", "expected inputs and updates of one dtype, got float32(3, 4) and int32(2, 4)",
       [=] { ops::scatter_update(x, i, n); }},
      {"scatter_update", "expected no reduction or 'add', got 'max'", [=] { ops::scatter_update(x, i, u, "max"); }},
      {"slice_update", "[2, 4) is out of bounds for axis 0 of shape (3, 4)",
       [=] {
         ops::slice_update(x, {2, 0}, u);
       }},
      {"slice_update", "[-1, 1) is out of bounds for axis 0 of shape (3, 4)",
       [=] {
         ops::slice_update(x, {-1, 0}, u);
       }},
      {"slice_update", "expected updates and start_indices of 2 axes for shape (3, 4), got shape (2, 4) and 1",
       [=] { ops::slice_update(x, {0}, u); }},
      {"slice_update", "expected inputs and updates of one dtype",
       [=] {
         ops::slice_update(x, {0, 0}, n);
       }},
  };
});

}  // namespace
}  // namespace cornu::tests

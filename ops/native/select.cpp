#include "cornu/ops/native/select.h"

#include <algorithm>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/broadcast_walk.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/internal/expression.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/native/where_nonzero.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

using graph::require;

template <int A, int B, class Condition, class T>
void choose(const Condition* condition, const T* a, const T* b, T* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const T yes = a[i * A], no = b[i * B];  // both read, so that the loop has no branch
    y[i] = condition[i] ? yes : no;
  }
}

template <class Condition>
Kernel choosing(const PlanRequest& r) {
  const internal::BroadcastWalk<3> walk(r.out[0].shape, {r.in[0].shape, r.in[1].shape, r.in[2].shape});
  return Kernel::native(r.parts(walk.elements()), [walk, width = graph::size_of(r.in[1].dtype)](const graph::Call& c) {
    graph::internal::visit_width(width, [&](auto word) {
      using T = decltype(word);
      c.share(walk.elements(), [&](std::int64_t begin, std::int64_t end) {
        walk.run(begin, end, [&](std::int64_t first, const auto& from, std::int64_t n) {
          const Condition* condition = c.in<Condition>(0) + from[0];
          const T *a = c.in<T>(1) + from[1], *b = c.in<T>(2) + from[2];
          T* y = c.out<T>() + first;
          if (!walk.moves(0)) {
            const int chosen = *condition ? 1 : 2;
            const T* x = chosen == 1 ? a : b;
            if (walk.moves(chosen))
              internal::copy_bytes(y, x, static_cast<std::size_t>(n) * sizeof(T));
            else
              std::fill_n(y, n, *x);
          } else if (walk.moves(1)) {
            walk.moves(2) ? choose<1, 1>(condition, a, b, y, n) : choose<1, 0>(condition, a, b, y, n);
          } else {
            walk.moves(2) ? choose<0, 1>(condition, a, b, y, n) : choose<0, 0>(condition, a, b, y, n);
          }
        });
      });
    });
  });
}

Shape chosen_shape(const Specs& in, std::string_view op) {
  return graph::broadcast(graph::broadcast(in[0].shape, in[1].shape, op), in[2].shape, op);
}

/// Of both ways to choose: each of a and b gets the gradient where it was chosen.
template <class Choose>
Tensors chosen_gradient(const Backward& b, Choose choose) {
  const Tensor zero = graph::constant(0, b.dy().dtype());
  Tensors g(3);
  if (b.wants(1)) g[1] = sum_to(choose(b.x(0), b.dy(), zero), b.x(1).shape());
  if (b.wants(2)) g[2] = sum_to(choose(b.x(0), zero, b.dy()), b.x(2).shape());
  return g;
}

struct Where final : Op, TakesBFloat16 {
  std::string_view name() const override { return "where"; }
  Specs infer(const Specs& in) const override {
    require<TypeError>(in[0].dtype == bool_, "where: expected a bool condition, got ", in[0]);
    require<TypeError>(in[1].dtype == in[2].dtype, "where: expected two tensors of one dtype, got ", in[1], " and ",
                       in[2]);
    return {{in[1].dtype, chosen_shape(in, "where")}};
  }
  Tensors gradient(const Backward& b) const override { return chosen_gradient(b, where); }
  Kernel plan(const PlanRequest& r) const override { return choosing<std::uint8_t>(r); }
  graph::Traits traits() const override { return {.elementwise = true}; }
};
const bool select_registered = graph::register_op<Where>();

struct WhereNonzero final : Op, internal::Pointwise {
  std::string_view name() const override { return "where_nonzero"; }
  Specs infer(const Specs& in) const override {
    for (const graph::Spec& spec : in)
      require<TypeError>(internal::is_computed(spec.dtype) && spec.dtype == in[0].dtype,
                         "where_nonzero: expected float32 or bfloat16 tensors of one dtype, got ", in[0], ", ", in[1],
                         " and ", in[2]);
    return {{in[1].dtype, chosen_shape(in, "where_nonzero")}};
  }
  internal::Value formula(std::span<const internal::Value> x) const override {
    return internal::where(x[0] == 0.f, x[2], x[1]);
  }
  Tensors gradient(const Backward& b) const override { return chosen_gradient(b, where_nonzero); }
  Kernel plan(const PlanRequest& r) const override { return choosing<float>(r); }
  graph::Traits traits() const override { return {.elementwise = true}; }
};
const bool where_nonzero_registered = graph::register_op<WhereNonzero>();

}  // namespace

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  return graph::apply1(std::make_shared<Where>(), {condition, a, b});
}

Tensor where_nonzero(const Tensor& flag, const Tensor& a, const Tensor& b) {
  return graph::apply1(std::make_shared<WhereNonzero>(), {flag, a, b});
}

}  // namespace cornu::ops

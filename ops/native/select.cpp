#include "cornu/ops/native/select.h"

#include <algorithm>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/broadcast_walk.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

using graph::require;

template <int A, int B, class T>
void choose(const std::uint8_t* condition, const T* a, const T* b, T* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const T yes = a[i * A], no = b[i * B];  // both read, so that the loop has no branch
    y[i] = condition[i] ? yes : no;
  }
}

struct Where final : Op, TakesBFloat16 {
  std::string_view name() const override { return "where"; }
  Specs infer(const Specs& in) const override {
    require<TypeError>(in[0].dtype == bool_, "where: expected a bool condition, got ", in[0]);
    require<TypeError>(in[1].dtype == in[2].dtype, "where: expected two tensors of one dtype, got ", in[1], " and ",
                       in[2]);
    return {{in[1].dtype, graph::broadcast(graph::broadcast(in[0].shape, in[1].shape, "where"), in[2].shape, "where")}};
  }
  Tensors gradient(const Backward& b) const override {
    const Tensor zero = graph::constant(0, b.dy().dtype());
    Tensors g(3);
    if (b.wants(1)) g[1] = sum_to(where(b.x(0), b.dy(), zero), b.x(1).shape());
    if (b.wants(2)) g[2] = sum_to(where(b.x(0), zero, b.dy()), b.x(2).shape());
    return g;
  }
  Kernel plan(const PlanRequest& r) const override {
    const internal::BroadcastWalk<3> walk(r.out[0].shape, {r.in[0].shape, r.in[1].shape, r.in[2].shape});
    return Kernel::native(
        r.parts(walk.elements()), [walk, width = graph::size_of(r.in[1].dtype)](const graph::Call& c) {
          graph::internal::visit_width(width, [&](auto word) {
            using T = decltype(word);
            c.share(walk.elements(), [&](std::int64_t begin, std::int64_t end) {
              walk.run(begin, end, [&](std::int64_t first, const auto& from, std::int64_t n) {
                const std::uint8_t* condition = c.in<std::uint8_t>(0) + from[0];
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
  graph::Traits traits() const override { return {.elementwise = true}; }
};
const bool select_registered = graph::register_op<Where>();

}  // namespace

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  return graph::apply1(std::make_shared<Where>(), {condition, a, b});
}

}  // namespace cornu::ops

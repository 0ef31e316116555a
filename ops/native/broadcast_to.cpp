#include "cornu/ops/native/broadcast_to.h"

#include <algorithm>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/broadcast_walk.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

struct BroadcastTo final : Op, TakesBFloat16, internal::AddsUpBefore {
  Shape shape;
  std::string_view name() const override { return "broadcast_to"; }
  void fields(FieldVisitor& f) const override { f("shape", shape); }
  Specs infer(const Specs& in) const override {
    const Shape& x = in[0].shape;
    bool fits = shape.is_set() && x.rank() <= shape.rank();
    for (int i = 1; fits && i <= x.rank(); ++i)
      fits = x[x.rank() - i] == 1 || x[x.rank() - i] == shape[shape.rank() - i];
    for (std::int64_t dim : shape) fits &= dim >= 0;
    graph::require<ShapeError>(fits, "broadcast_to: shape ", x, " does not broadcast to ", shape);
    return {{in[0].dtype, shape}};
  }
  Tensors gradient(const Backward& b) const override { return {sum_to(b.dy(), b.x().shape())}; }
  Kernel plan(const PlanRequest& r) const override {
    const internal::BroadcastWalk<1> walk(r.out[0].shape, {r.in[0].shape});
    return Kernel::native(
        r.parts(walk.elements()), [walk, width = graph::size_of(r.in[0].dtype)](const graph::Call& c) {
          graph::internal::visit_width(width, [&](auto word) {
            using T = decltype(word);
            const T* x = c.in<T>();
            T* y = c.out<T>();
            c.share(walk.elements(), [&](std::int64_t begin, std::int64_t end) {
              walk.run(begin, end, [&](std::int64_t first, const auto& from, std::int64_t n) {
                if (walk.moves(0))
                  internal::copy_bytes(y + first, x + from[0], static_cast<std::size_t>(n) * sizeof(T));
                else
                  std::fill_n(y + first, n, x[from[0]]);
              });
            });
          });
        });
  }
};
const bool broadcast_to_registered = graph::register_op<BroadcastTo>();

}  // namespace

Tensor broadcast_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  auto op = std::make_shared<BroadcastTo>();
  op->shape = shape;
  return graph::apply1(std::move(op), {x});
}

Tensor zeros_like(const Tensor& x) { return ops::full(x.shape(), 0, x.dtype()); }
Tensor ones_like(const Tensor& x) { return ops::full(x.shape(), 1, x.dtype()); }

}  // namespace cornu::ops

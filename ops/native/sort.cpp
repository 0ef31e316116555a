#include "cornu/ops/native/sort.h"

#include <algorithm>
#include <numeric>

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/gather.h"

namespace cornu::ops {
namespace {

using graph::require;
using internal::Fold;

/// The order of numbers in which NaN comes last.
template <class T>
bool before(T a, T b) {
  return a < b || (b != b && a == a);
}

/// Indices of the first `count` elements in order, all if it is below 0.
struct Argsort final : Op, TakesBFloat16 {
  int axis = -1;
  bool descending = false;
  std::int64_t count = -1;
  std::string_view name() const override { return "argsort"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("descending", descending);
    f("count", count);
  }
  Specs infer(const Specs& in) const override {
    const int at = internal::normalize(name(), axis, in[0].shape);
    return {{int32, count < 0 ? in[0].shape : in[0].shape.with(at, count)}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const int at = r.in[0].shape.normalize(axis);
    const Fold fold(r.in[0].shape, at);
    const std::int64_t kept = r.out[0].shape[at];
    const bool in_place = fold.inner == 1 && kept == fold.length;  // the output's memory is that of the work
    Kernel kernel = Kernel::native(r.parts(fold.elements() * 8), [fold, kept, in_place, descending = descending,
                                                                  dtype = r.in[0].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        c.share(fold.outer * fold.inner, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t line = begin; line < end; ++line) {
            const std::int64_t outer = line / fold.inner, inner = line % fold.inner;
            const auto* x = c.in<decltype(zero)>() + outer * fold.length * fold.inner + inner;
            std::int32_t* y = c.out<std::int32_t>() + outer * kept * fold.inner + inner;
            std::int32_t* order = in_place ? y : static_cast<std::int32_t*>(c.scratch) + line * fold.length;
            std::iota(order, order + fold.length, 0);
            // Equal elements by index: stable without the memory that std::stable_sort takes.
            const Order less{x, fold.inner, descending};
            if (kept == fold.length)
              std::sort(order, order + kept, less);
            else
              std::partial_sort(order, order + kept, order + fold.length, less);
            for (std::int64_t i = 0; !in_place && i < kept; ++i) y[i * fold.inner] = order[i];
          }
        });
      });
    });
    if (!in_place) kernel.scratch = static_cast<std::size_t>(fold.elements()) * sizeof(std::int32_t);
    return kernel;
  }

 private:
  template <class T>
  struct Order {
    const T* x;
    std::int64_t stride;
    bool descending;
    bool operator()(std::int32_t i, std::int32_t j) const {
      const T a = x[i * stride], b = x[j * stride];
      if (before(a, b)) return !descending;
      if (before(b, a)) return descending;
      return i < j;
    }
  };
  template <class T>
  Order(const T*, std::int64_t, bool) -> Order<T>;
};

const bool argsort_registered = graph::register_op<Argsort>();

}  // namespace

Tensor argsort(const Tensor& x, int axis) {
  auto op = std::make_shared<Argsort>();
  op->axis = internal::normalize("argsort", axis, x.shape());
  return graph::apply1(std::move(op), {x});
}

Tensor sort(const Tensor& x, int axis) {
  axis = internal::normalize("sort", axis, x.shape());
  return take_along_axis(x, argsort(x, axis), axis);
}

Tensors top_k(const Tensor& x, std::int64_t k, bool) {
  auto op = std::make_shared<Argsort>();
  op->axis = internal::normalize("top_k", -1, x.shape());
  op->descending = true;
  op->count = k;
  require<ValueError>(k >= 0 && k <= x.shape().back(), "top_k: expected k from 0 to ", x.shape().back(), ", got ", k);
  const int axis = op->axis;
  const Tensor indices = graph::apply1(std::move(op), {x});
  return {take_along_axis(x, indices, axis), indices};
}

}  // namespace cornu::ops

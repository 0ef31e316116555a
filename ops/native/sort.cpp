#include "cornu/ops/native/sort.h"

#include <algorithm>
#include <numeric>

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/native/gather.h"

namespace cornu::ops {
namespace {

using graph::require;
using internal::Fold;

struct Argsort final : Op, TakesBFloat16 {
  int axis = -1;
  std::string_view name() const override { return "argsort"; }
  void fields(FieldVisitor& f) const override { f("axis", axis); }
  Specs infer(const Specs& in) const override {
    internal::normalize(name(), axis, in[0].shape);
    return {{int32, in[0].shape}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const Fold fold(r.in[0].shape, r.in[0].shape.normalize(axis));
    Kernel kernel = Kernel::native(r.parts(fold.elements() * 8), [fold, dtype = r.in[0].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        const std::int64_t lines = fold.outer * fold.inner;
        c.share(lines, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t line = begin; line < end; ++line) {
            const std::int64_t first = line / fold.inner * fold.length * fold.inner + line % fold.inner;
            const auto* x = c.in<decltype(zero)>() + first;
            std::int32_t* y = c.out<std::int32_t>() + first;
            std::int32_t* order = fold.inner == 1 ? y : static_cast<std::int32_t*>(c.scratch) + line * fold.length;
            std::iota(order, order + fold.length, 0);
            // Equal elements by index: stable without the memory that std::stable_sort takes. NaN comes last, as in
            // NumPy.
            std::sort(order, order + fold.length, [x, stride = fold.inner](std::int32_t i, std::int32_t j) {
              const auto a = x[i * stride], b = x[j * stride];
              if (a < b || (b != b && a == a)) return true;
              if (b < a || (a != a && b == b)) return false;
              return i < j;
            });
            for (std::int64_t i = 0; fold.inner != 1 && i < fold.length; ++i) y[i * fold.inner] = order[i];
          }
        });
      });
    });
    if (fold.inner != 1) kernel.scratch = static_cast<std::size_t>(fold.elements()) * sizeof(std::int32_t);
    return kernel;
  }
};
const bool argsort_registered = graph::register_op<Argsort>();

struct Cumsum final : Op {
  int axis = -1;
  bool reverse = false;
  std::string_view name() const override { return "cumsum"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("reverse", reverse);
  }
  Specs infer(const Specs& in) const override {
    const graph::DType dtype = in[0].dtype;
    require<TypeError>(internal::is_computed(dtype) || dtype == int32 || dtype == int64,
                       "cumsum: expected float32, bfloat16, int32 or int64, got ", in[0]);
    internal::normalize(name(), axis, in[0].shape);
    return {in[0]};
  }
  Tensors gradient(const Backward& b) const override { return {cumsum(b.dy(), axis, !reverse)}; }
  Kernel plan(const PlanRequest& r) const override {
    const Fold fold(r.in[0].shape, r.in[0].shape.normalize(axis));
    if (r.in[0].dtype == int32) return kernel<std::int32_t>(fold, r);
    if (r.in[0].dtype == int64) return kernel<std::int64_t>(fold, r);
    return kernel<float>(fold, r);
  }

 private:
  template <class T>
  Kernel kernel(const Fold& fold, const PlanRequest& r) const {
    return Kernel::native(r.parts(fold.elements()), [fold, reverse = reverse](const graph::Call& c) {
      c.share(fold.outer, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t o = begin; o < end; ++o) {
          for (std::int64_t k = 0; k < fold.length; ++k) {
            const std::int64_t row = (o * fold.length + (reverse ? fold.length - 1 - k : k)) * fold.inner;
            const std::int64_t previous = row + (reverse ? fold.inner : -fold.inner);
            const T* x = c.in<T>();
            T* y = c.out<T>();
            for (std::int64_t i = 0; i < fold.inner; ++i)
              y[row + i] = k == 0 ? x[row + i] : static_cast<T>(y[previous + i] + x[row + i]);
          }
        }
      });
    });
  }
};
const bool cumsum_registered = graph::register_op<Cumsum>();

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

Tensor cumsum(const Tensor& x, int axis, bool reverse) {
  auto op = std::make_shared<Cumsum>();
  op->axis = internal::normalize("cumsum", axis, x.shape());
  op->reverse = reverse;
  return graph::apply1(std::move(op), {x});
}

}  // namespace cornu::ops

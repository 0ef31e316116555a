#include "cornu/ops/native/cumulative.h"

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/wrapping.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops {
namespace {

using graph::require;
using internal::Fold;
using internal::Wrapping;

/// Element i of the output from those of the inputs and from what came before it.
template <class T>
struct SumStep {
  const T* x;
  explicit SumStep(const graph::Call& c) : x(c.in<T>()) {}
  T first(std::int64_t i) const { return x[i]; }
  T next(T before, std::int64_t i) const { return static_cast<T>(Wrapping<T>(before) + Wrapping<T>(x[i])); }
};
template <class T>
struct RecurrenceStep {
  const T *a, *b;
  explicit RecurrenceStep(const graph::Call& c) : a(c.in<T>(0)), b(c.in<T>(1)) {}
  T first(std::int64_t i) const { return b[i]; }
  T next(T before, std::int64_t i) const {
    return static_cast<T>(Wrapping<T>(a[i]) * Wrapping<T>(before) + Wrapping<T>(b[i]));
  }
};

/// A walk along an axis.
template <template <class> class Step>
struct Cumulative : Op {
  int axis = -1;
  bool reverse = false;
  void fields(FieldVisitor& f) const override { f("axis", axis), f("reverse", reverse); }
  Specs infer(const Specs& in) const override {
    require<TypeError>(internal::is_computed(in[0].dtype) || in[0].dtype == int64, name(),
                       ": expected float32, bfloat16, bools or integers, got ", in[0]);
    internal::normalize(name(), axis, in[0].shape);
    for (const Spec& other : in)
      require<ShapeError>(other == in[0], name(), ": expected two tensors of one shape and dtype, got ", in[0], " and ",
                          other);
    return {in[0]};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold fold(r.in[0].shape, r.in[0].shape.normalize(axis));
    return r.in[0].dtype == int64 ? kernel<std::int64_t>(fold, r) : kernel<float>(fold, r);
  }

 private:
  template <class T>
  Kernel kernel(const Fold& fold, const PlanRequest& r) const {
    return Kernel::native(r.parts(fold.elements()), [fold, reverse = reverse](const graph::Call& c) {
      const Step<T> step(c);
      T* y = c.out<T>();
      c.share(fold.outer, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t o = begin; o < end; ++o) {
          for (std::int64_t k = 0; k < fold.length; ++k) {
            const std::int64_t row = (o * fold.length + (reverse ? fold.length - 1 - k : k)) * fold.inner;
            const std::int64_t previous = row + (reverse ? fold.inner : -fold.inner);
            for (std::int64_t i = row; i < row + fold.inner; ++i)
              y[i] = k == 0 ? step.first(i) : step.next(y[previous + i - row], i);
          }
        }
      });
    });
  }
};

/// Every element one place further along the axis (back if `reverse`), with 0 in the place that is left.
Tensor shifted(const Tensor& x, int axis, bool reverse) {
  const std::int64_t n = x.shape()[axis];
  if (n == 0) return x;
  return pad(slice(x, axis, reverse ? 1 : 0, reverse ? n : n - 1), axis, reverse ? 0 : 1, reverse ? 1 : 0);
}

struct Cumsum final : Cumulative<SumStep> {
  std::string_view name() const override { return "cumsum"; }
  Tensors gradient(const Backward& b) const override { return {cumsum(b.dy(), axis, {.reverse = !reverse})}; }
};

struct LinearRecurrence final : Cumulative<RecurrenceStep> {
  std::string_view name() const override { return "linear_recurrence"; }
  // What flows back is a recurrence in the other direction: g_t = dy_t + a_(t+1) g_(t+1).
  Tensors gradient(const Backward& b) const override {
    const Tensor g = linear_recurrence(shifted(b.x(0), axis, !reverse), b.dy(), axis, !reverse);
    return {b.wants(0) ? g * shifted(b.y(), axis, reverse) : Tensor(), g};
  }
};

const bool cumulative_registered = graph::register_op<Cumsum, LinearRecurrence>();

Tensor computable(const Tensor& x) { return graph::is_floating(x.dtype()) ? x : cast(x, int64); }

template <class T>
Tensor walk(const Tensors& inputs, int axis, bool reverse) {
  auto op = std::make_shared<T>();
  op->axis = internal::normalize(op->name(), axis, inputs[0].shape());
  op->reverse = reverse;
  return graph::apply1(std::move(op), inputs);
}

Tensor flat(const Tensor& x) { return reshape(x, {x.shape().elements()}); }

}  // namespace

Tensor cumsum(const Tensor& x) { return cumsum(flat(x), 0); }
Tensor cumsum(const Tensor& x, int axis, const CumulativeConfig& config) {
  axis = internal::normalize("cumsum", axis, x.shape());
  const Tensor y = computable(x);
  return walk<Cumsum>({config.exclusive ? shifted(y, axis, config.reverse) : y}, axis, config.reverse);
}

Tensor cumprod(const Tensor& x) { return cumprod(flat(x), 0); }
// The product of what stands before is a recurrence that begins with 1: y_t = x_(t-1) y_(t-1).
Tensor cumprod(const Tensor& x, int axis, const CumulativeConfig& config) {
  axis = internal::normalize("cumprod", axis, x.shape());
  const Tensor y = computable(x);
  require<TypeError>(internal::is_computed(y.dtype()) || y.dtype() == int64,
                     "cumprod: expected float32, bfloat16, bools or integers, got ", x.spec());
  const std::int64_t n = x.shape()[axis];
  if (n == 0) return y;
  const Tensor one = full(x.shape().with(axis, 1), 1, y.dtype());
  const Tensor start = pad(one, axis, config.reverse ? n - 1 : 0, config.reverse ? 0 : n - 1);
  const Tensor before = linear_recurrence(shifted(y, axis, config.reverse), start, axis, config.reverse);
  return config.exclusive ? before : before * y;
}

Tensor linear_recurrence(const Tensor& a, const Tensor& b, int axis, bool reverse) {
  return walk<LinearRecurrence>({a, b}, axis, reverse);
}

}  // namespace cornu::ops

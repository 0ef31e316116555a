#include "cornu/ops/native/gather.h"

#include <algorithm>
#include <limits>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/native/broadcast_to.h"

namespace cornu::ops {
namespace {

using graph::require;
using internal::Fold;

void require_indices(std::string_view op, const Spec& indices) {
  require<TypeError>(graph::is_integer(indices.dtype), op, ": expected integer indices, got ", indices);
}

void require_summable(std::string_view op, const Spec& updates) {
  const graph::DType dtype = updates.dtype;
  require<TypeError>(internal::is_computed(dtype) || dtype == int32 || dtype == int64, op,
                     ": expected float32, bfloat16, int32 or int64 updates, got ", updates);
}

// Counted from the front; -1 if there is no such element.
template <class Index>
std::int64_t position(Index index, std::int64_t length) {
  std::int64_t i = static_cast<std::int64_t>(index);
  if (i < 0) i += length;
  return i >= 0 && i < length ? i : -1;
}

// What stands for an element that is not there: NaN, or the number farthest from use where a dtype has no NaN. Zero in
// the gradients of the scatters, which leave such an element out.
template <class T>
T missing(bool zero) {
  if (zero) return T(0);
  if constexpr (std::is_same_v<T, BFloat16>)
    return BFloat16(std::numeric_limits<float>::quiet_NaN());
  else if constexpr (std::numeric_limits<T>::has_quiet_NaN)
    return std::numeric_limits<T>::quiet_NaN();
  else if constexpr (std::is_signed_v<T>)
    return std::numeric_limits<T>::min();
  else
    return std::numeric_limits<T>::max();
}

template <class F>
void visit_index(graph::DType dtype, F&& f) {
  if (dtype == int32) return f(std::int32_t{});
  if (dtype == int64) return f(std::int64_t{});
  f(std::uint8_t{});
}

template <class F>
void visit_summable(graph::DType dtype, F&& f) {
  if (dtype == int32) return f(std::int32_t{});
  if (dtype == int64) return f(std::int64_t{});
  f(float{});
}

struct Take final : Op, TakesBFloat16 {
  int axis = 0;
  bool zero_missing = false;
  std::string_view name() const override { return "take"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("zero_missing", zero_missing);
  }
  Specs infer(const Specs& in) const override {
    require_indices(name(), in[1]);
    const int at = internal::normalize(name(), axis, in[0].shape);
    std::vector<std::int64_t> dims(in[0].shape.begin(), in[0].shape.begin() + at);
    dims.insert(dims.end(), in[1].shape.begin(), in[1].shape.end());
    dims.insert(dims.end(), in[0].shape.begin() + at + 1, in[0].shape.end());
    return {{in[0].dtype, Shape(dims)}};
  }
  Tensors gradient(const Backward& b) const override {
    return {scatter_add(b.x(1), b.dy(), b.x(0).shape(), axis), Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold fold(r.in[0].shape, axis);
    const std::int64_t count = r.in[1].shape.elements();
    return Kernel::native(
        r.parts(fold.outer * count * fold.inner),
        [fold, none = zero_missing, count, dtype = r.in[0].dtype, index = r.in[1].dtype](const graph::Call& c) {
          graph::visit(dtype, [&](auto zero) {
            visit_index(index, [&](auto index_zero) {
              using T = decltype(zero);
              const auto* indices = c.in<decltype(index_zero)>(1);
              const std::int64_t rows = fold.outer * count;
              c.share(rows, [&](std::int64_t begin, std::int64_t end) {
                for (std::int64_t row = begin; row < end; ++row) {
                  const std::int64_t at = position(indices[row % count], fold.length);
                  T* to = c.out<T>() + row * fold.inner;
                  if (at < 0) {
                    std::fill_n(to, fold.inner, missing<T>(none));
                    continue;
                  }
                  const T* from = c.in<T>(0) + (row / count * fold.length + at) * fold.inner;
                  if (fold.inner == 1)
                    *to = *from;
                  else
                    internal::copy_bytes(to, from, static_cast<std::size_t>(fold.inner) * sizeof(T));
                }
              });
            });
          });
        });
  }
};
const bool take_registered = graph::register_op<Take>();

struct ScatterAdd final : Op {
  int axis = 0;
  Shape shape;
  std::string_view name() const override { return "scatter_add"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("shape", shape);
  }
  Specs infer(const Specs& in) const override {
    require_indices(name(), in[0]);
    require_summable(name(), in[1]);
    const int at = internal::normalize(name(), axis, shape);
    std::vector<std::int64_t> dims(shape.begin(), shape.begin() + at);
    dims.insert(dims.end(), in[0].shape.begin(), in[0].shape.end());
    dims.insert(dims.end(), shape.begin() + at + 1, shape.end());
    require<ShapeError>(in[1].shape == Shape(dims), "scatter_add: expected updates of shape ", Shape(dims),
                        " for indices ", in[0].shape, " along axis ", axis, " of shape ", shape, ", got ", in[1].shape);
    return {{in[1].dtype, shape}};
  }
  Tensors gradient(const Backward& b) const override {
    auto op = std::make_shared<Take>();
    op->axis = axis;
    op->zero_missing = true;
    return {Tensor(), graph::apply1(std::move(op), {b.dy(), b.x(0)})};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold fold(shape, axis);
    const std::int64_t count = r.in[0].shape.elements(), work = fold.elements() + fold.outer * count * fold.inner;
    return Kernel::native(r.parts(work),
                          [fold, count, dtype = r.in[1].dtype, index = r.in[0].dtype](const graph::Call& c) {
                            visit_summable(dtype, [&](auto zero) {
                              visit_index(index, [&](auto index_zero) {
                                using T = decltype(zero);
                                const auto* indices = c.in<decltype(index_zero)>(0);
                                const T* updates = c.in<T>(1);
                                T* y = c.out<T>();
                                // Each thread looks at all indices and adds to its own rows: sums have one order
                                // whatever the number of threads.
                                c.share(fold.length, [&](std::int64_t begin, std::int64_t end) {
                                  for (std::int64_t o = 0; o < fold.outer; ++o) {
                                    T* slab = y + o * fold.length * fold.inner;
                                    std::fill(slab + begin * fold.inner, slab + end * fold.inner, T(0));
                                    for (std::int64_t j = 0; j < count; ++j) {
                                      const std::int64_t at = position(indices[j], fold.length);
                                      if (at < begin || at >= end) continue;
                                      const T* from = updates + (o * count + j) * fold.inner;
                                      T* to = slab + at * fold.inner;
                                      for (std::int64_t i = 0; i < fold.inner; ++i) to[i] += from[i];
                                    }
                                  }
                                });
                              });
                            });
                          });
  }
};
const bool scatter_add_registered = graph::register_op<ScatterAdd>();

// What take_along_axis and its scatter demand: shapes that agree but for the axis.
void require_aligned(std::string_view op, const Shape& x, const Shape& indices, int axis) {
  bool agree = x.rank() == indices.rank();
  for (int i = 0; agree && i < x.rank(); ++i) agree = i == axis || x[i] == indices[i];
  require<ShapeError>(agree, op, ": expected indices of shape ", x, " but for axis ", axis, ", got ", indices);
}

struct TakeAlongAxis final : Op, TakesBFloat16 {
  int axis = 0;
  bool zero_missing = false;
  std::string_view name() const override { return "take_along_axis"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("zero_missing", zero_missing);
  }
  Specs infer(const Specs& in) const override {
    require_indices(name(), in[1]);
    require_aligned(name(), in[0].shape, in[1].shape, internal::normalize(name(), axis, in[0].shape));
    return {{in[0].dtype, in[1].shape}};
  }
  Tensors gradient(const Backward& b) const override {
    return {scatter_along_axis(b.x(1), b.dy(), b.x(0).shape()[axis], axis), Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold from(r.in[0].shape, axis), to(r.out[0].shape, axis);
    return Kernel::native(r.parts(to.elements()), [from, to, none = zero_missing, dtype = r.in[0].dtype,
                                                   index = r.in[1].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        visit_index(index, [&](auto index_zero) {
          using T = decltype(zero);
          const auto* indices = c.in<decltype(index_zero)>(1);
          const T* x = c.in<T>(0);
          T* y = c.out<T>();
          c.share(to.outer * to.length, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t row = begin; row < end; ++row) {
              const std::int64_t slab = row / to.length * from.length;
              for (std::int64_t i = 0; i < to.inner; ++i) {
                const std::int64_t at = position(indices[row * to.inner + i], from.length);
                y[row * to.inner + i] = at < 0 ? missing<T>(none) : x[(slab + at) * from.inner + i];
              }
            }
          });
        });
      });
    });
  }
};
const bool take_along_axis_registered = graph::register_op<TakeAlongAxis>();

struct ScatterAlongAxis final : Op {
  int axis = 0;
  std::int64_t length = 1;
  std::string_view name() const override { return "scatter_along_axis"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("length", length);
  }
  Specs infer(const Specs& in) const override {
    require_indices(name(), in[0]);
    require_summable(name(), in[1]);
    const int at = internal::normalize(name(), axis, in[1].shape);
    require<ShapeError>(in[0].shape == in[1].shape,
                        "scatter_along_axis: expected indices and updates of one shape, got ", in[0].shape, " and ",
                        in[1].shape);
    require<ShapeError>(length >= 0, "scatter_along_axis: expected a non-negative length, got ", length);
    return {{in[1].dtype, in[1].shape.with(at, length)}};
  }
  Tensors gradient(const Backward& b) const override {
    auto op = std::make_shared<TakeAlongAxis>();
    op->axis = axis;
    op->zero_missing = true;
    return {Tensor(), graph::apply1(std::move(op), {b.dy(), b.x(0)})};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold from(r.in[1].shape, axis), to(r.out[0].shape, axis);
    return Kernel::native(r.parts(from.elements() + to.elements()),
                          [from, to, dtype = r.in[1].dtype, index = r.in[0].dtype](const graph::Call& c) {
                            visit_summable(dtype, [&](auto zero) {
                              visit_index(index, [&](auto index_zero) {
                                using T = decltype(zero);
                                const auto* indices = c.in<decltype(index_zero)>(0);
                                const T* updates = c.in<T>(1);
                                T* y = c.out<T>();
                                c.share(from.outer, [&](std::int64_t begin, std::int64_t end) {
                                  std::fill(y + begin * to.length * to.inner, y + end * to.length * to.inner, T(0));
                                  for (std::int64_t row = begin * from.length; row < end * from.length; ++row) {
                                    T* slab = y + row / from.length * to.length * to.inner;
                                    for (std::int64_t i = 0; i < from.inner; ++i) {
                                      const std::int64_t at = position(indices[row * from.inner + i], to.length);
                                      if (at >= 0) slab[at * to.inner + i] += updates[row * from.inner + i];
                                    }
                                  }
                                });
                              });
                            });
                          });
  }
};
const bool scatter_along_axis_registered = graph::register_op<ScatterAlongAxis>();

struct LastOccurrence final : Op {
  std::int64_t length = 1;
  std::string_view name() const override { return "last_occurrence"; }
  void fields(FieldVisitor& f) const override { f("length", length); }
  Specs infer(const Specs& in) const override {
    require_indices(name(), in[0]);
    require<ShapeError>(in[0].shape.rank() == 1, "last_occurrence: expected a vector of indices, got shape ",
                        in[0].shape);
    require<ShapeError>(length >= 0, "last_occurrence: expected a non-negative length, got ", length);
    return {{int32, {length}}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t count = r.in[0].shape.elements();
    return Kernel::native(r.parts(length + count),
                          [count, length = length, index = r.in[0].dtype](const graph::Call& c) {
                            visit_index(index, [&](auto zero) {
                              const auto* indices = c.in<decltype(zero)>();
                              auto* y = c.out<std::int32_t>();
                              c.share(length, [&](std::int64_t begin, std::int64_t end) {
                                std::fill(y + begin, y + end, -1);
                                for (std::int64_t i = 0; i < count; ++i) {
                                  const std::int64_t at = position(indices[i], length);
                                  if (at >= begin && at < end) y[at] = static_cast<std::int32_t>(i);
                                }
                              });
                            });
                          });
  }
};
const bool last_occurrence_registered = graph::register_op<LastOccurrence>();

// The shape with the lengths of another along axes where its own is 1, but for one.
Shape aligned(Shape shape, const Shape& other, int axis) {
  for (int i = 0; i < shape.rank() && i < other.rank(); ++i)
    if (i != axis && shape[i] == 1) shape[i] = other[i];
  return shape;
}

}  // namespace

Tensor take(const Tensor& x, const Tensor& indices, int axis) {
  auto op = std::make_shared<Take>();
  op->axis = internal::normalize("take", axis, x.shape());
  return graph::apply1(std::move(op), {x, indices});
}

Tensor scatter_add(const Tensor& indices, const Tensor& updates, const Shape& shape, int axis) {
  auto op = std::make_shared<ScatterAdd>();
  op->axis = internal::normalize("scatter_add", axis, shape);
  op->shape = shape;
  return graph::apply1(std::move(op), {indices, updates});
}

Tensor take_along_axis(const Tensor& x, const Tensor& indices, int axis) {
  auto op = std::make_shared<TakeAlongAxis>();
  const int at = op->axis = internal::normalize("take_along_axis", axis, x.shape());
  if (x.ndim() != indices.ndim()) return graph::apply1(std::move(op), {x, indices});  // an error
  return graph::apply1(std::move(op), {broadcast_to(x, aligned(x.shape(), indices.shape(), at)),
                                       broadcast_to(indices, aligned(indices.shape(), x.shape(), at))});
}

Tensor scatter_along_axis(const Tensor& indices, const Tensor& updates, std::int64_t length, int axis) {
  auto op = std::make_shared<ScatterAlongAxis>();
  op->axis = internal::normalize("scatter_along_axis", axis, updates.shape());
  op->length = length;
  return graph::apply1(std::move(op), {indices, updates});
}

Tensor last_occurrence(const Tensor& indices, std::int64_t length) {
  auto op = std::make_shared<LastOccurrence>();
  op->length = length;
  return graph::apply1(std::move(op), {indices});
}

}  // namespace cornu::ops

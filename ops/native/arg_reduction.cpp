#include "cornu/ops/native/arg_reduction.h"

#include <cmath>
#include <type_traits>

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::ops {
namespace {

/// Whether a is less than b; -0 is less than 0, as Keras has it here.
template <class T>
bool less(T a, T b) {
  if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, BFloat16>)
    if (a == b) return std::signbit(static_cast<float>(a)) && !std::signbit(static_cast<float>(b));
  return a < b;
}

struct Largest {
  static constexpr std::string_view kName = "argmax";
  template <class T>
  static bool better(T a, T b) {
    return less(b, a);
  }
};
struct Smallest {
  static constexpr std::string_view kName = "argmin";
  template <class T>
  static bool better(T a, T b) {
    return less(a, b);
  }
};

// Elements that are NaN are passed over, as TensorFlow does; the first is found if there is nothing else.
template <class Order, class T>
std::int32_t search(const T* x, std::int64_t n, std::int64_t stride) {
  std::int64_t best = 0;
  for (std::int64_t i = 1; i < n; ++i) {
    const T a = x[i * stride], b = x[best * stride];
    if (Order::better(a, b) || (b != b && a == a)) best = i;
  }
  return static_cast<std::int32_t>(best);
}

template <class Order>
struct ArgReduction final : Op, TakesBFloat16 {
  int axis = -1;
  std::string_view name() const override { return Order::kName; }
  void fields(FieldVisitor& f) const override { f("axis", axis); }
  Specs infer(const Specs& in) const override {
    const int at = internal::normalize(name(), axis, in[0].shape);
    graph::require<ShapeError>(in[0].shape[at] > 0, name(), ": axis ", axis, " of shape ", in[0].shape,
                               " has no elements to compare");
    return {{int32, in[0].shape.erase(at)}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const internal::Fold fold(r.in[0].shape, r.in[0].shape.normalize(axis));
    return Kernel::native(r.parts(fold.elements()), [fold, dtype = r.in[0].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        const auto* x = c.in<decltype(zero)>();
        std::int32_t* y = c.out<std::int32_t>();
        c.share(fold.outer * fold.inner, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i)
            y[i] =
                search<Order>(x + i / fold.inner * fold.length * fold.inner + i % fold.inner, fold.length, fold.inner);
        });
      });
    });
  }
};
const bool argmax_registered = graph::register_op<ArgReduction<Largest>>();
const bool argmin_registered = graph::register_op<ArgReduction<Smallest>>();

template <class Order>
Tensor arg_reduction(const Tensor& x, int axis, KeepDims keep) {
  auto op = std::make_shared<ArgReduction<Order>>();
  op->axis = axis = internal::normalize(Order::kName, axis, x.shape());
  const Tensor y = graph::apply1(std::move(op), {x});
  return keep == KeepDims::yes ? expand_dims(y, axis) : y;
}

Tensor one_axis(const Tensor& x) { return reshape(x, {x.shape().elements()}); }

}  // namespace

Tensor argmax(const Tensor& x) { return argmax(one_axis(x), 0); }
Tensor argmax(const Tensor& x, int axis, KeepDims keep) { return arg_reduction<Largest>(x, axis, keep); }
Tensor argmin(const Tensor& x) { return argmin(one_axis(x), 0); }
Tensor argmin(const Tensor& x, int axis, KeepDims keep) { return arg_reduction<Smallest>(x, axis, keep); }

}  // namespace cornu::ops

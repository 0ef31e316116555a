#include "cornu/ops/binary.h"

#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/broadcast_walk.h"
#include "cornu/ops/internal/expression.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/grid.h"
#include "cornu/ops/internal/wrapping.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/onednn/kernel.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

using graph::register_op;
using graph::require;
using graph::Traits;
using internal::Value;
using internal::Wrapping;

/// oneDNN's kernel, which broadcasts the second operand only; nothing if that does not fit or only its reference loop
/// would do.
std::optional<Kernel> vendor_kernel(std::string_view op, dnnl_alg_kind_t algorithm, const PlanRequest& r,
                                    bool commutative) {
  const Shape& out = r.out[0].shape;
  if (out.elements() == 0) return std::nullopt;
  int full = 0;
  if (r.in[0].shape.elements() != out.elements()) {
    if (!commutative) return std::nullopt;
    full = 1;
  }
  if (r.in[full].shape.elements() != out.elements()) return std::nullopt;
  const auto grid = internal::grid_of(out, {r.in[1 - full].shape});
  if (!grid) return std::nullopt;
  // One dimension where the second operand follows the first or is a number; else two, in one of which it has length 1.
  // Parts are rows of the first; of the second they are the same rows, or always its only one.
  const auto [down, along] = grid->inputs[0];
  const Shape whole = down == along ? Shape{out.elements()} : Shape{grid->rows, grid->columns};
  const Shape other =
      down == along ? Shape{along ? out.elements() : 1} : Shape{down ? grid->rows : 1, along ? grid->columns : 1};
  const std::int64_t row = whole.elements() / whole.front(),
                     other_row = other.front() == 1 ? 0 : other.elements() / other.front();
  bool fast = true;
  auto kernel = onednn::kernel(op, r.parts(out.elements()), whole.front(), [&](std::int64_t begin, std::int64_t end) {
    const onednn::MemoryDesc a(whole.with(0, end - begin)), b(other_row == 0 ? other : other.with(0, end - begin));
    auto desc = onednn::describe(op, CORNU_ONEDNN(dnnl_binary_desc_init, dnnl_binary_primitive_desc_create),
                                 onednn::attributes(op), algorithm, a.get(), b.get(), a.get());
    fast = fast && onednn::implementation(desc.get()).starts_with("jit");
    return onednn::Piece{std::move(desc),
                         {{DNNL_ARG_SRC_0, a, full, false, begin * row},
                          {DNNL_ARG_SRC_1, b, 1 - full, false, begin * other_row},
                          {DNNL_ARG_DST, a, 0, true, begin * row}}};
  });
  if (!fast) return std::nullopt;
  return kernel;
}

template <bool A, bool B, class T, class R, class F>
void loop(const T* a, const T* b, R* y, std::int64_t n, const F& f) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = f(a[A ? i : 0], b[B ? i : 0]);
}

/// y = f(a, b) elementwise with broadcasting.
template <class T, class R, class F>
Kernel native_kernel(const PlanRequest& r, F f) {
  const internal::BroadcastWalk<2> walk(r.out[0].shape, {r.in[0].shape, r.in[1].shape});
  return Kernel::native(r.parts(walk.elements()), [walk, f](const graph::Call& c) {
    const T *x0 = c.in<T>(0), *x1 = c.in<T>(1);
    R* out = c.out<R>();
    c.share(walk.elements(), [&](std::int64_t begin, std::int64_t end) {
      walk.run(begin, end, [&](std::int64_t first, const auto& from, std::int64_t n) {
        const T *a = x0 + from[0], *b = x1 + from[1];
        R* y = out + first;
        if (walk.moves(0))
          walk.moves(1) ? loop<true, true>(a, b, y, n, f) : loop<true, false>(a, b, y, n, f);
        else
          walk.moves(1) ? loop<false, true>(a, b, y, n, f) : loop<false, false>(a, b, y, n, f);
      });
    });
  });
}

struct BinaryOp : Op {
  Shape broadcast_shape(const Specs& in) const {
    require<TypeError>(in[0].dtype == in[1].dtype, name(), ": expected two tensors of one dtype, got ", in[0], " and ",
                       in[1]);
    return graph::broadcast(in[0].shape, in[1].shape, name());
  }
};

/// An arithmetic op: `template <class T> static T compute(T a, T b)`, `static Value write(Value a, Value b)` for fused
/// loops if it has a formula, whether integers are refused or operands commute, and oneDNN's name if it has one.
template <class Derived>
struct Arithmetic : BinaryOp, internal::Pointwise {
  static constexpr bool kIntegers = true, kCommutative = false;
  static constexpr dnnl_alg_kind_t kAlgorithm = dnnl_alg_kind_undef;
  Specs infer(const Specs& in) const override {
    const Shape shape = broadcast_shape(in);
    const bool integers = Derived::kIntegers && graph::is_integer(in[0].dtype);
    require<TypeError>(internal::is_computed(in[0].dtype) || integers, name(), ": expected float32",
                       Derived::kIntegers ? ", bfloat16, uint8, int32 or int64" : " or bfloat16", " tensors, got ",
                       in[0].dtype);
    return {{in[0].dtype, shape}};
  }
  Traits traits() const override { return {.elementwise = true, .commutative = Derived::kCommutative}; }
  internal::Value formula(std::span<const internal::Value> x) const override {
    if constexpr (requires { Derived::write(x[0], x[1]); })
      return Derived::write(x[0], x[1]);
    else
      return {};
  }
  bool has_formula() const override {
    return requires(Value v) { Derived::write(v, v); };
  }
  bool has_primitive() const override { return Derived::kAlgorithm != dnnl_alg_kind_undef; }
  Kernel plan(const PlanRequest& r) const override {
    if constexpr (Derived::kAlgorithm != dnnl_alg_kind_undef)
      if (r.in[0].dtype == float32)
        if (auto kernel = vendor_kernel(name(), Derived::kAlgorithm, r, Derived::kCommutative))
          return *std::move(kernel);
    const auto plan_for = [&]<class T>(T) {
      return native_kernel<T, T>(r, [](T a, T b) { return Derived::compute(a, b); });
    };
    if constexpr (Derived::kIntegers) {
      if (r.in[0].dtype == uint8) return plan_for(std::uint8_t{});
      if (r.in[0].dtype == int32) return plan_for(std::int32_t{});
      if (r.in[0].dtype == int64) return plan_for(std::int64_t{});
    }
    return plan_for(float{});
  }

 protected:
  /// Gradients of the operands from gradients of the broadcast shape.
  static Tensors reduced(const Backward& b, const Tensor& da, const Tensor& db) {
    return {b.wants(0) ? sum_to(da, b.x(0).shape()) : Tensor(), b.wants(1) ? sum_to(db, b.x(1).shape()) : Tensor()};
  }
};

struct Add final : Arithmetic<Add>, internal::AddsUpBefore {
  static constexpr bool kCommutative = true;
  static constexpr dnnl_alg_kind_t kAlgorithm = dnnl_binary_add;
  template <class T>
  static T compute(T a, T b) {
    return static_cast<T>(Wrapping<T>(a) + Wrapping<T>(b));
  }
  static Value write(Value a, Value b) { return a + b; }
  std::string_view name() const override { return "add"; }
  Tensors gradient(const Backward& b) const override { return reduced(b, b.dy(), b.dy()); }
};

struct Subtract final : Arithmetic<Subtract>, internal::AddsUpBefore {
  static constexpr dnnl_alg_kind_t kAlgorithm = dnnl_binary_sub;
  template <class T>
  static T compute(T a, T b) {
    return static_cast<T>(Wrapping<T>(a) - Wrapping<T>(b));
  }
  static Value write(Value a, Value b) { return a - b; }
  std::string_view name() const override { return "subtract"; }
  Tensors gradient(const Backward& b) const override {
    return {b.wants(0) ? sum_to(b.dy(), b.x(0).shape()) : Tensor(),
            b.wants(1) ? negative(sum_to(b.dy(), b.x(1).shape())) : Tensor()};
  }
};

struct Multiply final : Arithmetic<Multiply> {
  static constexpr bool kCommutative = true;
  static constexpr dnnl_alg_kind_t kAlgorithm = dnnl_binary_mul;
  template <class T>
  static T compute(T a, T b) {
    return static_cast<T>(Wrapping<T>(a) * Wrapping<T>(b));
  }
  static Value write(Value a, Value b) { return a * b; }
  std::string_view name() const override { return "multiply"; }
  Tensors gradient(const Backward& g) const override {
    auto [a, b, y, dy] = g.binary();
    return {g.wants(0) ? sum_to(dy * b, a.shape()) : Tensor(), g.wants(1) ? sum_to(dy * a, b.shape()) : Tensor()};
  }
};

struct Divide final : Arithmetic<Divide> {
  static constexpr bool kIntegers = false;
  static constexpr dnnl_alg_kind_t kAlgorithm = dnnl_binary_div;
  template <class T>
  static T compute(T a, T b) {
    return a / b;
  }
  static Value write(Value a, Value b) { return a / b; }
  std::string_view name() const override { return "divide"; }
  Tensors gradient(const Backward& g) const override {
    auto [a, b, y, dy] = g.binary();
    return {g.wants(0) ? sum_to(dy / b, a.shape()) : Tensor(),
            g.wants(1) ? negative(sum_to(dy * y / b, b.shape())) : Tensor()};
  }
};

// oneDNN's maximum and minimum keep a NaN of one operand only, so these are loops. Where equal the gradient goes to a.
// They do not commute: of 0 and -0 the second comes out.
struct Maximum final : Arithmetic<Maximum> {
  template <class T>
  static T compute(T a, T b) {
    return a > b || a != a ? a : b;
  }
  static Value write(Value a, Value b) { return internal::where(a > b, a, internal::where(a != a, a, b)); }
  std::string_view name() const override { return "maximum"; }
  Tensors gradient(const Backward& g) const override {
    auto [a, b, y, dy] = g.binary();
    const Tensor first = greater_equal(a, b), none = graph::constant(0, dy.dtype());
    return reduced(g, where(first, dy, none), where(first, none, dy));
  }
};

struct Minimum final : Arithmetic<Minimum> {
  template <class T>
  static T compute(T a, T b) {
    return a < b || a != a ? a : b;
  }
  static Value write(Value a, Value b) { return internal::where(a < b, a, internal::where(a != a, a, b)); }
  std::string_view name() const override { return "minimum"; }
  Tensors gradient(const Backward& g) const override {
    auto [a, b, y, dy] = g.binary();
    const Tensor first = less_equal(a, b), none = graph::constant(0, dy.dtype());
    return reduced(g, where(first, dy, none), where(first, none, dy));
  }
};

struct Power final : Arithmetic<Power> {
  static constexpr bool kIntegers = false;
  template <class T>
  static T compute(T a, T b) {
    return std::pow(a, b);
  }
  std::string_view name() const override { return "power"; }
  Tensors gradient(const Backward& g) const override {
    auto [a, b, y, dy] = g.binary();
    Tensors grads(2);
    if (g.wants(0)) grads[0] = sum_to(dy * b * power(a, b - 1), a.shape());
    if (g.wants(1)) {
      // 0^b stays 0 for every b: no logarithm of what is not positive.
      const Tensor zero = graph::constant(0, a.dtype()), positive = greater(a, zero);
      grads[1] =
          sum_to(dy * y * where(positive, log(where(positive, a, graph::constant(1, a.dtype()))), zero), b.shape());
    }
    return grads;
  }
};

template <class T>
bool is_minus_one(T b) {
  return std::is_signed_v<T> && b == static_cast<T>(-1);
}

// Quotients are rounded down, remainders have the sign of the divisor, as in NumPy. Integers divided by 0 are 0.
struct FloorDivide final : Arithmetic<FloorDivide> {
  template <class T>
  static T compute(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      return std::floor(a / b);
    } else {
      if (b == 0) return 0;
      if (is_minus_one(b)) return static_cast<T>(Wrapping<T>(0) - Wrapping<T>(a));  // of the least number overflows
      return static_cast<T>(a / b - (a % b != 0 && (a < 0) != (b < 0)));
    }
  }
  static Value write(Value a, Value b) { return floor(a / b); }
  std::string_view name() const override { return "floor_divide"; }
  Tensors gradient(const Backward& g) const override { return no_gradient(g); }
};

struct Mod final : Arithmetic<Mod> {
  template <class T>
  static T compute(T a, T b) {
    T rest = 0;
    if constexpr (std::is_floating_point_v<T>)
      rest = std::fmod(a, b);
    else if (b != 0 && !is_minus_one(b))
      rest = static_cast<T>(a % b);
    return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
  }
  std::string_view name() const override { return "mod"; }
  Tensors gradient(const Backward& g) const override {
    return reduced(g, g.dy(), negative(floor_divide(g.x(0), g.x(1))) * g.dy());
  }
};

struct Arctan2 final : Arithmetic<Arctan2> {
  static constexpr bool kIntegers = false;
  template <class T>
  static T compute(T a, T b) {
    return std::atan2(a, b);
  }
  std::string_view name() const override { return "arctan2"; }
  Tensors gradient(const Backward& g) const override {
    auto [a, b, y, dy] = g.binary();
    const Tensor slope = dy / (square(a) + square(b));
    return reduced(g, b * slope, negative(a) * slope);
  }
};

/// A comparison: `template <class T> static bool compute(T a, T b)`.
template <class Derived>
struct Comparison : BinaryOp, TakesBFloat16 {
  Specs infer(const Specs& in) const override { return {{bool_, broadcast_shape(in)}}; }
  Traits traits() const override { return {.elementwise = true, .commutative = Derived::kCommutative}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return graph::visit(r.in[0].dtype, [&](auto zero) {
      using T = decltype(zero);
      return native_kernel<T, bool>(r, [](const T& a, const T& b) { return Derived::compute(a, b); });
    });
  }
};

struct Equal final : Comparison<Equal> {
  static constexpr bool kCommutative = true;
  template <class T>
  static bool compute(T a, T b) {
    return a == b;
  }
  std::string_view name() const override { return "equal"; }
};
struct NotEqual final : Comparison<NotEqual> {
  static constexpr bool kCommutative = true;
  template <class T>
  static bool compute(T a, T b) {
    return a != b;
  }
  std::string_view name() const override { return "not_equal"; }
};
struct Greater final : Comparison<Greater> {
  static constexpr bool kCommutative = false;
  template <class T>
  static bool compute(T a, T b) {
    return a > b;
  }
  std::string_view name() const override { return "greater"; }
};
struct GreaterEqual final : Comparison<GreaterEqual> {
  static constexpr bool kCommutative = false;
  template <class T>
  static bool compute(T a, T b) {
    return a >= b;
  }
  std::string_view name() const override { return "greater_equal"; }
};

/// A logical op of two bool tensors.
template <class Derived>
struct Logical : BinaryOp {
  Specs infer(const Specs& in) const override {
    require<TypeError>(in[0].dtype == bool_ && in[1].dtype == bool_, name(), ": expected bool tensors, got ", in[0],
                       " and ", in[1]);
    return {{bool_, broadcast_shape(in)}};
  }
  Traits traits() const override { return {.elementwise = true, .commutative = true}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return native_kernel<bool, bool>(r, [](bool a, bool b) { return Derived::compute(a, b); });
  }
};
struct LogicalAnd final : Logical<LogicalAnd> {
  static bool compute(bool a, bool b) { return a & b; }
  std::string_view name() const override { return "logical_and"; }
};
struct LogicalOr final : Logical<LogicalOr> {
  static bool compute(bool a, bool b) { return a | b; }
  std::string_view name() const override { return "logical_or"; }
};

struct LogicalNot final : Op {
  std::string_view name() const override { return "logical_not"; }
  Specs infer(const Specs& in) const override {
    require<TypeError>(in[0].dtype == bool_, "logical_not: expected a bool tensor, got ", in[0]);
    return {in[0]};
  }
  Traits traits() const override { return {.elementwise = true}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([n = r.out[0].shape.elements()](const graph::Call& c) {
      for (std::int64_t i = 0; i < n; ++i) c.out<bool>()[i] = !c.in<bool>()[i];
    });
  }
};

const bool binary_registered =
    register_op<Add, Subtract, Multiply, Divide, Maximum, Minimum, Power, FloorDivide, Mod, Arctan2, Equal, NotEqual,
                Greater, GreaterEqual, LogicalAnd, LogicalOr, LogicalNot>();

template <class T>
Tensor apply(const Tensor& a, const Tensor& b) {
  static const auto op = std::make_shared<const T>();
  return graph::apply1(op, {a, b});
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) { return apply<Add>(a, b); }
Tensor subtract(const Tensor& a, const Tensor& b) { return apply<Subtract>(a, b); }
Tensor multiply(const Tensor& a, const Tensor& b) { return apply<Multiply>(a, b); }
Tensor divide(const Tensor& a, const Tensor& b) { return apply<Divide>(a, b); }
Tensor maximum(const Tensor& a, const Tensor& b) { return apply<Maximum>(a, b); }
Tensor minimum(const Tensor& a, const Tensor& b) { return apply<Minimum>(a, b); }
Tensor power(const Tensor& a, const Tensor& b) { return apply<Power>(a, b); }
Tensor floor_divide(const Tensor& a, const Tensor& b) { return apply<FloorDivide>(a, b); }
Tensor mod(const Tensor& a, const Tensor& b) { return apply<Mod>(a, b); }
Tensor arctan2(const Tensor& a, const Tensor& b) { return apply<Arctan2>(a, b); }
Tensor equal(const Tensor& a, const Tensor& b) { return apply<Equal>(a, b); }
Tensor not_equal(const Tensor& a, const Tensor& b) { return apply<NotEqual>(a, b); }
Tensor greater(const Tensor& a, const Tensor& b) { return apply<Greater>(a, b); }
Tensor greater_equal(const Tensor& a, const Tensor& b) { return apply<GreaterEqual>(a, b); }
Tensor less(const Tensor& a, const Tensor& b) { return apply<Greater>(b, a); }
Tensor less_equal(const Tensor& a, const Tensor& b) { return apply<GreaterEqual>(b, a); }
Tensor logical_and(const Tensor& a, const Tensor& b) { return apply<LogicalAnd>(cast(a, bool_), cast(b, bool_)); }
Tensor logical_or(const Tensor& a, const Tensor& b) { return apply<LogicalOr>(cast(a, bool_), cast(b, bool_)); }
Tensor logical_xor(const Tensor& a, const Tensor& b) { return apply<NotEqual>(cast(a, bool_), cast(b, bool_)); }
Tensor logical_not(const Tensor& a) { return graph::apply1(std::make_shared<LogicalNot>(), {cast(a, bool_)}); }

}  // namespace cornu::ops

namespace cornu::graph {
namespace {

/// A number as a tensor of another one's dtype.
Tensor number(Scalar value, const Tensor& like) {
  if (is_floating(like.dtype())) return constant(value.value, like.dtype());
  require<TypeError>(is_integer(like.dtype()) && value.kind != DType::float64, "cannot use the number ", value.value,
                     " with a tensor of dtype ", like.dtype());
  return constant(Array::scalar(value.integer).astype(like.dtype()));
}

}  // namespace

Tensor operator+(const Tensor& a, const Tensor& b) { return ops::add(a, b); }
Tensor operator-(const Tensor& a, const Tensor& b) { return ops::subtract(a, b); }
Tensor operator*(const Tensor& a, const Tensor& b) { return ops::multiply(a, b); }
Tensor operator/(const Tensor& a, const Tensor& b) { return ops::divide(a, b); }
Tensor operator+(const Tensor& a, Scalar b) { return a + number(b, a); }
Tensor operator-(const Tensor& a, Scalar b) { return a - number(b, a); }
Tensor operator*(const Tensor& a, Scalar b) { return a * number(b, a); }
Tensor operator/(const Tensor& a, Scalar b) { return a / number(b, a); }
Tensor operator+(Scalar a, const Tensor& b) { return number(a, b) + b; }
Tensor operator-(Scalar a, const Tensor& b) { return number(a, b) - b; }
Tensor operator*(Scalar a, const Tensor& b) { return number(a, b) * b; }
Tensor operator/(Scalar a, const Tensor& b) { return number(a, b) / b; }
Tensor operator-(const Tensor& a) { return is_floating(a.dtype()) ? ops::negative(a) : number(0, a) - a; }

}  // namespace cornu::graph

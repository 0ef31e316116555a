#include "cornu/ops/eltwise.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/eltwise_op.h"
#include "cornu/ops/internal/expression.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/transcendental.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"

// Which functions are oneDNN's was decided by comparing 2.6.3 and 3.2 with double precision over all magnitudes: its
// relu, exp and clip lose NaN, its log and soft_relu are off by more than 1e-6 near 1 and for large negative numbers.
// Those are loops here.
namespace cornu::ops {
namespace {

using graph::register_op;
using graph::require;
using internal::EltwiseOp;

/// A function computed by `float operator()(float) const` of the derived op.
template <class Derived>
struct Looped : EltwiseOp {
  Loop loop() const override {
    return [f = static_cast<const Derived&>(*this)](const float* x, float* y, std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i) y[i] = f(x[i]);
    };
  }
};

/// A function given by a formula, `template <class T> T compute(T x) const`, which also stands in fused loops.
template <class Derived>
struct Formula : Looped<Derived>, internal::Pointwise {
  float operator()(float x) const { return static_cast<const Derived&>(*this).compute(x); }
  internal::Value formula(std::span<const internal::Value> x) const override {
    return static_cast<const Derived&>(*this).compute(x[0]);
  }
  bool has_primitive() const override { return this->as_primitive().has_value(); }
};

/// A formula that oneDNN has as well, but with other last digits: it may stand behind a matmul, not alone.
template <class Derived>
struct Transcendental : Formula<Derived> {
  std::optional<onednn::Eltwise> as_primitive() const override { return std::nullopt; }
};

/// dx = f'(x) dy where f' can be told from y = f(x), in one pass; so a fused matmul need not keep x. `template <class
/// T> T compute(T y, T dy) const`.
template <class Derived>
struct ByOutput : Op, internal::Pointwise {
  Specs infer(const Specs& in) const override {
    require<TypeError>(internal::is_computed(in[0].dtype) && in[1].dtype == in[0].dtype, name(),
                       ": expected two float32 or two bfloat16 tensors, got ", in[0], " and ", in[1]);
    require<ShapeError>(in[0].shape == in[1].shape, name(), ": expected equal shapes, got ", in[0].shape, " and ",
                        in[1].shape);
    return {in[1]};
  }
  graph::Traits traits() const override { return {.elementwise = true}; }
  internal::Value formula(std::span<const internal::Value> x) const override {
    return static_cast<const Derived&>(*this).compute(x[0], x[1]);
  }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t n = r.out[0].shape.elements();
    return Kernel::native(r.parts(n), [f = static_cast<const Derived&>(*this), n](const graph::Call& c) {
      const float *y = c.in<float>(0), *dy = c.in<float>(1);
      float* dx = c.out<float>();
      c.share(n, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) dx[i] = f.compute(y[i], dy[i]);
      });
    });
  }
};

template <class T, class... Fields>
Tensor apply(const Tensors& inputs, Fields... fields) {
  auto op = std::make_shared<T>();
  if constexpr (sizeof...(Fields) > 0) op->set(fields...);
  return graph::apply1(std::move(op), inputs);
}

Tensor zero(const Tensor& like) { return graph::constant(0, like.dtype()); }

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

struct ReluGradient final : ByOutput<ReluGradient> {
  double slope = 0, most = kUnlimited;
  void set(double s, double m) { slope = s, most = m; }
  std::string_view name() const override { return "relu_gradient"; }
  void fields(FieldVisitor& f) const override { f("slope", slope), f("most", most); }
  template <class T>
  T compute(T y, T dy) const {
    if (most < kUnlimited) return internal::where(y > 0.f, internal::where(y < static_cast<float>(most), dy, 0.f), 0.f);
    return slope == 0 ? internal::where(y > 0.f, dy, 0.f)
                      : internal::where(y > 0.f, dy, static_cast<float>(slope) * dy);
  }
  Tensors gradient(const Backward& b) const override {
    return {Tensor(), apply<ReluGradient>({b.x(0), b.dy()}, slope, most)};
  }
};

/// At most `most`, if the slope is 0. From there on it is flat, as TensorFlow has it.
struct Relu final : Formula<Relu> {
  double slope = 0, most = kUnlimited;
  void set(double s, double m = kUnlimited) { slope = s, most = m; }
  std::string_view name() const override { return "relu"; }
  void fields(FieldVisitor& f) const override { f("slope", slope), f("most", most); }
  std::optional<onednn::Eltwise> as_post_op() const override {
    if (slope == 0) return std::nullopt;
    return onednn::Eltwise{dnnl_eltwise_relu, static_cast<float>(slope)};
  }
  template <class T>
  T compute(T x) const {
    if (most < kUnlimited)
      return internal::where(x >= static_cast<float>(most), static_cast<float>(most),
                             internal::where(x <= 0.f, 0.f, x));
    return slope == 0 ? internal::where(x <= 0.f, 0.f, x) : internal::where(x > 0.f, x, static_cast<float>(slope) * x);
  }  // NaN stays
  Tensors gradient(const Backward& b) const override {
    // y has the sign of x unless the slope is negative.
    return {apply<ReluGradient>({slope < 0 ? b.x() : b.y(), b.dy()}, slope, most)};
  }
};

struct EluGradient final : ByOutput<EluGradient> {
  double alpha = 1;
  void set(double a) { alpha = a; }
  std::string_view name() const override { return "elu_gradient"; }
  void fields(FieldVisitor& f) const override { f("alpha", alpha); }
  template <class T>
  T compute(T y, T dy) const {
    // Where y is NaN the slope is alpha, as TensorFlow has it.
    return internal::where(y > 0.f, dy, dy * (internal::where(y <= 0.f, y, 0.f) + static_cast<float>(alpha)));
  }
  Tensors gradient(const Backward& b) const override {
    auto [y, dy, dx, ddx] = b.binary();
    return {where(less_equal(y, zero(y)), ddx * dy, zero(y)), apply<EluGradient>({y, ddx}, alpha)};
  }
};

struct Elu final : Transcendental<Elu> {
  double alpha = 1;
  void set(double a) { alpha = a; }
  std::string_view name() const override { return "elu"; }
  void fields(FieldVisitor& f) const override { f("alpha", alpha); }
  std::optional<onednn::Eltwise> as_post_op() const override {
    return onednn::Eltwise{dnnl_eltwise_elu, static_cast<float>(alpha)};
  }
  template <class T>
  T compute(T x) const {
    return internal::where(x > 0.f, x, static_cast<float>(alpha) * internal::expm1_of(x));
  }
  Tensors gradient(const Backward& b) const override {
    auto [x, y, dy] = b.unary();
    if (alpha < 0) return {where(greater(x, zero(x)), dy, dy * (y + alpha))};
    return {apply<EluGradient>({y, dy}, alpha)};
  }
};

struct TanhGradient final : ByOutput<TanhGradient> {
  std::string_view name() const override { return "tanh_gradient"; }
  template <class T>
  T compute(T y, T dy) const {
    return dy * (1.f - y * y);
  }
  Tensors gradient(const Backward& b) const override {
    auto [y, dy, dx, ddx] = b.binary();
    return {-2 * y * dy * ddx, apply<TanhGradient>({y, ddx})};
  }
};

struct Tanh final : Transcendental<Tanh> {
  template <class T>
  T compute(T x) const {
    return internal::tanh_of(x);
  }
  std::string_view name() const override { return "tanh"; }
  std::optional<onednn::Eltwise> as_post_op() const override { return onednn::Eltwise{dnnl_eltwise_tanh}; }
  Tensors gradient(const Backward& b) const override { return {apply<TanhGradient>({b.y(), b.dy()})}; }
};

struct SigmoidGradient final : ByOutput<SigmoidGradient> {
  std::string_view name() const override { return "sigmoid_gradient"; }
  template <class T>
  T compute(T y, T dy) const {
    return dy * y * (1.f - y);
  }
  Tensors gradient(const Backward& b) const override {
    auto [y, dy, dx, ddx] = b.binary();
    return {ddx * dy * (1 - 2 * y), apply<SigmoidGradient>({y, ddx})};
  }
};

struct Sigmoid final : Transcendental<Sigmoid> {
  template <class T>
  T compute(T x) const {
    return internal::sigmoid_of(x);
  }
  std::string_view name() const override { return "sigmoid"; }
  std::optional<onednn::Eltwise> as_post_op() const override { return onednn::Eltwise{dnnl_eltwise_logistic}; }
  Tensors gradient(const Backward& b) const override { return {apply<SigmoidGradient>({b.y(), b.dy()})}; }
};

struct Softplus final : Formula<Softplus> {
  template <class T>
  T compute(T x) const {
    return internal::softplus_of(x);
  }
  std::string_view name() const override { return "softplus"; }
  Tensors gradient(const Backward& b) const override { return {b.dy() * sigmoid(b.x())}; }
};

struct Softsign final : Formula<Softsign> {
  std::string_view name() const override { return "softsign"; }
  template <class T>
  T compute(T x) const {
    return x / (internal::abs(x) + 1.f);
  }
  Tensors gradient(const Backward& b) const override { return {b.dy() / square(abs(b.x()) + 1)}; }  // 0 at infinity
};

struct Gelu final : Transcendental<Gelu> {
  bool approximate = false;
  void set(bool a) { approximate = a; }
  std::string_view name() const override { return "gelu"; }
  void fields(FieldVisitor& f) const override { f("approximate", approximate); }
  std::optional<onednn::Eltwise> as_post_op() const override {
    return onednn::Eltwise{approximate ? dnnl_eltwise_gelu_tanh : dnnl_eltwise_gelu_erf};
  }
  template <class T>
  T compute(T x) const {
    constexpr float kRoot = 1 / std::numbers::sqrt2_v<float>, kTwoByPi = kRoot * 2 * std::numbers::inv_sqrtpi_v<float>;
    const T bend =
        approximate ? internal::tanh_of(x * kTwoByPi * (x * x * 0.044715f + 1.f)) : internal::erf_of(x * kRoot);
    return x * 0.5f * (bend + 1.f);
  }
  Tensors gradient(const Backward& b) const override {
    auto [x, y, dy] = b.unary();
    if (approximate) {
      const double a = std::numbers::sqrt2 * std::numbers::inv_sqrtpi, c = 0.044715;
      const Tensor t = tanh(a * (x + c * square(x) * x));
      return {dy * (0.5 * (1 + t) + 0.5 * x * (1 - square(t)) * (a * (1 + 3 * c * square(x))))};
    }
    const Tensor cdf = linear(erf(x * (1 / std::numbers::sqrt2)), 0.5, 0.5);
    const Tensor pdf = exp(square(x) * -0.5) * (std::numbers::inv_sqrtpi / std::numbers::sqrt2);
    return {dy * (cdf + x * pdf)};
  }
};

struct Exp final : Formula<Exp> {
  template <class T>
  T compute(T x) const {
    return internal::exp_of(x);
  }
  std::string_view name() const override { return "exp"; }
  Tensors gradient(const Backward& b) const override { return {b.dy() * b.y()}; }
};

struct Log final : Formula<Log> {
  template <class T>
  T compute(T x) const {
    return internal::log_of(x);
  }
  std::string_view name() const override { return "log"; }
  Tensors gradient(const Backward& b) const override { return {b.dy() / b.x()}; }
};

// The slope is infinite at 0. Where nothing flows back, nothing flows on, be y 0 or NaN: so a branch that `where` left
// aside, or the length of a vector that is 0, does not spoil what is trained. TensorFlow does this for sqrt and
// reciprocal, not for log, power and divide; here it is the same.
struct SqrtGradient final : ByOutput<SqrtGradient> {
  std::string_view name() const override { return "sqrt_gradient"; }
  template <class T>
  T compute(T y, T dy) const {
    return internal::where(dy == 0.f, 0.f, 0.5f * dy / y);
  }
  Tensors gradient(const Backward& b) const override {
    auto [y, dy, dx, ddx] = b.binary();
    const Tensor g = apply<SqrtGradient>({y, ddx});
    return {-2 * g * dx, g};
  }
};

struct Sqrt final : Formula<Sqrt> {
  template <class T>
  T compute(T x) const {
    return internal::sqrt(x);
  }
  std::string_view name() const override { return "sqrt"; }
  std::optional<onednn::Eltwise> as_post_op() const override { return onednn::Eltwise{dnnl_eltwise_sqrt}; }
  Tensors gradient(const Backward& b) const override { return {apply<SqrtGradient>({b.y(), b.dy()})}; }
};

struct Square final : Formula<Square> {
  template <class T>
  T compute(T x) const {
    return x * x;
  }
  std::string_view name() const override { return "square"; }
  std::optional<onednn::Eltwise> as_post_op() const override { return onednn::Eltwise{dnnl_eltwise_square}; }
  Tensors gradient(const Backward& b) const override { return {b.dy() * (2 * b.x())}; }
};

struct Abs final : Formula<Abs> {
  template <class T>
  T compute(T x) const {
    return internal::abs(x);
  }
  std::string_view name() const override { return "abs"; }
  std::optional<onednn::Eltwise> as_post_op() const override { return onednn::Eltwise{dnnl_eltwise_abs}; }
  Tensors gradient(const Backward& b) const override { return {b.dy() * sign(b.x())}; }
};

struct PowerScalar final : EltwiseOp, internal::Pointwise {
  double exponent = 1;
  void set(double e) { exponent = e; }
  std::string_view name() const override { return "power_scalar"; }
  void fields(FieldVisitor& f) const override { f("exponent", exponent); }
  // Common powers need no std::pow.
  template <class T>
  T compute(T x) const {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    if (exponent == 3) return x * x * x;
    // Unlike the square root, the power of -0 is 0 and that of -infinity is infinity.
    const T root = internal::where(x == -kInfinity, kInfinity, internal::sqrt(x) + 0.f);
    return exponent == 0.5 ? root : 1.f / root;
  }
  bool has_formula() const override { return exponent == 3 || exponent == 0.5 || exponent == -0.5; }
  internal::Value formula(std::span<const internal::Value> x) const override { return compute(x[0]); }
  Loop loop() const override {
    const auto each = [](auto f) -> Loop {
      return [f](const float* x, float* y, std::int64_t n) {
        for (std::int64_t i = 0; i < n; ++i) y[i] = f(x[i]);
      };
    };
    if (has_formula()) return each([this_op = *this](float x) { return this_op.compute(x); });
    return each([e = static_cast<float>(exponent)](float x) { return std::pow(x, e); });
  }
  Tensors gradient(const Backward& b) const override { return {b.dy() * (exponent * power(b.x(), exponent - 1))}; }
};

struct Clip final : Formula<Clip> {
  double low = 0, high = 1;
  void set(double l, double h) { low = l, high = h; }
  std::string_view name() const override { return "clip"; }
  void fields(FieldVisitor& f) const override { f("low", low), f("high", high); }
  template <class T>
  T compute(T x) const {  // NaN stays
    const float l = static_cast<float>(low), h = static_cast<float>(high);
    const T above = internal::where(x < l, l, x);
    return internal::where(above > h, h, above);
  }
  Tensors gradient(const Backward& b) const override {
    auto [x, y, dy] = b.unary();
    const Tensor inside =
        logical_and(greater_equal(x, graph::constant(low, x.dtype())), less_equal(x, graph::constant(high, x.dtype())));
    return {where(inside, dy, zero(dy))};
  }
};

struct Linear final : Formula<Linear>, internal::AddsUpBefore {
  double alpha = 1, beta = 0;
  void set(double a, double b) { alpha = a, beta = b; }
  template <class T>
  T compute(T x) const {
    return x * static_cast<float>(alpha) + static_cast<float>(beta);
  }  // -0 + 0 is 0, as oneDNN has it
  std::string_view name() const override { return "linear"; }
  void fields(FieldVisitor& f) const override { f("alpha", alpha), f("beta", beta); }
  std::optional<onednn::Eltwise> as_post_op() const override {
    // oneDNN's cache of primitives takes -0 for 0.
    if ((alpha == 0 && std::signbit(alpha)) || (beta == 0 && std::signbit(beta))) return std::nullopt;
    return onednn::Eltwise{dnnl_eltwise_linear, static_cast<float>(alpha), static_cast<float>(beta)};
  }
  // oneDNN rounds once, after the sum, where the formula rounds the product as well.
  std::optional<onednn::Eltwise> as_primitive() const override {
    const bool exact = std::abs(alpha) == 1 || (std::abs(alpha) > 1 && beta == 0);
    return exact ? as_post_op() : std::nullopt;
  }
  Tensors gradient(const Backward& b) const override { return {linear(b.dy(), alpha, 0)}; }
  Tensor sum_over_steps(const graph::Node& node, const internal::OverSteps& steps) const override {
    return beta == 0 ? AddsUpBefore::sum_over_steps(node, steps) : Tensor();
  }
};

struct Sin final : Looped<Sin> {
  std::string_view name() const override { return "sin"; }
  float operator()(float x) const { return std::sin(x); }
  Tensors gradient(const Backward& b) const override { return {b.dy() * cos(b.x())}; }
};

struct Cos final : Looped<Cos> {
  std::string_view name() const override { return "cos"; }
  float operator()(float x) const { return std::cos(x); }
  Tensors gradient(const Backward& b) const override { return {negative(b.dy() * sin(b.x()))}; }
};

struct Sign final : Formula<Sign> {
  std::string_view name() const override { return "sign"; }
  template <class T>
  T compute(T x) const {
    return internal::where(x > 0.f, 1.f, internal::where(x < 0.f, -1.f, x));
  }  // zeros and NaN stay
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
};

struct Floor final : Formula<Floor> {
  std::string_view name() const override { return "floor"; }
  template <class T>
  T compute(T x) const {
    return internal::floor(x);
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
};

struct Round final : Formula<Round> {
  std::string_view name() const override { return "round"; }
  template <class T>
  T compute(T x) const {
    return internal::round(x);
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
};

struct ReciprocalGradient final : ByOutput<ReciprocalGradient> {
  std::string_view name() const override { return "reciprocal_gradient"; }
  template <class T>
  T compute(T y, T dy) const {
    return internal::where(dy == 0.f, 0.f, -(dy * y * y));
  }
  Tensors gradient(const Backward& b) const override {
    auto [y, dy, dx, ddx] = b.binary();
    return {-2 * y * dy * ddx, apply<ReciprocalGradient>({y, ddx})};
  }
};

struct Reciprocal final : Formula<Reciprocal> {
  std::string_view name() const override { return "reciprocal"; }
  template <class T>
  T compute(T x) const {
    return 1.f / x;
  }
  Tensors gradient(const Backward& b) const override { return {apply<ReciprocalGradient>({b.y(), b.dy()})}; }
};

struct Erf final : Formula<Erf> {
  template <class T>
  T compute(T x) const {
    return internal::erf_of(x);
  }
  std::string_view name() const override { return "erf"; }
  Tensors gradient(const Backward& b) const override {
    return {b.dy() * (2 * std::numbers::inv_sqrtpi) * exp(negative(square(b.x())))};
  }
};

const bool eltwise_registered =
    register_op<ReluGradient, Relu, EluGradient, Elu, TanhGradient, Tanh, SigmoidGradient, Sigmoid, Softplus, Softsign,
                Gelu, Exp, Log, SqrtGradient, Sqrt, Square, Abs, PowerScalar, Clip, Linear, Sin, Cos, Sign, Floor,
                Round, ReciprocalGradient, Reciprocal, Erf>();

}  // namespace

Tensor relu(const Tensor& x) { return graph::is_integer(x.dtype()) ? maximum(x, zero(x)) : apply<Relu>({x}); }
Tensor relu6(const Tensor& x) {
  if (graph::is_integer(x.dtype())) return minimum(relu(x), graph::constant(6, x.dtype()));
  return apply<Relu>({x}, 0.0, 6.0);
}
Tensor leaky_relu(const Tensor& x, double negative_slope) { return apply<Relu>({x}, negative_slope); }
Tensor elu(const Tensor& x, double alpha) { return apply<Elu>({x}, alpha); }
Tensor tanh(const Tensor& x) { return apply<Tanh>({x}); }
Tensor sigmoid(const Tensor& x) { return apply<Sigmoid>({x}); }
Tensor softplus(const Tensor& x) { return apply<Softplus>({x}); }
Tensor softsign(const Tensor& x) { return apply<Softsign>({x}); }
Tensor gelu(const Tensor& x, bool approximate) { return apply<Gelu>({x}, approximate); }
Tensor exp(const Tensor& x) { return apply<Exp>({x}); }
Tensor log(const Tensor& x) { return apply<Log>({x}); }
Tensor sqrt(const Tensor& x) { return apply<Sqrt>({x}); }
Tensor square(const Tensor& x) { return graph::is_integer(x.dtype()) ? multiply(x, x) : apply<Square>({x}); }
Tensor abs(const Tensor& x) {
  if (x.dtype() == uint8) return x;
  return graph::is_integer(x.dtype()) ? maximum(x, negative(x)) : apply<Abs>({x});
}
Tensor negative(const Tensor& x) { return graph::is_integer(x.dtype()) ? subtract(zero(x), x) : linear(x, -1, 0); }
Tensor power(const Tensor& x, double exponent) {
  if (exponent == 1) return x;
  return exponent == 2 ? square(x) : apply<PowerScalar>({x}, exponent);
}
Tensor clip(const Tensor& x, double low, double high) {
  require<ValueError>(low <= high, "clip: the lower bound ", low, " is above the upper one, ", high);
  if (!graph::is_integer(x.dtype())) return apply<Clip>({x}, low, high);
  // A bound beyond all integers of the dtype bounds nothing.
  const double limit = std::ldexp(1, x.dtype() == uint8   ? 8
                                     : x.dtype() == int32 ? 31
                                                          : 63),
               lowest = x.dtype() == uint8 ? 0 : -limit, from = std::ceil(low), to = std::floor(high);
  require<ValueError>(from < limit && to >= lowest, "clip: no ", x.dtype(), " is from ", low, " to ", high);
  const Tensor above = from > lowest ? maximum(x, graph::constant(from, x.dtype())) : x;
  return to < limit ? minimum(above, graph::constant(to, x.dtype())) : above;
}
Tensor clip(const Tensor& x, const Tensor& low, const Tensor& high) { return minimum(maximum(x, low), high); }
Tensor linear(const Tensor& x, double alpha, double beta) { return apply<Linear>({x}, alpha, beta); }
Tensor sin(const Tensor& x) { return apply<Sin>({x}); }
Tensor cos(const Tensor& x) { return apply<Cos>({x}); }
Tensor sign(const Tensor& x) {
  if (!graph::is_integer(x.dtype())) return apply<Sign>({x});
  return cast(greater(x, zero(x)), x.dtype()) - cast(less(x, zero(x)), x.dtype());
}
Tensor floor(const Tensor& x) { return apply<Floor>({x}); }
Tensor round(const Tensor& x) { return apply<Round>({x}); }
Tensor reciprocal(const Tensor& x) { return apply<Reciprocal>({x}); }
Tensor erf(const Tensor& x) { return apply<Erf>({x}); }

}  // namespace cornu::ops

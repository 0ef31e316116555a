#pragma once

#include "cornu/keras/activations/activation.h"

namespace cornu::keras::activations {

// Keras' activation functions, functions made of exponentials.
// Of float32 tensors; each keeps the shape. Arguments and defaults are those of keras.activations 3.15.

/// `1 / (1 + exp(-x))`.
struct Sigmoid : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Sigmoid> sigmoid{};

/// `log(sigmoid(x))`.
struct LogSigmoid : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<LogSigmoid> log_sigmoid{};

/// The hyperbolic tangent.
struct Tanh : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Tanh> tanh{};

/// `x - tanh(x)`.
struct TanhShrink : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<TanhShrink> tanh_shrink{};

/// `exp(x)`.
struct Exponential : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Exponential> exponential{};

/// `log(1 + exp(x))`.
struct Softplus : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Softplus> softplus{};

/// `x / (1 + |x|)`.
struct Softsign : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Softsign> softsign{};

/// `(x + sqrt(x^2 + b)) / 2`.
struct Squareplus {
  double b = 4;
  void fields(ConfigVisitor& v) { v("b", b); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Squareplus> squareplus{};

/// x where positive, `alpha (exp(x) - 1)` elsewhere.
struct Elu {
  double alpha = 1;
  void fields(ConfigVisitor& v) { v("alpha", alpha); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Elu> elu{};

/// x where positive, `alpha (exp(x / alpha) - 1)` elsewhere.
struct Celu {
  double alpha = 1;
  void fields(ConfigVisitor& v) { v("alpha", alpha); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Celu> celu{};

/// elu with the two constants that keep mean and variance (Klambauer et al., 2017).
struct Selu : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Selu> selu{};

/// `x sigmoid(x)`, also called swish.
struct Silu : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Silu> silu{};
inline constexpr NamedFunction<Silu> swish{};

/// `x P(X <= x)` for a normal X, exactly or by its tanh form.
struct Gelu {
  bool approximate = false;
  void fields(ConfigVisitor& v) { v("approximate", approximate); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Gelu> gelu{};

/// `x tanh(softplus(x))`.
struct Mish : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Mish> mish{};

}  // namespace cornu::keras::activations

#pragma once

#include <optional>

#include "cornu/keras/layers/keras_tensor.h"

/// Functions of one element on Keras' symbolic tensors: each is a layer of the graph, by the name of Keras' operation.
namespace cornu::ops {

using keras::KerasTensor;

CORNU_EXPORT KerasTensor negative(const KerasTensor& x);
CORNU_EXPORT KerasTensor abs(const KerasTensor& x);
CORNU_EXPORT KerasTensor exp(const KerasTensor& x);
CORNU_EXPORT KerasTensor exp2(const KerasTensor& x);
CORNU_EXPORT KerasTensor expm1(const KerasTensor& x);
CORNU_EXPORT KerasTensor log(const KerasTensor& x);
CORNU_EXPORT KerasTensor log2(const KerasTensor& x);
CORNU_EXPORT KerasTensor log10(const KerasTensor& x);
CORNU_EXPORT KerasTensor log1p(const KerasTensor& x);
CORNU_EXPORT KerasTensor sqrt(const KerasTensor& x);
CORNU_EXPORT KerasTensor rsqrt(const KerasTensor& x);
CORNU_EXPORT KerasTensor square(const KerasTensor& x);
CORNU_EXPORT KerasTensor reciprocal(const KerasTensor& x);
CORNU_EXPORT KerasTensor sign(const KerasTensor& x);
CORNU_EXPORT KerasTensor floor(const KerasTensor& x);
CORNU_EXPORT KerasTensor ceil(const KerasTensor& x);
CORNU_EXPORT KerasTensor trunc(const KerasTensor& x);
CORNU_EXPORT KerasTensor sin(const KerasTensor& x);
CORNU_EXPORT KerasTensor cos(const KerasTensor& x);
CORNU_EXPORT KerasTensor tan(const KerasTensor& x);
CORNU_EXPORT KerasTensor arcsin(const KerasTensor& x);
CORNU_EXPORT KerasTensor arccos(const KerasTensor& x);
CORNU_EXPORT KerasTensor arctan(const KerasTensor& x);
CORNU_EXPORT KerasTensor sinh(const KerasTensor& x);
CORNU_EXPORT KerasTensor cosh(const KerasTensor& x);
CORNU_EXPORT KerasTensor tanh(const KerasTensor& x);
CORNU_EXPORT KerasTensor arcsinh(const KerasTensor& x);
CORNU_EXPORT KerasTensor arccosh(const KerasTensor& x);
CORNU_EXPORT KerasTensor arctanh(const KerasTensor& x);
CORNU_EXPORT KerasTensor erf(const KerasTensor& x);
CORNU_EXPORT KerasTensor erfinv(const KerasTensor& x);
CORNU_EXPORT KerasTensor isnan(const KerasTensor& x);
CORNU_EXPORT KerasTensor isinf(const KerasTensor& x);
CORNU_EXPORT KerasTensor isfinite(const KerasTensor& x);
CORNU_EXPORT KerasTensor logical_not(const KerasTensor& x);
CORNU_EXPORT KerasTensor relu(const KerasTensor& x);
CORNU_EXPORT KerasTensor relu6(const KerasTensor& x);
CORNU_EXPORT KerasTensor sigmoid(const KerasTensor& x);
CORNU_EXPORT KerasTensor log_sigmoid(const KerasTensor& x);
CORNU_EXPORT KerasTensor hard_sigmoid(const KerasTensor& x);
CORNU_EXPORT KerasTensor hard_silu(const KerasTensor& x);
CORNU_EXPORT KerasTensor hard_tanh(const KerasTensor& x);
CORNU_EXPORT KerasTensor softplus(const KerasTensor& x);
CORNU_EXPORT KerasTensor softsign(const KerasTensor& x);
CORNU_EXPORT KerasTensor tanh_shrink(const KerasTensor& x);
CORNU_EXPORT KerasTensor silu(const KerasTensor& x);
CORNU_EXPORT KerasTensor selu(const KerasTensor& x);
CORNU_EXPORT KerasTensor sparse_plus(const KerasTensor& x);
CORNU_EXPORT KerasTensor sparse_sigmoid(const KerasTensor& x);
/// To that many decimals, half to even.
CORNU_EXPORT KerasTensor round(const KerasTensor& x, int decimals = 0);
CORNU_EXPORT KerasTensor clip(const KerasTensor& x, double x_min, double x_max);
/// Other numbers for NaN and the infinities; unless given, 0 and the largest and the smallest number of the dtype.
CORNU_EXPORT KerasTensor nan_to_num(const KerasTensor& x, double nan = 0, std::optional<double> posinf = std::nullopt,
                                    std::optional<double> neginf = std::nullopt);
CORNU_EXPORT KerasTensor elu(const KerasTensor& x, double alpha = 1);
CORNU_EXPORT KerasTensor leaky_relu(const KerasTensor& x, double negative_slope = 0.2);
/// As Keras' `ops.gelu`, whose default is the tanh form. (Keras' activation "gelu" is the exact one.)
CORNU_EXPORT KerasTensor gelu(const KerasTensor& x, bool approximate = true);
CORNU_EXPORT KerasTensor softmax(const KerasTensor& x, int axis = -1);
CORNU_EXPORT KerasTensor cast(const KerasTensor& x, graph::DType dtype);

}  // namespace cornu::ops

#pragma once

#include <limits>
#include <optional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Functions of each element, made of other ops. Names, arguments and defaults as in keras.ops.

// Of float32 and bfloat16; trunc and round also of other dtypes, whose numbers are whole already (but for tens).
Tensor rsqrt(const Tensor& x);  ///< 1 / sqrt(x)
Tensor log2(const Tensor& x);
Tensor log10(const Tensor& x);
Tensor exp2(const Tensor& x);                 ///< 2 to the x
Tensor ceil(const Tensor& x);                 ///< no gradient
Tensor trunc(const Tensor& x);                ///< towards 0; no gradient
Tensor round(const Tensor& x, int decimals);  ///< half to even, to that many decimals; to tens if below 0. No gradient.
/// sqrt(a^2 + b^2), without overflow in between.
Tensor hypot(const Tensor& a, const Tensor& b);
/// log(exp(a) + exp(b)), without overflow in between.
Tensor logaddexp(const Tensor& a, const Tensor& b);

// Of any dtype: bool, no gradient. Integers are finite.
Tensor isnan(const Tensor& x);
Tensor isinf(const Tensor& x);
Tensor isfinite(const Tensor& x);
/// x with other numbers for NaN and the infinities; integers as they are. Unless given, they are 0 and the largest and
/// the smallest number of the dtype.
Tensor nan_to_num(const Tensor& x, double nan = 0, std::optional<double> posinf = std::nullopt,
                  std::optional<double> neginf = std::nullopt);

}  // namespace cornu::ops

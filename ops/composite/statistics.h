#pragma once

#include <string_view>
#include <type_traits>
#include <vector>

#include "cornu/ops/reduction.h"

namespace cornu::ops {

// Reductions made of others. Of float32 and bfloat16, or of bools and integers, which are taken as float32. Names,
// arguments and defaults as in keras.ops.

Tensor var(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);  ///< mean((x - mean(x))^2)
Tensor std(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);  ///< sqrt(var(x))
/// log(sum(exp(x))), without overflow in between.
Tensor logsumexp(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);

/// Which norm: a number, infinite ones too, or "fro"; `{}` is 2 for vectors and "fro" for matrices.
struct CORNU_EXPORT NormOrder {
  bool given = false, frobenius = false;
  double number = 2;
  NormOrder() = default;
  template <class T>
  requires std::is_arithmetic_v<T> NormOrder(T p) : given(true), number(static_cast<double>(p)) {}  // NOLINT: an order
  NormOrder(const char* name);  ///< throws ValueError unless it is "fro"
};
/// The norm of vectors, along one axis, (sum |x|^ord)^(1 / ord), or of the matrices that two axes span, rows and
/// columns: "fro", or the largest (1, infinity) or smallest (-1, -infinity) sum of a column or row. Without axes, of a
/// whole vector or matrix. Throws ValueError for another order, also for those of singular values ("nuc", 2 and -2 of
/// matrices), and for other numbers of axes.
Tensor norm(const Tensor& x, const NormOrder& ord = {}, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);

/// The number below which the part `q` of the elements lies. Where that is between two, `method` tells which: "linear"
/// (a weighed mean), "lower", "higher", "nearest", "midpoint". NaN if there is one among them. Throws ValueError for a
/// q outside of [0, 1], another method, or nothing to choose from.
Tensor quantile(const Tensor& x, double q, const AxesOrAll& axis = {}, std::string_view method = "linear",
                KeepDims keep = KeepDims::no);
/// Several quantiles, along a new first axis.
Tensor quantile(const Tensor& x, const std::vector<double>& q, const AxesOrAll& axis = {},
                std::string_view method = "linear", KeepDims keep = KeepDims::no);
Tensor median(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);  ///< quantile(x, 0.5)

}  // namespace cornu::ops

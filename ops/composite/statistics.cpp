#include "cornu/ops/composite/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/sort.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::ops {
namespace {

using graph::require;
using graph::Shape;
using graph::ValueError;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

Tensor fractional(const Tensor& x) { return graph::is_floating(x.dtype()) ? x : cast(x, graph::float32); }
Tensor same_dtype(double value, const Tensor& x) { return graph::constant(value, x.dtype()); }

Tensor vector_norm(const Tensor& x, const NormOrder& ord, int axis, KeepDims keep) {
  require<ValueError>(!ord.frobenius, "norm: the order 'fro' is one of matrices, got one axis");
  if (ord.number == 2) return sqrt(sum(square(x), axis, keep));
  if (ord.number == kInfinite) return max(abs(x), axis, keep);
  if (ord.number == -kInfinite) return min(abs(x), axis, keep);
  if (ord.number == 0) return sum(cast(not_equal(x, same_dtype(0, x)), x.dtype()), axis, keep);
  return power(sum(power(abs(x), ord.number), axis, keep), 1 / ord.number);
}

Tensor matrix_norm(const Tensor& x, const NormOrder& ord, int rows, int columns, KeepDims keep) {
  if (!ord.given || ord.frobenius) return sqrt(sum(square(x), {rows, columns}, keep));
  const double size = std::abs(ord.number);
  require<ValueError>(size == 1 || size == kInfinite,
                      "norm: expected order 'fro', 1, -1, inf or -inf for matrices, got ", ord.number);
  const int summed = size == 1 ? rows : columns, chosen = size == 1 ? columns : rows;
  const Tensor sums = sum(abs(x), summed, keepdims);
  const Tensor y = ord.number > 0 ? max(sums, chosen, keepdims) : min(sums, chosen, keepdims);
  return keep == KeepDims::yes ? y : squeeze(squeeze(y, std::max(rows, columns)), std::min(rows, columns));
}

/// x with the axes flattened into a last one.
Tensor moved_last(const Tensor& x, const std::vector<int>& axes) {
  std::vector<int> order;
  std::vector<std::int64_t> shape;
  std::int64_t length = 1;
  for (int i = 0; i < x.ndim(); ++i) {
    if (std::binary_search(axes.begin(), axes.end(), i)) continue;
    order.push_back(i);
    shape.push_back(x.shape()[i]);
  }
  for (int axis : axes) {
    order.push_back(axis);
    length *= x.shape()[axis];
  }
  shape.push_back(length);
  return reshape(transpose(x, order), Shape(shape));
}

/// The element of a sorted last axis at a place that may lie between two.
Tensor element_at(const Tensor& sorted, double place, std::string_view method) {
  const int axis = sorted.ndim() - 1;
  const auto at = [&](double i) {
    const std::int64_t first = std::clamp<std::int64_t>(std::llrint(i), 0, sorted.shape().back() - 1);
    return squeeze(slice(sorted, axis, first, first + 1), axis);
  };
  const double lower = std::floor(place), higher = std::ceil(place);
  if (method == "lower" || (lower == higher && method != "nearest")) return at(lower);
  if (method == "higher") return at(higher);
  if (method == "nearest") return at(std::nearbyint(place));
  const double weight = method == "midpoint" ? 0.5 : place - lower;
  return at(higher) * weight + at(lower) * (1 - weight);
}

}  // namespace

// Not by `moments`, whose gradient at an infinite element is infinite where Keras' is NaN.
Tensor var(const Tensor& x, const AxesOrAll& axis, KeepDims keep) {
  const Tensor y = fractional(x);
  return mean(square(y - mean(y, axis, keepdims)), axis, keep);
}
Tensor std(const Tensor& x, const AxesOrAll& axis, KeepDims keep) { return sqrt(var(x, axis, keep)); }

// Less the largest number, unless that is infinite: then the sum is, too.
Tensor logsumexp(const Tensor& x, const AxesOrAll& axis, KeepDims keep) {
  const Tensor y = fractional(x), top = max(y, axis, keepdims);
  const Tensor shift = stop_gradient(where(isfinite(top), top, same_dtype(0, top)));
  const Tensor total = log(sum(exp(y - shift), axis, keep));
  return total + reshape(shift, total.shape());
}

NormOrder::NormOrder(const char* name) : given(true), frobenius(true) {
  require<ValueError>(std::string_view(name) == "fro", "norm: expected a number or 'fro' for the order, got '", name,
                      "'");
}

Tensor norm(const Tensor& x, const NormOrder& ord, const AxesOrAll& axis, KeepDims keep) {
  std::vector<int> axes = axis.of("norm", x.shape());
  require<ValueError>(axes.size() == 1 || axes.size() == 2, "norm: expected one or two axes, got ", axes.size());
  if (axes.size() == 2 && !axis.all() && x.shape().normalize(axis.list()[0]) != axes[0]) std::swap(axes[0], axes[1]);
  const Tensor y = fractional(x);
  return axes.size() == 1 ? vector_norm(y, ord, axes[0], keep) : matrix_norm(y, ord, axes[0], axes[1], keep);
}

Tensor quantile(const Tensor& x, const std::vector<double>& q, const AxesOrAll& axis, std::string_view method,
                KeepDims keep) {
  static constexpr std::string_view kMethods[] = {"linear", "lower", "higher", "nearest", "midpoint"};
  require<ValueError>(std::count(std::begin(kMethods), std::end(kMethods), method) == 1,
                      "quantile: expected method 'linear', 'lower', 'higher', 'nearest' or 'midpoint', got '", method,
                      "'");
  const std::vector<int> axes = axis.of("quantile", x.shape());
  const Tensor y = moved_last(fractional(x), axes);
  const std::int64_t n = y.shape().back();
  require<ValueError>(n > 0, "quantile: shape ", x.shape(), " has no elements to choose from");
  Shape kept = x.shape();
  for (int one : axes) kept[one] = 1;
  const Tensor sorted = sort(y, -1), none = any(isnan(y), -1);
  Tensors all;
  for (double part : q) {
    require<ValueError>(part >= 0 && part <= 1, "quantile: expected q from 0 to 1, got ", part);
    const Tensor one = element_at(sorted, part * static_cast<double>(n - 1), method);
    const Tensor valid = where(none, same_dtype(std::numeric_limits<double>::quiet_NaN(), one), one);
    all.push_back(expand_dims(keep == KeepDims::yes ? reshape(valid, kept) : valid, 0));
  }
  require<ValueError>(!all.empty(), "quantile: expected at least one q");
  return concatenate(all, 0);
}
Tensor quantile(const Tensor& x, double q, const AxesOrAll& axis, std::string_view method, KeepDims keep) {
  return squeeze(quantile(x, std::vector<double>{q}, axis, method, keep), 0);
}
Tensor median(const Tensor& x, const AxesOrAll& axis, KeepDims keep) { return quantile(x, 0.5, axis, "linear", keep); }

}  // namespace cornu::ops

#pragma once

#include <concepts>
#include <vector>

#include "cornu/graph/array/array_type.h"

namespace cornu::graph {

/// Whether a reduced axis stays, with length 1: `sum(x, -1, keepdims)`.
enum class KeepDims : bool { no, yes };
inline constexpr KeepDims keepdims = KeepDims::yes;

// Of all elements, along one axis, or along several; axes count from the end if negative. Throw ShapeError for an axis
// that is not there or is named twice.

/// Floating dtypes stay (float32 is added up in double); integers and bools are summed in int64.
Array sum(const Array&);
Array sum(const Array&, int axis, KeepDims = KeepDims::no);
Array sum(const Array&, const std::vector<int>& axes, KeepDims = KeepDims::no);
/// The product, with the dtypes of sum; of nothing 1.
Array prod(const Array&);
Array prod(const Array&, int axis, KeepDims = KeepDims::no);
Array prod(const Array&, const std::vector<int>& axes, KeepDims = KeepDims::no);
/// Of integers: float64. Of nothing: NaN.
Array mean(const Array&);
Array mean(const Array&, int axis, KeepDims = KeepDims::no);
Array mean(const Array&, const std::vector<int>& axes, KeepDims = KeepDims::no);
/// A NaN wins. Throw ValueError of nothing.
Array max(const Array&);
Array max(const Array&, int axis, KeepDims = KeepDims::no);
Array max(const Array&, const std::vector<int>& axes, KeepDims = KeepDims::no);
Array min(const Array&);
Array min(const Array&, int axis, KeepDims = KeepDims::no);
Array min(const Array&, const std::vector<int>& axes, KeepDims = KeepDims::no);
/// Bool: whether any / all elements differ from 0, as NaN does. Of nothing: false / true.
Array any(const Array&);
Array any(const Array&, int axis, KeepDims = KeepDims::no);
Array any(const Array&, const std::vector<int>& axes, KeepDims = KeepDims::no);
Array all(const Array&);
Array all(const Array&, int axis, KeepDims = KeepDims::no);
Array all(const Array&, const std::vector<int>& axes, KeepDims = KeepDims::no);

struct VarianceConfig {
  int ddof = 0;  ///< the sum of squares is divided by n - ddof: 1 for the estimate from a sample
  KeepDims keep = KeepDims::no;
};
/// The variance, and its square root; of integers: float64.
///
///     var(x, {.ddof = 1});  var(x, 0, {.keep = keepdims});  var(x, {0, 1});
///
/// `std` must be called as `cornu::std(x)`: alone, the name is the standard library's.
Array var(const Array&, VarianceConfig = {});
Array var(const Array&, int axis, VarianceConfig = {});
Array std(const Array&, VarianceConfig = {});
Array std(const Array&, int axis, VarianceConfig = {});
namespace operands {
Array var(const Array&, const std::vector<int>& axes, VarianceConfig);
Array std(const Array&, const std::vector<int>& axes, VarianceConfig);
}  // namespace operands
// Templates, because g++ 12 takes `{.ddof = 1}` for a vector as well, and then a function that is none goes before.
template <std::same_as<std::vector<int>> Axes = std::vector<int>>
Array var(const Array& x, const Axes& axes, VarianceConfig config = {}) {
  return operands::var(x, axes, config);
}
template <std::same_as<std::vector<int>> Axes = std::vector<int>>
Array std(const Array& x, const Axes& axes, VarianceConfig config = {}) {
  return operands::std(x, axes, config);
}

/// Index of the largest element (the first of equals; a NaN is the largest, as in NumPy) of all, as an int64 scalar
/// that prints as `7`; or along one axis. Throws ValueError if empty.
Array argmax(const Array&);
Array argmax(const Array&, int axis, KeepDims = KeepDims::no);
Array argmin(const Array&);
Array argmin(const Array&, int axis, KeepDims = KeepDims::no);

/// Running sums of all elements, in one dimension, or along an axis; the dtypes of sum.
Array cumsum(const Array&);
Array cumsum(const Array&, int axis);

}  // namespace cornu::graph

namespace cornu {
using graph::all;
using graph::any;
using graph::argmax;
using graph::argmin;
using graph::cumsum;
using graph::keepdims;
using graph::KeepDims;
using graph::max;
using graph::mean;
using graph::min;
using graph::prod;
using graph::std;
using graph::sum;
using graph::var;
}  // namespace cornu

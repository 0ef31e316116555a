// Operators along axes.
#include <algorithm>
#include <numeric>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/composite/statistics.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/sort.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::onnx {
namespace {

using Axes = std::vector<int>;

ops::KeepDims kept(const ImportCall& c) { return c.flag("keepdims", true) ? ops::KeepDims::yes : ops::KeepDims::no; }

// Attributes until opset 17 (of sums until 12), then an input; without any, all axes or none.
bool reduced_axes(const ImportCall& c, Axes& axes) {
  std::vector<std::int64_t> given = c.has(1) ? c.integers(1) : c.integers("axes");
  if (given.empty() && c.flag("noop_with_empty_axes", false)) return false;
  axes.assign(given.begin(), given.end());
  if (given.empty()) {
    axes.resize(static_cast<std::size_t>(c.in().ndim()));
    std::iota(axes.begin(), axes.end(), 0);
  }
  return true;
}

using Reduce = Tensor (*)(const Tensor& x, const ops::AxesOrAll& axes, ops::KeepDims keep);

Tensor in_floats(const Tensor& x) { return ops::cast(x, graph::float32); }
Tensor l1(const Tensor& x, const ops::AxesOrAll& axes, ops::KeepDims keep) { return ops::sum(ops::abs(x), axes, keep); }
Tensor l2(const Tensor& x, const ops::AxesOrAll& axes, ops::KeepDims keep) {
  return ops::sqrt(in_floats(ops::sum(ops::square(x), axes, keep)));
}
Tensor log_sum(const Tensor& x, const ops::AxesOrAll& axes, ops::KeepDims keep) {
  return ops::log(in_floats(ops::sum(x, axes, keep)));
}
Tensor log_sum_exp(const Tensor& x, const ops::AxesOrAll& axes, ops::KeepDims keep) {
  return ops::logsumexp(in_floats(x), axes, keep);
}
Tensor sum_square(const Tensor& x, const ops::AxesOrAll& axes, ops::KeepDims keep) {
  return ops::sum(ops::square(x), axes, keep);
}

// What a reduction without axes makes of each element.
bool add_reduction(const char* op_type, Reduce reduce) {
  return add_import(op_type, [reduce](ImportCall& c) -> Tensors {
    Axes axes;
    const Tensor x = c.in();
    const bool any = reduced_axes(c, axes);
    return {ops::cast(reduce(x, any ? ops::AxesOrAll(axes) : ops::AxesOrAll(Axes{}), kept(c)), x.dtype())};
  });
}
const bool reductions_read = add_reduction("ReduceL1", l1) && add_reduction("ReduceL2", l2) &&
                             add_reduction("ReduceLogSum", log_sum) && add_reduction("ReduceLogSumExp", log_sum_exp) &&
                             add_reduction("ReduceMax", ops::max) && add_reduction("ReduceMin", ops::min) &&
                             add_reduction("ReduceMean", ops::mean) && add_reduction("ReduceProd", ops::prod) &&
                             add_reduction("ReduceSum", ops::sum) && add_reduction("ReduceSumSquare", sum_square);

using ArgReduce = Tensor (*)(const Tensor& x, int axis, ops::KeepDims keep);
bool add_arg_reduction(const char* op_type, ArgReduce reduce) {
  return add_import(op_type, [reduce](ImportCall& c) -> Tensors {
    const auto axis = static_cast<int>(c.integer("axis", 0));
    const Tensor x = c.in();
    if (!c.flag("select_last_index", false)) return {ops::cast(reduce(x, axis, kept(c)), graph::int64)};
    const Tensor from_behind = ops::cast(reduce(ops::flip(x, axis), axis, kept(c)), graph::int64);
    return {graph::constant(Array::scalar(x.shape()[x.shape().normalize(axis)] - 1)) - from_behind};
  });
}
const bool arg_reductions_read = add_arg_reduction("ArgMax", ops::argmax) && add_arg_reduction("ArgMin", ops::argmin);

// Until opset 12, along all axes from `axis` on, as if they were one.
using AlongAxis = Tensor (*)(const Tensor& x, int axis);
Tensor hardmax(const Tensor& x, int axis) {
  const Tensor moved = ops::moveaxis(x, axis, -1);
  return ops::moveaxis(ops::one_hot(ops::argmax(moved, -1, ops::KeepDims::no), moved.shape().back()), -1, axis);
}
bool add_along_axis(const char* op_type, AlongAxis f) {
  return add_import(op_type, [f](ImportCall& c) -> Tensors {
    const Tensor x = c.in();
    if (c.opset() >= 13) return {f(x, static_cast<int>(c.integer("axis", -1)))};
    const int axis = x.shape().normalize(static_cast<int>(c.integer("axis", 1)));
    std::int64_t rows = 1;
    for (int i = 0; i < axis; ++i) rows *= x.shape()[i];
    return {ops::reshape(f(ops::reshape(x, {rows, x.shape().elements() / std::max<std::int64_t>(rows, 1)}), -1),
                         x.shape())};
  });
}
const bool softmax_read = add_along_axis("Softmax", ops::softmax) && add_along_axis("LogSoftmax", ops::log_softmax) &&
                          add_along_axis("Hardmax", hardmax);

const bool cumsum_read = add_import("CumSum", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  return {ops::cast(ops::cumsum(x, static_cast<int>(c.integers(1).at(0)),
                                {.exclusive = c.flag("exclusive", false), .reverse = c.flag("reverse", false)}),
                    x.dtype())};
});
const bool cumprod_read = add_import("CumProd", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  return {ops::cast(ops::cumprod(x, static_cast<int>(c.integers(1).at(0)),
                                 {.exclusive = c.flag("exclusive", false), .reverse = c.flag("reverse", false)}),
                    x.dtype())};
});

const bool top_k_read = add_import("TopK", [](ImportCall& c) -> Tensors {
  const auto axis = static_cast<int>(c.integer("axis", -1));
  const std::int64_t k = c.opset() >= 10 ? c.integers(1).at(0) : c.integer("k", 1);
  Tensor x = ops::moveaxis(c.in(), axis, -1);
  const bool largest = c.flag("largest", true);
  const Tensors best = ops::top_k(largest ? x : -x, k);
  return {ops::moveaxis(largest ? best[0] : -best[0], -1, axis),
          ops::cast(ops::moveaxis(best[1], -1, axis), graph::int64)};
});

}  // namespace
}  // namespace cornu::keras::onnx

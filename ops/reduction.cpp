#include "cornu/ops/reduction.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/fused_op.h"
#include "cornu/ops/internal/reduce.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/onednn/kernel.h"

namespace cornu::ops {
namespace {

/// What all reductions share; axes count from the front, sorted.
struct Reduction : Op {
  std::vector<int> axes;
  bool keep = false;

  void fields(FieldVisitor& f) const override { f("axes", axes), f("keepdims", keep); }
  /// The dtypes in which it computes; the function casts others, or there are none.
  virtual bool computes(graph::DType dtype) const { return internal::is_computed(dtype); }
  Specs infer(const Specs& in) const override {
    graph::require<TypeError>(computes(in[0].dtype), name(), ": expected float32, bfloat16, bools or integers, got ",
                              in[0]);
    const Shape kept = kept_shape(in[0].shape);
    if (keep) return {{in[0].dtype, kept}};
    std::vector<std::int64_t> dims;
    for (int i = 0; i < kept.rank(); ++i)
      if (!std::binary_search(axes.begin(), axes.end(), i)) dims.push_back(kept[i]);
    return {{in[0].dtype, Shape(dims)}};
  }

 protected:
  Shape kept_shape(const Shape& shape) const {
    Shape kept = shape;
    for (int axis : axes) kept[internal::normalize(name(), axis, shape)] = 1;
    return kept;
  }
  /// A tensor of the output's shape, ready to broadcast against the input.
  Tensor beside(const Tensor& x, const Tensor& y) const { return reshape(y, kept_shape(x.shape())); }
  double count(const Shape& shape) const {
    double n = 1;
    for (int axis : axes) n *= static_cast<double>(shape[axis]);
    return n;
  }
};

template <class Combine>
Kernel native_reduction(const PlanRequest& r, const std::vector<int>& axes, double scale = 1) {
  using T = typename Combine::Value;
  const auto passes = internal::reduce_passes(r.in[0].shape, axes);
  if (passes.empty()) return internal::copy_kernel(r.out[0].bytes());  // nothing is folded, not even axes of length 1
  // Scratch memory: what lies between the passes, then the partial results of one pass.
  std::int64_t between = 0, partials = 0;
  int phases = 0;
  for (std::size_t i = 0; i < passes.size(); ++i) {
    if (i + 1 < passes.size()) between = std::max(between, passes[i].outer * passes[i].inner);
    partials = std::max(partials, passes[i].partials());
    phases += passes[i].phases();
  }
  const std::int64_t buffers = passes.size() > 2 ? 2 : 1;
  Kernel kernel = Kernel::native(r.parts(r.in[0].shape.elements()), [passes, scale, between,
                                                                     buffers](const graph::Call& c) {
    T* const scratch = static_cast<T*>(c.scratch);
    std::size_t i = 0;  // the pass of this phase
    int phase = c.phase;
    for (; phase >= passes[i].phases(); ++i) phase -= passes[i].phases();
    const bool last = i + 1 == passes.size();
    const auto buffer = [&](std::size_t pass) { return scratch + static_cast<std::int64_t>(pass % 2) * between; };
    internal::reduce<Combine>(c, passes[i], phase, i == 0 ? c.in<T>() : buffer(i - 1), last ? c.out<T>() : buffer(i),
                              static_cast<T>(last ? scale : 1), scratch + buffers * between);
  });
  kernel.phases = phases;
  kernel.scratch = static_cast<std::size_t>(buffers * between + partials) * sizeof(T);
  return kernel;
}

/// oneDNN's loop over rows; it has only a reference for other axes, and one thread for one row.
std::optional<Kernel> vendor_reduction(std::string_view op, dnnl_alg_kind_t algorithm, const PlanRequest& r,
                                       const std::vector<int>& axes) {
  // A row costs oneDNN some 150 ns, however short it is. Of long ones our own blocks lose fewer digits.
  constexpr std::int64_t kShortRow = 1024, kLongRow = 4096;
  const auto passes = internal::reduce_passes(r.in[0].shape, axes);
  if (passes.size() != 1 || passes[0].inner != 1 || passes[0].length < kShortRow || passes[0].length > kLongRow ||
      passes[0].outer < r.threads)
    return std::nullopt;
  if (r.in[0].shape.elements() < graph::kWorthSharing) return std::nullopt;
  bool fast = true;
  auto kernel = onednn::kernel(op, r.threads, passes[0].outer, [&](std::int64_t begin, std::int64_t end) {
    const onednn::MemoryDesc src(Shape{end - begin, passes[0].length}), dst(Shape{end - begin, 1});
    auto desc = onednn::describe(op, CORNU_ONEDNN(dnnl_reduction_desc_init, dnnl_reduction_primitive_desc_create),
                                 onednn::attributes(op), algorithm, src.get(), dst.get(), 0.f, 0.f);
    fast = fast && onednn::implementation(desc.get()).starts_with("jit");
    return onednn::Piece{
        std::move(desc),
        {{DNNL_ARG_SRC, src, 0, false, begin * passes[0].length}, {DNNL_ARG_DST, dst, 0, true, begin}}};
  });
  if (!fast) return std::nullopt;
  return kernel;
}

/// The sums that loops take while they compute what is summed.
struct LinearReduction : Reduction, internal::SumOfRows {
  virtual double factor(const Shape& x) const = 0;
  std::optional<SumOfRows::Sum> sum_of_rows(const Shape& x) const override {
    const int count = static_cast<int>(axes.size());
    if (axes.empty() || axes.back() != count - 1 || x.elements() == 0) return std::nullopt;
    const std::int64_t columns = x.drop_front(count).elements();
    return SumOfRows::Sum{x.elements() / columns, columns, factor(x)};
  }
};

bool is_float_or_int64(graph::DType dtype) { return internal::is_computed(dtype) || dtype == int64; }

struct Sum final : LinearReduction, internal::AddsUp {
  std::string_view name() const override { return "sum"; }
  bool computes(graph::DType dtype) const override { return is_float_or_int64(dtype); }
  double factor(const Shape&) const override { return 1; }
  Tensors gradient(const Backward& b) const override { return {broadcast_to(beside(b.x(), b.dy()), b.x().shape())}; }
  // Over the steps, too.
  Tensor sum_over_steps(const graph::Node& node, const internal::OverSteps& steps) const override {
    const Tensor all = steps.all(node.inputs()[0]);
    if (!all.defined()) return {};
    std::vector<int> with_steps{0};
    for (const int axis : axes) with_steps.push_back(axis + 1);
    return reshape(sum(all, with_steps), node.outputs()[0].shape);
  }
  Kernel plan(const PlanRequest& r) const override {
    if (r.in[0].dtype == int64) return native_reduction<internal::SumOf<std::int64_t>>(r, axes);
    if (auto kernel = vendor_reduction(name(), dnnl_reduction_sum, r, axes)) return *std::move(kernel);
    return native_reduction<internal::SumOf<float>>(r, axes);
  }
};

/// Along one axis.
struct Prod final : Reduction {
  std::string_view name() const override { return "prod"; }
  bool computes(graph::DType dtype) const override { return is_float_or_int64(dtype); }
  // What the others give, those before an element and those behind it: right also where some are 0.
  Tensors gradient(const Backward& b) const override {
    const int axis = axes.at(0);
    return {beside(b.x(), b.dy()) * cumprod(b.x(), axis, {.exclusive = true}) *
            cumprod(b.x(), axis, {.exclusive = true, .reverse = true})};
  }
  Kernel plan(const PlanRequest& r) const override {
    if (r.in[0].dtype == int64) return native_reduction<internal::ProdOf<std::int64_t>>(r, axes);
    return native_reduction<internal::ProdOf<float>>(r, axes);
  }
};

struct Mean final : LinearReduction {
  std::string_view name() const override { return "mean"; }
  double factor(const Shape& x) const override { return 1 / count(x); }
  Tensors gradient(const Backward& b) const override {
    return {broadcast_to(linear(beside(b.x(), b.dy()), 1 / count(b.x().shape()), 0), b.x().shape())};
  }
  Kernel plan(const PlanRequest& r) const override {
    if (auto kernel = vendor_reduction(name(), dnnl_reduction_mean, r, axes)) return *std::move(kernel);
    return native_reduction<internal::SumOf<float>>(r, axes, 1 / count(r.in[0].shape));
  }
};

/// The gradient of a maximum or minimum, shared among the elements equal to it.
Tensor shared(const Tensor& x, const Tensor& y, const Tensor& dy, const std::vector<int>& axes) {
  const Tensor chosen = cast(equal(x, y), x.dtype());
  return chosen * (dy / sum(chosen, axes, keepdims));
}

// oneDNN's maximum and minimum may lose NaN, so these are loops.
template <template <class> class Combine>
struct Extreme : Reduction {
  bool computes(graph::DType dtype) const override { return dtype != graph::float64; }
  Tensors gradient(const Backward& b) const override {
    return {shared(b.x(), beside(b.x(), b.y()), beside(b.x(), b.dy()), axes)};
  }
  Kernel plan(const PlanRequest& r) const override {
    if (r.in[0].dtype == int64) return native_reduction<Combine<std::int64_t>>(r, axes);
    if (r.in[0].dtype == int32) return native_reduction<Combine<std::int32_t>>(r, axes);
    if (r.in[0].dtype == uint8) return native_reduction<Combine<std::uint8_t>>(r, axes);
    if (r.in[0].dtype == graph::bool_) return native_reduction<Combine<bool>>(r, axes);  // of nothing 1, not 255
    return native_reduction<Combine<float>>(r, axes);
  }
};

struct Max final : Extreme<internal::MaxOf> {
  std::string_view name() const override { return "max"; }
};

struct Min final : Extreme<internal::MinOf> {
  std::string_view name() const override { return "min"; }
};

const bool reduction_registered = graph::register_op<Sum, Prod, Mean, Max, Min>();

template <class T>
Tensor reduce(const Tensor& x, const AxesOrAll& axis, KeepDims keep) {
  auto op = std::make_shared<T>();
  op->keep = keep == KeepDims::yes;
  op->axes = axis.of(op->name(), x.shape());
  return graph::apply1(std::move(op), {x});
}

/// Bools and integers as another dtype.
Tensor whole_as(graph::DType dtype, const Tensor& x) { return graph::is_floating(x.dtype()) ? x : cast(x, dtype); }

}  // namespace

std::vector<int> AxesOrAll::of(std::string_view op, const Shape& shape) const {
  std::vector<int> axes(all_ ? shape.size() : 0);
  std::iota(axes.begin(), axes.end(), 0);
  for (int axis : list_) axes.push_back(internal::normalize(op, axis, shape));
  std::sort(axes.begin(), axes.end());
  graph::require<ValueError>(std::adjacent_find(axes.begin(), axes.end()) == axes.end(), op,
                             ": an axis is named twice");
  return axes;
}

Tensor sum(const Tensor& x, const AxesOrAll& axis, KeepDims keep) {
  return reduce<Sum>(whole_as(int64, x), axis, keep);
}
Tensor mean(const Tensor& x, const AxesOrAll& axis, KeepDims keep) {
  return reduce<Mean>(whole_as(float32, x), axis, keep);
}
Tensor max(const Tensor& x, const AxesOrAll& axis, KeepDims keep) { return reduce<Max>(x, axis, keep); }
Tensor min(const Tensor& x, const AxesOrAll& axis, KeepDims keep) { return reduce<Min>(x, axis, keep); }
// One axis after the other, the last one first: so the numbers of the others stay.
Tensor prod(const Tensor& x, const AxesOrAll& axis, KeepDims keep) {
  std::vector<int> axes = axis.of("prod", x.shape());
  std::reverse(axes.begin(), axes.end());
  Tensor y = whole_as(int64, x);
  graph::require<TypeError>(is_float_or_int64(y.dtype()), "prod: expected float32, bfloat16, bools or integers, got ",
                            x.spec());
  for (int one : axes) y = reduce<Prod>(y, one, keep);
  return y;
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  const int extra = x.ndim() - shape.rank();
  std::vector<int> axes;
  for (int i = 0; i < x.ndim(); ++i)
    if (i < extra || (shape[i - extra] == 1 && x.shape()[i] != 1)) axes.push_back(i);
  return reshape(axes.empty() ? x : sum(x, axes), shape);
}

}  // namespace cornu::ops

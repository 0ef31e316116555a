#include "cornu/ops/reduction.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/fused_op.h"
#include "cornu/ops/internal/reduce.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/onednn/kernel.h"

namespace cornu::ops {
namespace {

/// What all reductions share; axes count from the front, sorted.
struct Reduction : Op {
  std::vector<int> axes;
  bool keep = false;

  void fields(FieldVisitor& f) const override { f("axes", axes), f("keepdims", keep); }
  Specs infer(const Specs& in) const override {
    internal::require_computed(name(), in[0]);
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
Kernel native_reduction(const PlanRequest& r, const std::vector<int>& axes, double scale) {
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
  Kernel kernel =
      Kernel::native(r.parts(r.in[0].shape.elements()), [passes, scale, between, buffers](const graph::Call& c) {
        float* const scratch = static_cast<float*>(c.scratch);
        std::size_t i = 0;  // the pass of this phase
        int phase = c.phase;
        for (; phase >= passes[i].phases(); ++i) phase -= passes[i].phases();
        const bool last = i + 1 == passes.size();
        const auto buffer = [&](std::size_t pass) { return scratch + static_cast<std::int64_t>(pass % 2) * between; };
        internal::reduce<Combine>(c, passes[i], phase, i == 0 ? c.in<float>() : buffer(i - 1),
                                  last ? c.out<float>() : buffer(i), last ? static_cast<float>(scale) : 1.f,
                                  scratch + buffers * between);
      });
  kernel.phases = phases;
  kernel.scratch = static_cast<std::size_t>(buffers * between + partials) * sizeof(float);
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

struct Sum final : LinearReduction {
  std::string_view name() const override { return "sum"; }
  double factor(const Shape&) const override { return 1; }
  Tensors gradient(const Backward& b) const override { return {broadcast_to(beside(b.x(), b.dy()), b.x().shape())}; }
  Kernel plan(const PlanRequest& r) const override {
    if (auto kernel = vendor_reduction(name(), dnnl_reduction_sum, r, axes)) return *std::move(kernel);
    return native_reduction<internal::SumOf>(r, axes, 1);
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
    return native_reduction<internal::SumOf>(r, axes, 1 / count(r.in[0].shape));
  }
};

/// The gradient of a maximum or minimum, shared among the elements equal to it.
Tensor shared(const Tensor& x, const Tensor& y, const Tensor& dy, const std::vector<int>& axes) {
  const Tensor chosen = cast(equal(x, y), x.dtype());
  return chosen * (dy / sum(chosen, axes, keepdims));
}

// oneDNN's maximum and minimum may lose NaN, so these are loops.
struct Max final : Reduction {
  std::string_view name() const override { return "max"; }
  Tensors gradient(const Backward& b) const override {
    return {shared(b.x(), beside(b.x(), b.y()), beside(b.x(), b.dy()), axes)};
  }
  Kernel plan(const PlanRequest& r) const override { return native_reduction<internal::MaxOf>(r, axes, 1); }
};

struct Min final : Reduction {
  std::string_view name() const override { return "min"; }
  Tensors gradient(const Backward& b) const override {
    return {shared(b.x(), beside(b.x(), b.y()), beside(b.x(), b.dy()), axes)};
  }
  Kernel plan(const PlanRequest& r) const override { return native_reduction<internal::MinOf>(r, axes, 1); }
};

const bool reduction_registered =
    graph::register_op<Sum>() && graph::register_op<Mean>() && graph::register_op<Max>() && graph::register_op<Min>();

template <class T>
Tensor reduce(const Tensor& x, const std::vector<int>& axes, KeepDims keep) {
  auto op = std::make_shared<T>();
  op->keep = keep == KeepDims::yes;
  for (int axis : axes) op->axes.push_back(internal::normalize(op->name(), axis, x.shape()));
  std::sort(op->axes.begin(), op->axes.end());
  graph::require<ValueError>(std::adjacent_find(op->axes.begin(), op->axes.end()) == op->axes.end(), op->name(),
                             ": an axis is named twice");
  return graph::apply1(std::move(op), {x});
}

template <class T>
Tensor reduce_all(const Tensor& x) {
  std::vector<int> axes(static_cast<std::size_t>(x.ndim()));
  std::iota(axes.begin(), axes.end(), 0);
  return reduce<T>(x, axes, KeepDims::no);
}

}  // namespace

Tensor sum(const Tensor& x) { return reduce_all<Sum>(x); }
Tensor sum(const Tensor& x, int axis, KeepDims keep) { return reduce<Sum>(x, {axis}, keep); }
Tensor sum(const Tensor& x, const std::vector<int>& axes, KeepDims keep) { return reduce<Sum>(x, axes, keep); }
Tensor mean(const Tensor& x) { return reduce_all<Mean>(x); }
Tensor mean(const Tensor& x, int axis, KeepDims keep) { return reduce<Mean>(x, {axis}, keep); }
Tensor mean(const Tensor& x, const std::vector<int>& axes, KeepDims keep) { return reduce<Mean>(x, axes, keep); }
Tensor max(const Tensor& x) { return reduce_all<Max>(x); }
Tensor max(const Tensor& x, int axis, KeepDims keep) { return reduce<Max>(x, {axis}, keep); }
Tensor max(const Tensor& x, const std::vector<int>& axes, KeepDims keep) { return reduce<Max>(x, axes, keep); }
Tensor min(const Tensor& x) { return reduce_all<Min>(x); }
Tensor min(const Tensor& x, int axis, KeepDims keep) { return reduce<Min>(x, {axis}, keep); }
Tensor min(const Tensor& x, const std::vector<int>& axes, KeepDims keep) { return reduce<Min>(x, axes, keep); }

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  const int extra = x.ndim() - shape.rank();
  std::vector<int> axes;
  for (int i = 0; i < x.ndim(); ++i)
    if (i < extra || (shape[i - extra] == 1 && x.shape()[i] != 1)) axes.push_back(i);
  return reshape(axes.empty() ? x : sum(x, axes), shape);
}

}  // namespace cornu::ops

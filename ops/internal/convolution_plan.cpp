// How convolutions run: each part works on a section of the batch by a primitive of its own, on the kernel in the
// layout that the primitive likes best.
#include <algorithm>
#include <cstring>

#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/onednn/reorder.h"

namespace cornu::ops::internal {
namespace {

using graph::Shape;
using onednn::MemoryDesc;
using Lengths = std::vector<std::int64_t>;

constexpr std::int64_t kProductsPerOperation = 8;  // multiplications that take about as long as a simple operation
constexpr std::size_t kAlignment = 64;

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

/// One convolution as oneDNN describes it: channels and filters come first in its dimensions, wherever they lie.
struct Geometry {
  Geometry(std::string_view name, const Windows& w, const Shape& x, const Shape& kernel, const Shape& y)
      : op(name), windows(w), x_shape(x), kernel_shape(kernel), y_shape(y) {
    const int axes = w.axes();
    per_group = kernel[axes];
    groups = x.back() / per_group;
    filters = kernel.back();
    for (const std::int64_t d : w.dilation) dilates.push_back(d - 1);  // oneDNN counts what is left out
    flops = 2 * y.elements() * per_group;
    for (int axis = 0; axis < axes; ++axis) flops *= kernel[axis];
  }

  /// Rows of the batch, with channels last.
  static MemoryDesc data(const Shape& shape, std::int64_t rows) {
    Shape dims{rows, shape.back()};
    Lengths strides{shape.drop_front().elements(), 1};
    for (int axis = 1; axis < shape.rank() - 1; ++axis) {
      dims = dims.append(shape[axis]);
      strides.push_back(shape.drop_front(axis + 1).elements());
    }
    return {dims, strides};
  }
  MemoryDesc x(std::int64_t rows) const { return data(x_shape, rows); }
  MemoryDesc y(std::int64_t rows) const { return data(y_shape, rows); }

  /// (groups, filters, channels, …): the dimensions of the kernel, without groups if there is one.
  Shape kernel_dims() const {
    Shape dims = groups == 1 ? Shape{filters, per_group} : Shape{groups, filters / groups, per_group};
    for (int axis = 0; axis < windows.axes(); ++axis) dims = dims.append(kernel_shape[axis]);
    return dims;
  }
  /// As it lies here: (…, channels, filters).
  MemoryDesc plain_kernel() const {
    Lengths strides = groups == 1 ? Lengths{1, filters} : Lengths{filters / groups, 1, filters};
    for (int axis = 0; axis < windows.axes(); ++axis) strides.push_back(kernel_shape.drop_front(axis + 1).elements());
    return {kernel_dims(), strides};
  }

  onednn::PrimitiveDesc forward(const MemoryDesc& kernel, std::int64_t rows,
                                dnnl_prop_kind_t kind = dnnl_forward_inference) const {
    return onednn::describe(
        op, CORNU_ONEDNN(dnnl_dilated_convolution_forward_desc_init, dnnl_convolution_forward_primitive_desc_create),
        onednn::attributes(op), kind, dnnl_convolution_direct, x(rows).get(), kernel.get(), nullptr, y(rows).get(),
        windows.strides.data(), dilates.data(), windows.low.data(), windows.high.data());
  }
  onednn::PrimitiveDesc backward_data(const MemoryDesc& kernel, std::int64_t rows) const {
    return onednn::describe_backward(op,
                                     CORNU_ONEDNN(dnnl_dilated_convolution_backward_data_desc_init,
                                                  dnnl_convolution_backward_data_primitive_desc_create),
                                     onednn::attributes(op),
                                     forward(MemoryDesc::any(kernel_dims()), rows, dnnl_forward_training),
                                     dnnl_convolution_direct, x(rows).get(), kernel.get(), y(rows).get(),
                                     windows.strides.data(), dilates.data(), windows.low.data(), windows.high.data());
  }
  onednn::PrimitiveDesc backward_weights(const MemoryDesc& kernel, std::int64_t rows) const {
    return onednn::describe_backward(op,
                                     CORNU_ONEDNN(dnnl_dilated_convolution_backward_weights_desc_init,
                                                  dnnl_convolution_backward_weights_primitive_desc_create),
                                     onednn::attributes(op),
                                     forward(MemoryDesc::any(kernel_dims()), rows, dnnl_forward_training),
                                     dnnl_convolution_direct, x(rows).get(), kernel.get(), nullptr, y(rows).get(),
                                     windows.strides.data(), dilates.data(), windows.low.data(), windows.high.data());
  }

  std::string_view op;
  const Windows& windows;
  Shape x_shape, kernel_shape, y_shape;
  Lengths dilates;
  std::int64_t groups, per_group, filters, flops;
};

using Programs = std::vector<std::shared_ptr<const onednn::Program>>;

std::shared_ptr<const onednn::Program> ready(std::string_view op, onednn::Piece piece) {
  return std::make_shared<const onednn::Program>(op, std::move(piece));
}

std::int64_t largest_scratch(const Programs& programs) {
  std::size_t most = 0;
  for (const auto& program : programs) most = std::max(most, program->scratch());
  return static_cast<std::int64_t>(most);
}

/// What parts share, and one execution for each.
struct Parts {
  std::shared_ptr<const onednn::Program> reorder;  ///< null where the kernel lies as it should
  Programs programs;
  std::size_t kernel_bytes = 0;  ///< in the primitive's layout, aligned
  std::size_t scratch = 0;       ///< of a part

  struct Ready {
    explicit Ready(const Parts& p) : executions(p.programs.begin(), p.programs.end()) {
      if (p.reorder) reorder.emplace_back(p.reorder);
    }
    std::vector<onednn::Execution> executions, reorder;
  };
};

/// What gives an image's share of `out` from its share of input 0 and the whole kernel, input 1: the forward pass and
/// that backward to the data.
template <class Describe>
graph::Kernel plan_images(const Geometry& g, const graph::PlanRequest& r, int src,
                          MemoryDesc (Geometry::*in)(std::int64_t) const, int dst,
                          MemoryDesc (Geometry::*out)(std::int64_t) const, Describe&& describe) {
  const std::int64_t rows = g.x_shape.front();
  const int parts = static_cast<int>(std::clamp<std::int64_t>(r.parts(g.flops / 2 / kProductsPerOperation), 1, rows));
  const std::int64_t in_row = r.in[0].shape.drop_front().elements(), out_row = r.out[0].shape.drop_front().elements();
  auto p = std::make_shared<Parts>();
  const MemoryDesc plain = g.plain_kernel();
  MemoryDesc kernel = MemoryDesc::any(g.kernel_dims());
  std::string implementation;
  for (std::int64_t part = 0; part < parts; ++part) {
    const std::int64_t begin = rows * part / parts, n = rows * (part + 1) / parts - begin;
    onednn::PrimitiveDesc desc = describe(kernel, n);
    if (part == 0) {
      kernel = onednn::chosen(desc, dnnl_query_weights_md);
      implementation = onednn::implementation(desc.get());
    }
    p->programs.push_back(ready(g.op, {std::move(desc),
                                       {{src, (g.*in)(n), 0, false, begin * in_row},
                                        {DNNL_ARG_WEIGHTS, kernel, 1},
                                        {dst, (g.*out)(n), 0, true, begin * out_row}}}));
  }
  if (!onednn::same_layout(plain, kernel)) {
    p->reorder = ready(g.op, onednn::reorder(g.op, plain, kernel));
    p->kernel_bytes = aligned(kernel.bytes());
    implementation += "+reorder";
  }
  p->scratch = static_cast<std::size_t>(largest_scratch(p->programs));
  if (p->reorder) p->scratch = std::max(p->scratch, p->reorder->scratch());

  graph::Kernel result;
  result.parts = parts;
  result.phases = p->reorder ? 2 : 1;
  result.scratch = p->kernel_bytes + p->scratch * static_cast<std::size_t>(parts);
  result.flops = static_cast<double>(g.flops);
  result.implementation = std::move(implementation);
  result.make = [p = std::shared_ptr<const Parts>(p)]() -> graph::Launch {
    auto ready = std::make_shared<Parts::Ready>(*p);
    return [p, ready](const graph::Call& c) {
      char* const base = static_cast<char*>(c.scratch);
      char* const own = base + p->kernel_bytes + static_cast<std::size_t>(c.part) * p->scratch;
      if (p->reorder && c.phase == 0) {
        void* const packed = base;
        if (c.part == 0) ready->reorder.front().run(c.src + 1, &packed, own);
        return;
      }
      const void* const in[2] = {c.src[0], p->reorder ? base : c.src[1]};
      ready->executions[static_cast<std::size_t>(c.part)].run(in, c.dst, own);
    };
  };
  return result;
}

graph::Kernel nothing() {
  return graph::Kernel::native([](const graph::Call&) {});
}

graph::Kernel zeros(std::size_t bytes) {
  return graph::Kernel::native([bytes](const graph::Call& c) { std::memset(c.dst[0], 0, bytes); });
}

}  // namespace

graph::Kernel Convolution::plan(const graph::PlanRequest& r) const {
  if (r.out[0].shape.elements() == 0) return nothing();
  const Geometry g(name(), windows, r.in[0].shape, r.in[1].shape, r.out[0].shape);
  return plan_images(g, r, DNNL_ARG_SRC, &Geometry::x, DNNL_ARG_DST, &Geometry::y,
                     [&](const MemoryDesc& kernel, std::int64_t rows) { return g.forward(kernel, rows); });
}

graph::Kernel ConvolutionBackwardData::plan(const graph::PlanRequest& r) const {
  if (r.out[0].shape.elements() == 0) return nothing();
  const Geometry g(name(), windows, r.out[0].shape, r.in[1].shape, r.in[0].shape);
  return plan_images(g, r, DNNL_ARG_DIFF_DST, &Geometry::y, DNNL_ARG_DIFF_SRC, &Geometry::x,
                     [&](const MemoryDesc& kernel, std::int64_t rows) { return g.backward_data(kernel, rows); });
}

// Each part has a kernel of its own, of which the sum is taken in the order of the parts.
graph::Kernel ConvolutionBackwardWeights::plan(const graph::PlanRequest& r) const {
  const Shape &x = r.in[0].shape, &dy = r.in[1].shape;
  if (x.elements() == 0) return zeros(r.out[0].bytes());
  const Geometry g(name(), windows, x, r.out[0].shape, dy);
  const std::int64_t rows = x.front();
  const int parts = static_cast<int>(std::clamp<std::int64_t>(r.parts(g.flops / 2 / kProductsPerOperation), 1, rows));
  auto p = std::make_shared<Parts>();
  const MemoryDesc plain = g.plain_kernel();
  MemoryDesc kernel = MemoryDesc::any(g.kernel_dims());
  std::string implementation;
  for (std::int64_t part = 0; part < parts; ++part) {
    const std::int64_t begin = rows * part / parts, n = rows * (part + 1) / parts - begin;
    onednn::PrimitiveDesc desc = g.backward_weights(kernel, n);
    if (part == 0) {
      kernel = onednn::chosen(desc, dnnl_query_diff_weights_md);
      implementation = std::string(onednn::implementation(desc.get())) + "+reorder";
    }
    p->programs.push_back(ready(g.op, {std::move(desc),
                                       {{DNNL_ARG_SRC, g.x(n), 0, false, begin * x.drop_front().elements()},
                                        {DNNL_ARG_DIFF_DST, g.y(n), 1, false, begin * dy.drop_front().elements()},
                                        {DNNL_ARG_DIFF_WEIGHTS, kernel, 0, true}}}));
  }
  p->reorder = ready(g.op, onednn::reorder(g.op, kernel, plain));
  p->kernel_bytes = aligned(kernel.bytes());
  p->scratch = std::max(static_cast<std::size_t>(largest_scratch(p->programs)), p->reorder->scratch());

  graph::Kernel result;
  result.parts = parts;
  result.phases = 3;
  result.scratch = (p->kernel_bytes + p->scratch) * static_cast<std::size_t>(parts);
  result.flops = static_cast<double>(g.flops);
  result.implementation = std::move(implementation);
  result.make = [p = std::shared_ptr<const Parts>(p)]() -> graph::Launch {
    auto ready = std::make_shared<Parts::Ready>(*p);
    return [p, ready](const graph::Call& c) {
      char* const base = static_cast<char*>(c.scratch);
      const auto part = static_cast<std::size_t>(c.part), count = static_cast<std::size_t>(c.parts);
      char* const own = base + p->kernel_bytes * count + part * p->scratch;
      if (c.phase == 0) {
        void* const kernel = base + part * p->kernel_bytes;
        ready->executions[part].run(c.src, &kernel, own);
      } else if (c.phase == 1) {
        float* const sum = reinterpret_cast<float*>(base);
        c.share(static_cast<std::int64_t>(p->kernel_bytes / sizeof(float)), [&](std::int64_t begin, std::int64_t end) {
          for (std::size_t other = 1; other < count; ++other) {
            const float* const more = reinterpret_cast<const float*>(base + other * p->kernel_bytes);
            for (std::int64_t i = begin; i < end; ++i) sum[i] += more[i];
          }
        });
      } else if (c.part == 0) {
        const void* const sum = base;
        ready->reorder.front().run(&sum, c.dst, own);
      }
    };
  };
  return result;
}

}  // namespace cornu::ops::internal

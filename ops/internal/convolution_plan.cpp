// How convolutions run: each part works on a section of the batch by a primitive of its own, on the kernel in the
// layout that the primitive likes best.
#include <algorithm>
#include <cstring>
#include <map>

#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/internal/product.h"
#include "cornu/ops/onednn/reorder.h"

namespace cornu::ops::internal {
namespace {

using graph::Shape;
using onednn::MemoryDesc;
using Lengths = std::vector<std::int64_t>;

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

std::shared_ptr<const onednn::Program> ready(std::string_view op, onednn::Piece piece) {
  return std::make_shared<const onednn::Program>(op, std::move(piece));
}

/// Rows of the batch that one part works on.
struct Section {
  std::int64_t begin, rows;
};

/// What parts share: sections of the batch, a program for each length of one, and the change of the kernel's layout.
struct Parts {
  std::vector<Section> sections;
  std::map<std::int64_t, std::shared_ptr<const onednn::Program>> programs;  // by rows
  std::shared_ptr<const onednn::Program> reorder;                           // null where the kernel lies as it should
  MemoryDesc kernel;                                                        // as the first program likes it
  std::string implementation;
  std::size_t kernel_bytes = 0;  // aligned
  std::size_t scratch = 0;       // of a part

  /// `describe(kernel, rows)` gives the descriptor, which says by `which` how the kernel lies; `arguments(kernel,
  /// rows)` gives the arguments.
  template <class Describe, class Arguments>
  Parts(const Geometry& g, const graph::PlanRequest& r, dnnl_query_t which, Describe&& describe, Arguments&& arguments)
      : kernel(MemoryDesc::any(g.kernel_dims())) {
    const std::int64_t rows = g.x_shape.front(),
                       count = std::clamp<std::int64_t>(r.parts(g.flops / 2 / kProductsPerOperation), 1, rows);
    for (std::int64_t part = 0; part < count; ++part) {
      const std::int64_t begin = rows * part / count, n = rows * (part + 1) / count - begin;
      sections.push_back({begin, n});
      auto& program = programs[n];
      if (program) continue;
      onednn::PrimitiveDesc desc = describe(kernel, n);
      if (part == 0) {
        kernel = onednn::chosen(desc, which);
        implementation = onednn::implementation(desc.get());
      }
      program = ready(g.op, {std::move(desc), arguments(kernel, n)});
      scratch = std::max(scratch, program->scratch());
    }
  }

  /// Before what else it does, or behind it.
  void change_layout(std::string_view op, const MemoryDesc& from, const MemoryDesc& to) {
    reorder = ready(op, onednn::reorder(op, from, to));
    kernel_bytes = onednn::aligned(kernel.bytes());
    scratch = std::max(scratch, reorder->scratch());
    implementation += "+reorder";
  }

  struct Ready {
    explicit Ready(const Parts& p) {
      for (const Section& section : p.sections) executions.emplace_back(p.programs.at(section.rows));
      if (p.reorder) reorder.emplace_back(p.reorder);
    }
    std::vector<onednn::Execution> executions, reorder;
  };

  /// `run(parts, ready, call, the part's section)` in so many phases.
  template <class Run>
  static graph::Kernel kernel_of(std::shared_ptr<const Parts> p, const Geometry& g, int phases, std::size_t kernels,
                                 Run run) {
    graph::Kernel result;
    result.parts = static_cast<int>(p->sections.size());
    result.phases = phases;
    result.scratch = p->kernel_bytes * kernels + p->scratch * p->sections.size();
    result.flops = static_cast<double>(g.flops);
    result.implementation = p->implementation;
    result.make = [p, run]() -> graph::Launch {
      auto ready = std::make_shared<Ready>(*p);
      return
          [p, ready, run](const graph::Call& c) { run(*p, *ready, c, p->sections[static_cast<std::size_t>(c.part)]); };
    };
    return result;
  }
};

/// Where a section's rows begin.
const void* rows_at(const void* begin, std::int64_t elements) { return static_cast<const float*>(begin) + elements; }
void* rows_at(void* begin, std::int64_t elements) { return static_cast<float*>(begin) + elements; }

/// What gives an image's share of `out` from its share of input 0 and the whole kernel, input 1: the forward pass and
/// that backward to the data.
template <class Describe>
graph::Kernel plan_images(const Geometry& g, const graph::PlanRequest& r, int src,
                          MemoryDesc (Geometry::*in)(std::int64_t) const, int dst,
                          MemoryDesc (Geometry::*out)(std::int64_t) const, Describe&& describe) {
  auto p = std::make_shared<Parts>(
      g, r, dnnl_query_weights_md, describe,
      [&](const MemoryDesc& kernel, std::int64_t n) -> std::vector<onednn::Argument> {
        return {{src, (g.*in)(n), 0}, {DNNL_ARG_WEIGHTS, kernel, 1}, {dst, (g.*out)(n), 0, true}};
      });
  const MemoryDesc plain = g.plain_kernel();
  const bool reorders = !onednn::same_layout(plain, p->kernel);
  if (reorders) p->change_layout(g.op, plain, p->kernel);
  const std::int64_t in_row = r.in[0].shape.drop_front().elements(), out_row = r.out[0].shape.drop_front().elements();
  return Parts::kernel_of(
      p, g, reorders ? 2 : 1, 1,
      [in_row, out_row](const Parts& p, Parts::Ready& ready, const graph::Call& c, const Section& section) {
        char* const base = static_cast<char*>(c.scratch);
        char* const own = base + p.kernel_bytes + static_cast<std::size_t>(c.part) * p.scratch;
        if (p.reorder && c.phase == 0) {
          void* const packed = base;
          if (c.part == 0) ready.reorder.front().run(c.src + 1, &packed, own);
          return;
        }
        const void* const in[] = {rows_at(c.src[0], section.begin * in_row), p.reorder ? base : c.src[1]};
        void* const out = rows_at(c.dst[0], section.begin * out_row);
        ready.executions[static_cast<std::size_t>(c.part)].run(in, &out, own);
      });
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
  auto p = std::make_shared<Parts>(
      g, r, dnnl_query_diff_weights_md,
      [&](const MemoryDesc& kernel, std::int64_t n) { return g.backward_weights(kernel, n); },
      [&](const MemoryDesc& kernel, std::int64_t n) -> std::vector<onednn::Argument> {
        return {{DNNL_ARG_SRC, g.x(n), 0}, {DNNL_ARG_DIFF_DST, g.y(n), 1}, {DNNL_ARG_DIFF_WEIGHTS, kernel, 0, true}};
      });
  p->change_layout(g.op, p->kernel, g.plain_kernel());
  return Parts::kernel_of(
      p, g, 3, p->sections.size(),
      [x_row = x.drop_front().elements(), y_row = dy.drop_front().elements()](
          const Parts& p, Parts::Ready& ready, const graph::Call& c, const Section& section) {
        char* const base = static_cast<char*>(c.scratch);
        const auto part = static_cast<std::size_t>(c.part), count = static_cast<std::size_t>(c.parts);
        char* const own = base + p.kernel_bytes * count + part * p.scratch;
        if (c.phase == 0) {
          const void* const in[] = {rows_at(c.src[0], section.begin * x_row), rows_at(c.src[1], section.begin * y_row)};
          void* const kernel = base + part * p.kernel_bytes;
          ready.executions[part].run(in, &kernel, own);
        } else if (c.phase == 1) {
          float* const sum = reinterpret_cast<float*>(base);
          c.share(static_cast<std::int64_t>(p.kernel_bytes / sizeof(float)), [&](std::int64_t begin, std::int64_t end) {
            for (std::size_t other = 1; other < count; ++other) {
              const float* const more = reinterpret_cast<const float*>(base + other * p.kernel_bytes);
              for (std::int64_t i = begin; i < end; ++i) sum[i] += more[i];
            }
          });
        } else if (c.part == 0) {
          const void* const sum = base;
          ready.reorder.front().run(&sum, c.dst, own);
        }
      });
}

}  // namespace cornu::ops::internal

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

  MemoryDesc bias() const { return MemoryDesc(Shape{filters}); }

  onednn::PrimitiveDesc forward(const MemoryDesc& kernel, std::int64_t rows,
                                dnnl_prop_kind_t kind = dnnl_forward_inference, const MemoryDesc* bias = nullptr,
                                const std::optional<onednn::Eltwise>& activation = std::nullopt) const {
    return onednn::describe(
        op, CORNU_ONEDNN(dnnl_dilated_convolution_forward_desc_init, dnnl_convolution_forward_primitive_desc_create),
        onednn::attributes(op, activation), kind, dnnl_convolution_direct, x(rows).get(), kernel.get(),
        bias ? bias->get() : nullptr, y(rows).get(), windows.strides.data(), dilates.data(), windows.low.data(),
        windows.high.data());
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

/// Rows of the batch, images, that one part works on.
struct Section {
  std::int64_t begin, rows;
  std::int64_t chunk;  // the number of its first chunk
};

constexpr std::int64_t kTileBytes = 256 << 10;  // a part of the second cache

/// What parts share: sections of the batch, a program for each length of one, and the change of the kernel's layout.
struct Parts {
  std::vector<Section> sections;
  std::map<std::int64_t, std::shared_ptr<const onednn::Program>> programs;  // by rows
  std::shared_ptr<const onednn::Program> reorder;                           // null where the kernel lies as it should
  MemoryDesc kernel;                                                        // as the first program likes it
  std::string implementation;
  std::optional<EpilogueLoop> epilogue;
  std::int64_t chunk;            // rows that a program takes at a time, at most
  std::int64_t chunks = 0;       // of all sections
  std::size_t kernel_bytes = 0;  // aligned
  std::size_t scratch = 0;       // of a part, without its tile
  std::size_t tile_bytes = 0;    // aligned

  /// `describe(kernel, rows)` gives the descriptor, which says by `which` how the kernel lies; `arguments(kernel,
  /// rows)` gives the arguments. At most `most` rows are taken at a time.
  template <class Describe, class Arguments>
  Parts(const Geometry& g, const graph::PlanRequest& r, dnnl_query_t which, std::int64_t most, Describe&& describe,
        Arguments&& arguments)
      : kernel(MemoryDesc::any(g.kernel_dims())), chunk(most) {
    const std::int64_t rows = g.x_shape.front(),
                       count = std::clamp<std::int64_t>(r.parts(g.flops / 2 / kProductsPerOperation), 1, rows);
    for (std::int64_t part = 0; part < count; ++part) {
      const std::int64_t begin = rows * part / count, n = rows * (part + 1) / count - begin;
      sections.push_back({begin, n, chunks});
      chunks += (n + chunk - 1) / chunk;
      for (const std::int64_t length : {std::min(chunk, n), n % chunk})
        if (length > 0 && !programs[length]) make_program(g, which, length, describe, arguments);
    }
  }

  template <class Describe, class Arguments>
  void make_program(const Geometry& g, dnnl_query_t which, std::int64_t length, Describe&& describe,
                    Arguments&& arguments) {
    onednn::PrimitiveDesc desc = describe(kernel, length);
    if (implementation.empty()) {
      kernel = onednn::chosen(desc, which);
      implementation = onednn::implementation(desc.get());
    }
    programs[length] = ready(g.op, {std::move(desc), arguments(kernel, length)});
    scratch = std::max(scratch, programs[length]->scratch());
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
      for (const Section& section : p.sections) {
        auto& mine = executions.emplace_back();
        for (const std::int64_t length : {std::min(p.chunk, section.rows), section.rows % p.chunk})
          if (length > 0) mine.try_emplace(length, p.programs.at(length));
      }
      if (p.reorder) reorder.emplace_back(p.reorder);
    }
    std::vector<std::map<std::int64_t, onednn::Execution>> executions;  // by part and rows
    std::vector<onednn::Execution> reorder;
  };

  /// `run(parts, ready, call, the part's section)` in so many phases.
  template <class Run>
  static graph::Kernel kernel_of(std::shared_ptr<const Parts> p, const Geometry& g, int phases, std::size_t kernels,
                                 Run run) {
    graph::Kernel result;
    result.parts = static_cast<int>(p->sections.size());
    result.phases = phases;
    result.scratch = p->kernel_bytes * kernels + (p->scratch + p->tile_bytes) * p->sections.size();
    if (p->epilogue) result.scratch += p->epilogue->sums().bytes(p->chunks);
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
/// that backward to the data. An epilogue follows chunk by chunk.
template <class Describe>
graph::Kernel plan_images(const Geometry& g, const Contraction& op, const graph::PlanRequest& r, int src,
                          const Shape& in_shape, int dst, const Shape& out_shape, Describe&& describe) {
  const std::int64_t in_row = in_shape.drop_front().elements(), out_row = out_shape.drop_front().elements(),
                     columns = out_shape.back(), rows = out_row / columns,
                     images = kTileBytes / (out_row * static_cast<std::int64_t>(sizeof(float)));
  auto p = std::make_shared<Parts>(
      g, r, dnnl_query_weights_md, op.epilogue ? std::max<std::int64_t>(images, 1) : out_shape.front(), describe,
      [&](const MemoryDesc& kernel, std::int64_t n) {
        std::vector<onednn::Argument> arguments{{src, Geometry::data(in_shape, n), 0},
                                                {DNNL_ARG_WEIGHTS, kernel, 1},
                                                {dst, Geometry::data(out_shape, n), 0, true}};
        if (op.bias) arguments.push_back({DNNL_ARG_BIAS, g.bias(), 2});
        return arguments;
      });
  const MemoryDesc plain = g.plain_kernel();
  const bool reorders = !onednn::same_layout(plain, p->kernel);
  if (reorders) p->change_layout(g.op, plain, p->kernel);
  if (op.epilogue) {
    p->epilogue.emplace(*op.epilogue, r, op.operands(), out_shape.front() * rows, columns);
    if (p->epilogue->tiled())
      p->tile_bytes =
          onednn::aligned(static_cast<std::size_t>(std::min(p->chunk, out_shape.front()) * out_row) * sizeof(float));
  }
  const bool sums = p->epilogue && !p->epilogue->sums().empty();
  const int main = reorders ? 1 : 0;
  return Parts::kernel_of(p, g, main + (sums ? 2 : 1), 1,
                          [in_row, out_row, rows, columns, main, bias = op.bias](
                              const Parts& p, Parts::Ready& ready, const graph::Call& c, const Section& section) {
                            const auto part = static_cast<std::size_t>(c.part);
                            char* const base = static_cast<char*>(c.scratch);
                            char* const own = base + p.kernel_bytes + part * (p.scratch + p.tile_bytes);
                            char* const sums = base + p.kernel_bytes + p.sections.size() * (p.scratch + p.tile_bytes);
                            if (c.phase < main) {
                              void* const packed = base;
                              if (part == 0) ready.reorder.front().run(c.src + 1, &packed, own);
                              return;
                            }
                            if (c.phase > main) return p.epilogue->sums().add_up(c, sums, p.chunks);
                            float* const tile = p.tile_bytes > 0 ? reinterpret_cast<float*>(own + p.scratch) : nullptr;
                            std::int64_t chunk = section.chunk, first = section.begin;
                            for (const std::int64_t end = section.begin + section.rows; first < end; ++chunk) {
                              const std::int64_t n = std::min(p.chunk, end - first);
                              const void* const in[] = {rows_at(c.src[0], first * in_row), p.reorder ? base : c.src[1],
                                                        bias ? c.src[2] : nullptr};
                              void* const out = tile ? tile : rows_at(c.dst[0], first * out_row);
                              ready.executions[part].at(n).run(in, &out, own);
                              if (p.epilogue)
                                p.epilogue->run(c, sums, chunk, first * rows, (first + n) * rows, 0, columns, tile);
                              first += n;
                            }
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
  const Shape &x = r.in[0].shape, &kernel = r.in[1].shape, y = output_shape(x, kernel);
  if (y.elements() == 0) return nothing();
  const Geometry g(name(), windows, x, kernel, y);
  const MemoryDesc row = g.bias();
  const auto post_op = activation ? activation->as_post_op() : std::nullopt;
  return plan_images(g, *this, r, DNNL_ARG_SRC, x, DNNL_ARG_DST, y, [&](const MemoryDesc& packed, std::int64_t rows) {
    return g.forward(packed, rows, dnnl_forward_inference, bias ? &row : nullptr, post_op);
  });
}

graph::Kernel ConvolutionBackwardData::plan(const graph::PlanRequest& r) const {
  const Shape &dy = r.in[0].shape, &kernel = r.in[1].shape, x = input_shape(dy, kernel);
  if (x.elements() == 0) return nothing();
  const Geometry g(name(), windows, x, kernel, dy);
  return plan_images(g, *this, r, DNNL_ARG_DIFF_DST, dy, DNNL_ARG_DIFF_SRC, x,
                     [&](const MemoryDesc& packed, std::int64_t rows) { return g.backward_data(packed, rows); });
}

// Each part has a kernel of its own, of which the sum is taken in the order of the parts.
graph::Kernel ConvolutionBackwardWeights::plan(const graph::PlanRequest& r) const {
  const Shape &x = r.in[0].shape, &dy = r.in[1].shape;
  if (x.elements() == 0) return zeros(r.out[0].bytes());
  const Geometry g(name(), windows, x, r.out[0].shape, dy);
  auto p = std::make_shared<Parts>(
      g, r, dnnl_query_diff_weights_md, x.front(),
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
          ready.executions[part].begin()->second.run(in, &kernel, own);
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

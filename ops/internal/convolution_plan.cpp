// How convolutions run: each part works on a section of the batch by a primitive of its own, on the kernel in the
// layout that the primitive likes best.
#include <algorithm>
#include <cstring>
#include <map>

#include "cornu/ops/internal/convolution_geometry.h"
#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/internal/product.h"
#include "cornu/ops/onednn/reorder.h"

namespace cornu::ops::internal {
namespace {

using graph::Shape;
using onednn::MemoryDesc;

using Geometry = ConvolutionGeometry;

std::shared_ptr<const onednn::Program> ready(std::string_view op, onednn::Piece piece) {
  return std::make_shared<const onednn::Program>(op, std::move(piece));
}

/// What one part works on: images of the batch, or a slab of each.
struct ImageSection {
  std::int64_t begin, rows;               // images
  std::int64_t chunk = 0;                 // the number of its first chunk
  int slab = 0;                           // its number among those of an image
  std::int64_t x = 0, y = 0, places = 0;  // where a slab begins in its image: elements of x and y, places of y
  std::int64_t height = 0;                // places of a slab; 0: whole images
};

constexpr std::int64_t kTileBytes = 256 << 10;  // a part of the second cache

/// What parts share: sections of the batch, a program for each length of one, and the change of the kernel's layout.
struct Parts {
  using Key = std::pair<int, std::int64_t>;  // slab and rows

  std::vector<ImageSection> sections;
  std::map<Key, std::shared_ptr<const onednn::Program>> programs;
  std::shared_ptr<const onednn::Program> reorder;  // null where the kernel lies as it should
  MemoryDesc kernel;                               // as the programs like it
  std::string implementation;
  std::optional<EpilogueLoop> epilogue;
  std::int64_t chunk;            // rows that a program takes at a time, at most
  std::int64_t chunks = 0;       // of all sections
  std::size_t kernel_bytes = 0;  // aligned
  std::size_t scratch = 0;       // of a part, without its tile
  std::size_t tile_bytes = 0;    // aligned

  /// In sections of at most `most` rows at a time.
  Parts(MemoryDesc k, std::int64_t most) : kernel(std::move(k)), chunk(most) {}

  /// Images are shared among so many parts.
  void share_images(std::int64_t images, std::int64_t count) {
    for (std::int64_t part = 0; part < count; ++part) {
      const std::int64_t begin = images * part / count;
      add({.begin = begin, .rows = images * (part + 1) / count - begin});
    }
  }
  void add(ImageSection section) {
    section.chunk = chunks;
    chunks += (section.rows + chunk - 1) / chunk;
    sections.push_back(section);
  }
  std::vector<Key> keys_of(const ImageSection& section) const {
    std::vector<Key> keys;
    for (const std::int64_t rows : {std::min(chunk, section.rows), section.rows % chunk})
      if (rows > 0) keys.emplace_back(section.slab, rows);
    return keys;
  }

  /// `describe(kernel, slab, rows)` gives the descriptor, `arguments(kernel, slab, rows)` the arguments. If the
  /// kernel's layout is open, the first descriptor decides on it: it says by `which` how the kernel lies.
  template <class Describe, class Arguments>
  void make_programs(std::string_view op, dnnl_query_t which, Describe&& describe, Arguments&& arguments) {
    for (const ImageSection& section : sections)
      for (const Key& key : keys_of(section)) {
        auto& program = programs[key];
        if (program) continue;
        onednn::PrimitiveDesc desc = describe(kernel, key.first, key.second);
        if (implementation.empty()) {
          kernel = onednn::chosen(desc, which);
          implementation = onednn::implementation(desc.get());
        }
        program = ready(op, {std::move(desc), arguments(kernel, key.first, key.second)});
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
      for (const ImageSection& section : p.sections) {
        auto& mine = executions.emplace_back();
        for (const Key& key : p.keys_of(section)) mine.try_emplace(key.second, p.programs.at(key));
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
    result.flops = static_cast<double>(g.flops());
    result.implementation = p->implementation;
    result.make = [p, run]() -> graph::Launch {
      auto ready = std::make_shared<Ready>(*p);
      return
          [p, ready, run](const graph::Call& c) { run(*p, *ready, c, p->sections[static_cast<std::size_t>(c.part)]); };
    };
    return result;
  }
};

/// Where a section's rows begin; `size` is that of an element.
const void* rows_at(const void* begin, std::int64_t elements, std::int64_t size) {
  return static_cast<const char*>(begin) + elements * size;
}
void* rows_at(void* begin, std::int64_t elements, std::int64_t size) {
  return static_cast<char*>(begin) + elements * size;
}
std::int64_t bytes_of(graph::DType dtype) { return static_cast<std::int64_t>(graph::size_of(dtype)); }

std::optional<EpilogueLoop> epilogue_of(const Contraction& op, const graph::PlanRequest& r, const Shape& result) {
  if (!op.epilogue) return std::nullopt;
  return EpilogueLoop(*op.epilogue, r, op.operands(), result.elements() / result.back(), result.back());
}
/// What is computed before the epilogue, which is float32 if it is put into a tile.
graph::DType dtype_before(const std::optional<EpilogueLoop>& epilogue, const graph::PlanRequest& r) {
  return epilogue && epilogue->tiled() ? graph::float32 : r.out[0].dtype;
}

std::int64_t parts_of(const Geometry& g, const graph::PlanRequest& r) {
  return r.parts(g.flops() / 2 / kProductsPerOperation);
}

/// Slabs of the images, if there are fewer of those than parts: of each the convolution that it is. Empty if some slab
/// is none.
std::vector<Geometry> cut_into_slabs(const Geometry& g, std::int64_t parts, Parts& p) {
  const std::int64_t images = g.images(), length = g.y_shape()[1],
                     count = std::min((parts + images - 1) / images, length);
  const std::int64_t x_row = g.x_shape().drop_front(2).elements(), y_row = g.y_shape().drop_front(2).elements();
  std::vector<Geometry> slabs;
  std::vector<ImageSection> sections;
  for (std::int64_t k = 0; count > 1 && k < count; ++k) {
    const std::int64_t begin = length * k / count, end = length * (k + 1) / count;
    const auto slab = g.slab(begin, end);
    if (!slab) return {};
    slabs.push_back(g.of(*slab, end - begin));
    for (std::int64_t image = 0; image < images; ++image)
      sections.push_back({.begin = image,
                          .rows = 1,
                          .slab = static_cast<int>(k),
                          .x = slab->x_begin * x_row,
                          .y = begin * y_row,
                          .places = begin * y_row / g.y_shape().back(),
                          .height = (end - begin) * y_row / g.y_shape().back()});
  }
  for (const ImageSection& section : sections) p.add(section);
  return slabs;
}

/// What gives an image's share of `out` from its share of input 0 and the whole kernel, input 1: the forward pass and
/// that backward to the data. An epilogue follows chunk by chunk.
template <class Describe>
graph::Kernel plan_images(const Geometry& g, const ImageContraction& op, std::optional<EpilogueLoop> epilogue,
                          const graph::PlanRequest& r, bool backward, Describe&& describe) {
  const int src = backward ? DNNL_ARG_DIFF_DST : DNNL_ARG_SRC, dst = backward ? DNNL_ARG_DIFF_SRC : DNNL_ARG_DST;
  const auto in_shape = [=](const Geometry& g) { return backward ? g.y_shape() : g.x_shape(); };
  const auto out_shape = [=](const Geometry& g) { return backward ? g.x_shape() : g.y_shape(); };
  const std::int64_t in_row = in_shape(g).drop_front().elements(), out_row = out_shape(g).drop_front().elements(),
                     columns = out_shape(g).back(), rows = out_row / columns, images = g.images(),
                     fitting = kTileBytes / (out_row * static_cast<std::int64_t>(sizeof(float)));
  const MemoryDesc given = op.packed ? op.packed->layout : g.plain_kernel();
  auto p = std::make_shared<Parts>(g.any_kernel(), epilogue ? std::max<std::int64_t>(fitting, 1) : images);
  const std::int64_t parts = parts_of(g, r);
  std::vector<Geometry> slabs;
  if (!backward && images < parts) slabs = cut_into_slabs(g, parts, *p);
  if (slabs.empty()) {
    slabs.push_back(g);
    p->share_images(images, std::clamp<std::int64_t>(parts, 1, images));
  }
  p->make_programs(
      g.op(), dnnl_query_weights_md,
      [&](const MemoryDesc& kernel, int slab, std::int64_t n) {
        return describe(slabs[static_cast<std::size_t>(slab)], kernel, n);
      },
      [&](const MemoryDesc& kernel, int slab, std::int64_t n) {
        const Geometry& of = slabs[static_cast<std::size_t>(slab)];
        std::vector<onednn::Argument> arguments{{src, Geometry::data(in_shape(of), n, g.dtype()), 0},
                                                {DNNL_ARG_WEIGHTS, kernel, 1},
                                                {dst, Geometry::data(out_shape(of), n, g.result()), 0, true}};
        if (op.bias) arguments.push_back({DNNL_ARG_BIAS, g.bias(), 2});
        return arguments;
      });
  const bool reorders = !onednn::same_layout(given, p->kernel);
  if (reorders) p->change_layout(g.op(), given, p->kernel);
  p->epilogue = std::move(epilogue);
  if (p->epilogue && p->epilogue->tiled())
    p->tile_bytes = onednn::aligned(static_cast<std::size_t>(std::min(p->chunk, images) * out_row) * sizeof(float));
  const bool sums = p->epilogue && !p->epilogue->sums().empty();
  const int main = reorders ? 1 : 0;
  return Parts::kernel_of(
      p, g, main + (sums ? 2 : 1), 1,
      [in_row, out_row, rows, columns, main, in_size = bytes_of(g.dtype()), out_size = bytes_of(g.result()),
       bias = op.bias](const Parts& p, Parts::Ready& ready, const graph::Call& c, const ImageSection& section) {
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
          const void* const in[] = {rows_at(c.src[0], first * in_row + section.x, in_size), p.reorder ? base : c.src[1],
                                    bias ? c.src[2] : nullptr};
          void* const out = tile ? tile : rows_at(c.dst[0], first * out_row + section.y, out_size);
          ready.executions[part].at(n).run(in, &out, own);
          const std::int64_t top = first * rows + section.places, made = section.height > 0 ? section.height : n * rows;
          if (p.epilogue) p.epilogue->run(c, sums, chunk, top, top + made, 0, columns, tile);
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
  const Shape &x = r.in[0].shape, &kernel = kernel_shape(r.in), y = output_shape(x, kernel);
  if (y.elements() == 0) return nothing();
  auto loop = epilogue_of(*this, r, y);
  const Geometry g(name(), windows, x, kernel, y, r.in[0].dtype, dtype_before(loop, r));
  const MemoryDesc row = g.bias();
  const auto post_op = activation ? activation->as_post_op() : std::nullopt;
  return plan_images(g, *this, std::move(loop), r, false,
                     [&](const Geometry& slab, const MemoryDesc& laid, std::int64_t rows) {
                       return slab.forward(laid, rows, dnnl_forward_inference, bias ? &row : nullptr, post_op);
                     });
}

graph::Kernel ConvolutionBackwardData::plan(const graph::PlanRequest& r) const {
  const Shape &dy = r.in[0].shape, &kernel = kernel_shape(r.in), x = input_shape(dy, kernel);
  if (x.elements() == 0) return nothing();
  auto loop = epilogue_of(*this, r, x);
  const Geometry g(name(), windows, x, kernel, dy, r.in[0].dtype, dtype_before(loop, r));
  return plan_images(
      g, *this, std::move(loop), r, true,
      [](const Geometry& g, const MemoryDesc& laid, std::int64_t rows) { return g.backward_data(laid, rows); });
}

// Each part has a kernel of its own, of which the sum is taken in the order of the parts.
graph::Kernel ConvolutionBackwardWeights::plan(const graph::PlanRequest& r) const {
  const Shape &x = r.in[0].shape, &dy = r.in[1].shape;
  if (x.elements() == 0) return zeros(r.out[0].bytes());
  const Geometry g(name(), windows, x, r.out[0].shape, dy, r.in[0].dtype, graph::float32);
  auto p = std::make_shared<Parts>(g.any_kernel_gradient(), x.front());
  p->share_images(x.front(), std::clamp<std::int64_t>(parts_of(g, r), 1, x.front()));
  p->make_programs(
      name(), dnnl_query_diff_weights_md,
      [&](const MemoryDesc& kernel, int, std::int64_t n) { return g.backward_weights(kernel, n); },
      [&, x_shape = g.x_shape(), y_shape = g.y_shape()](const MemoryDesc& kernel, int,
                                                        std::int64_t n) -> std::vector<onednn::Argument> {
        return {{DNNL_ARG_SRC, Geometry::data(x_shape, n, g.dtype()), 0},
                {DNNL_ARG_DIFF_DST, Geometry::data(y_shape, n, g.dtype()), 1},
                {DNNL_ARG_DIFF_WEIGHTS, kernel, 0, true}};
      });
  p->change_layout(name(), p->kernel, g.plain_kernel());
  return Parts::kernel_of(
      p, g, 3, p->sections.size(),
      [x_row = x.drop_front().elements(), y_row = dy.drop_front().elements(), size = bytes_of(g.dtype())](
          const Parts& p, Parts::Ready& ready, const graph::Call& c, const ImageSection& section) {
        char* const base = static_cast<char*>(c.scratch);
        const auto part = static_cast<std::size_t>(c.part), count = static_cast<std::size_t>(c.parts);
        char* const own = base + p.kernel_bytes * count + part * p.scratch;
        if (c.phase == 0) {
          const void* const in[] = {rows_at(c.src[0], section.begin * x_row, size),
                                    rows_at(c.src[1], section.begin * y_row, size)};
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

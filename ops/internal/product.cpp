#include "cornu/ops/internal/product.h"

#include <algorithm>
#include <array>
#include <map>

#include "cornu/ops/internal/epilogue.h"
#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/internal/shared_cache.h"
#include "cornu/ops/internal/small_product.h"
#include "cornu/ops/onednn/kernel.h"

namespace cornu::ops::internal {
namespace {

using graph::DType;

constexpr std::int64_t kSmall = 4096;           // multiplications up to which a plain loop beats a primitive's call
constexpr std::int64_t kLeastColumns = 64;      // of a section
constexpr std::int64_t kManyRows = 64;          // of a section
constexpr std::int64_t kTileBytes = 256 << 10;  // a part of the second cache

// Where oneDNN packs float32 operands, it reads k rows at the same columns again and again. Rows whose distance is a
// multiple of 2 KB meet in the same few places of the first cache, and the product takes 1.4 to 2 times as long: then
// it reads a copy with longer rows, if the other operand has so many rows or columns that this pays.
constexpr std::int64_t kConflict = 2048;     // bytes from row to row
constexpr std::int64_t kPadding = 16;        // elements
constexpr std::int64_t kWorthCopying = 128;  // uses of a copied element

struct Section {
  std::int64_t top, bottom, left, right;
  std::int64_t chunk = 0;  // the number of its first chunk of rows; sections of other columns have the same ones
};

/// Columns where that spares every thread but one from packing the same b, which counts while rows are few (by a
/// quarter for 32 rows times a transposed b); else rows, for which oneDNN has its better kernel (in bfloat16 by 10 %),
/// and where b is packed already.
std::vector<Section> cut(const Matmul& op, const ProductSize& e, int parts) {
  const bool many_rows = e.m >= parts * kManyRows;
  const bool by_columns =
      !op.packed && ((!op.transpose_a && e.n >= parts * kLeastColumns && !many_rows) || e.m < parts);
  const std::int64_t whole = by_columns ? e.n : e.m,
                     unit = by_columns ? (e.n >= parts * kLeastColumns ? kLeastColumns : 1) : 1;
  const std::int64_t units = (whole + unit - 1) / unit, count = std::min<std::int64_t>(parts, units);
  std::vector<Section> sections;
  for (std::int64_t part = 0; part < count; ++part) {
    const std::int64_t begin = units * part / count * unit, end = std::min(whole, units * (part + 1) / count * unit);
    sections.push_back(by_columns ? Section{0, e.m, begin, end} : Section{begin, end, 0, e.n});
  }
  return sections;
}

/// How an operand lies in memory where the product reads it: the operand itself, or its copy in scratch memory.
struct Operand {
  std::int64_t rows = 0, columns = 0;  // as stored
  std::int64_t leading = 0;            // elements from row to row
  bool copied = false;
  std::size_t scratch = 0;  // where the copy begins

  /// Decides on a copy behind `used` bytes of scratch memory, which grows.
  void copy_if_better(std::int64_t uses, std::size_t& used) {
    const auto bytes = static_cast<std::int64_t>(sizeof(float));
    copied = rows > 1 && columns * bytes % kConflict == 0 && uses >= kWorthCopying && packs_operands();
    if (!copied) return;
    leading = columns + kPadding;
    scratch = used;
    used += onednn::aligned(static_cast<std::size_t>(rows * leading) * sizeof(float));
  }
  const void* begin(const graph::Call& c, int input) const {
    return copied ? static_cast<const char*>(c.scratch) + scratch : c.src[input];
  }
  /// The part's share of the copy.
  void copy(const graph::Call& c, int input) const {
    if (!copied) return;
    auto* to = reinterpret_cast<float*>(static_cast<char*>(c.scratch) + scratch);
    c.share(rows, [&](std::int64_t first, std::int64_t end) {
      for (std::int64_t row = first; row < end; ++row)
        std::copy_n(c.in<float>(input) + row * columns, columns, to + row * leading);
    });
  }
};

/// All that parts share.
struct Plan {
  ProductSize size;
  bool transpose_a, transpose_b, bias;
  Operand a, b;
  std::size_t source_bytes, product_bytes;  // of an element
  std::vector<Section> sections;
  std::int64_t chunk = 0;  // rows at a time
  bool native = false, few_rows = false, tiled = false;
  std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const onednn::Program>>
      programs;  // by rows and columns
  std::optional<EpilogueLoop> epilogue;
  std::int64_t chunks = 0;                  // of all sections
  std::size_t tile_bytes = 0, scratch = 0;  // of a part
  std::size_t copies = 0;                   // bytes of the operands' copies, before the parts' memory
  std::size_t sums = 0;                     // where the epilogue's sums begin, behind it

  bool copied() const { return a.copied || b.copied; }
  /// Where the operands of the section that begins there lie.
  void point(const graph::Call& c, std::int64_t top, std::int64_t left, const void** src) const {
    const auto at = [&](const void* begin, std::int64_t elements) {
      return static_cast<const char*>(begin) + elements * static_cast<std::int64_t>(source_bytes);
    };
    src[0] = at(a.begin(c, 0), transpose_a ? top : top * a.leading);
    src[1] = at(b.begin(c, 1), transpose_b ? left * b.leading : left);
    src[2] = bias ? at(c.src[2], left) : nullptr;
  }
};

/// One part's state.
class Part {
 public:
  Part(std::shared_ptr<const Plan> plan, const Section& section) : plan_(std::move(plan)), section_(section) {
    if (plan_->native) return;
    for (std::int64_t top = section.top; top < section.bottom; top += plan_->chunk) {
      const std::int64_t rows = std::min(plan_->chunk, section.bottom - top);
      if (!executions_.contains(rows))
        executions_.emplace(rows, onednn::Execution(plan_->programs.at({rows, section.right - section.left})));
    }
  }

  void run(const graph::Call& c) {
    const Plan& p = *plan_;
    if (p.copied() && c.phase == 0) {
      p.a.copy(c, 0);
      p.b.copy(c, 1);
      return;
    }
    void* const sums = static_cast<char*>(c.scratch) + p.sums;
    if (c.phase == (p.copied() ? 2 : 1)) return p.epilogue->sums().add_up(c, sums, p.chunks);
    char* scratch = static_cast<char*>(c.scratch) + p.copies + static_cast<std::size_t>(c.part) * p.scratch;
    float* tile = p.tiled ? reinterpret_cast<float*>(scratch) : nullptr;
    const std::int64_t left = section_.left, right = section_.right;
    std::int64_t chunk = section_.chunk;
    for (std::int64_t top = section_.top; top < section_.bottom; top += p.chunk, ++chunk) {
      const std::int64_t rows = std::min(p.chunk, section_.bottom - top);
      const void* src[3];
      p.point(c, top, left, src);
      void* y =
          p.tiled ? static_cast<void*>(tile)
                  : static_cast<char*>(c.dst[0]) + (top * p.size.n + left) * static_cast<std::int64_t>(p.product_bytes);
      if (p.native)
        multiply(src, rows, right - left, static_cast<float*>(y));
      else
        executions_.at(rows).run(src, &y, scratch + p.tile_bytes);
      if (p.epilogue) p.epilogue->run(c, sums, chunk, top, top + rows, left, right, tile);
    }
  }

 private:
  void multiply(const void* const* src, std::int64_t rows, std::int64_t columns, float* y) const {
    const Plan& p = *plan_;
    const auto [m, k, n] = p.size;
    const SmallProduct strides{p.transpose_a ? 1 : k, p.transpose_a ? m : 1, p.transpose_b ? 1 : n,
                               p.transpose_b ? k : 1, p.tiled ? columns : n};
    const auto* a = static_cast<const float*>(src[0]);
    const auto* b = static_cast<const float*>(src[1]);
    const auto* bias = static_cast<const float*>(src[2]);
    (p.few_rows ? multiply_few_rows : multiply_small)(strides, rows, k, columns, a, b, bias, y);
  }

  std::shared_ptr<const Plan> plan_;
  Section section_;
  std::map<std::int64_t, onednn::Execution> executions_;
};

std::shared_ptr<const onednn::Program> make_program(const Matmul& op, const Plan& p, std::int64_t rows,
                                                    std::int64_t columns, DType dtype, DType product) {
  const auto [m, k, n] = p.size;
  const auto strides = [](bool transposed, std::int64_t leading) {
    return transposed ? std::vector<std::int64_t>{1, leading} : std::vector<std::int64_t>{leading, 1};
  };
  const onednn::MemoryDesc src(graph::Shape{rows, k}, strides(op.transpose_a, p.a.leading), dtype),
      weights = op.packed ? op.packed->layout
                          : onednn::MemoryDesc(graph::Shape{k, columns}, strides(op.transpose_b, p.b.leading), dtype),
      dst(graph::Shape{rows, columns}, {p.tiled ? columns : n, 1}, product), row(graph::Shape{1, columns}, dtype);
  std::vector<onednn::Argument> arguments{
      {DNNL_ARG_SRC, src, 0}, {DNNL_ARG_WEIGHTS, weights, 1}, {DNNL_ARG_DST, dst, 0, true}};
  if (op.bias) arguments.push_back({DNNL_ARG_BIAS, row, 2});
  const auto post_op = op.activation ? op.activation->as_post_op() : std::nullopt;
  return std::make_shared<const onednn::Program>(
      op.name(), onednn::Piece{describe_matmul(op.name(), src, weights, op.bias ? &row : nullptr, dst, post_op),
                               std::move(arguments)});
}

std::shared_ptr<const onednn::Program> program(const Matmul& op, const Plan& p, std::int64_t rows, std::int64_t columns,
                                               DType dtype, DType product) {
  if (op.packed) return make_program(op, p, rows, columns, dtype, product);  // layouts are no part of a key
  static SharedCache<onednn::Program> programs;
  const auto [m, k, n] = p.size;
  KeyBytes key;
  key.put(rows, columns, m, k, n, dtype, product, op.transpose_a, op.transpose_b, op.bias, p.tiled, p.a.leading,
          p.b.leading);
  return programs.find(op.activation ? key.bytes() + graph::to_string(*op.activation) : key.bytes(),
                       [&] { return make_program(op, p, rows, columns, dtype, product); });
}

}  // namespace

bool gains_by_packing(const Matmul& op, ProductSize e) {
  return !op.packed && !op.transpose_a && e.m > kFewRows && e.m * e.k * e.n > 16 * kSmall;
}

graph::Kernel plan_product(const Matmul& op, ProductSize e, const graph::PlanRequest& r) {
  const std::int64_t products = e.m * e.k * e.n;
  const DType dtype = r.in[0].dtype;
  auto p = std::make_shared<Plan>();
  p->size = e;
  p->transpose_a = op.transpose_a && e.m != 1 && e.k != 1;  // a vector's bytes lie the same either way
  p->transpose_b = op.transpose_b && e.k != 1 && e.n != 1;
  p->bias = op.bias;
  p->source_bytes = graph::size_of(dtype);
  if (op.epilogue) {
    p->epilogue.emplace(*op.epilogue, r, op.operands(), e.m, e.n);
    p->tiled = p->epilogue->tiled();
  }
  const DType product = p->tiled ? graph::float32 : r.out[0].dtype;
  p->product_bytes = graph::size_of(product);
  Matmul laid = op;
  laid.transpose_a = p->transpose_a;
  laid.transpose_b = p->transpose_b;
  p->sections = cut(laid, e, r.parts(products / kProductsPerOperation));
  p->a = p->transpose_a ? Operand{e.k, e.m, e.m} : Operand{e.m, e.k, e.k};
  p->b = p->transpose_b ? Operand{e.n, e.k, e.k} : Operand{e.k, e.n, e.n};
  p->few_rows = e.m <= kFewRows && !p->transpose_b;
  p->native = dtype == graph::float32 && product == graph::float32 && !op.activation && !op.packed &&
              (products <= kSmall || p->few_rows);

  if (!p->native && dtype == graph::float32) {  // an operand whose rows run along k is packed row by row
    if (p->transpose_a) p->a.copy_if_better(e.n, p->copies);
    if (!p->transpose_b && !op.packed) p->b.copy_if_better(e.m, p->copies);
  }

  std::int64_t rows = 0, columns = 0;  // of the largest section
  for (const Section& s : p->sections)
    rows = std::max(rows, s.bottom - s.top), columns = std::max(columns, s.right - s.left);
  p->chunk = rows;
  if (p->epilogue && !p->native) {
    constexpr std::int64_t kUnit = 8;
    const std::int64_t fitting =
        std::max<std::int64_t>(kTileBytes / (columns * static_cast<std::int64_t>(sizeof(float))), kUnit);
    const std::int64_t chunks = (rows + fitting - 1) / fitting;
    p->chunk = ((rows + chunks - 1) / chunks + kUnit - 1) / kUnit * kUnit;
  }
  for (Section& s : p->sections) {
    const std::int64_t chunks = (s.bottom - s.top + p->chunk - 1) / p->chunk;
    s.chunk = s.left > 0 ? 0 : p->chunks;
    p->chunks = s.left > 0 ? p->chunks : p->chunks + chunks;
  }
  std::size_t scratch = 0;
  if (!p->native)
    for (const Section& s : p->sections)
      for (std::int64_t top = s.top; top < s.bottom; top += p->chunk) {
        const std::pair key{std::min(p->chunk, s.bottom - top), s.right - s.left};
        auto& made = p->programs[key];
        if (!made) made = program(laid, *p, key.first, key.second, dtype, product);
        scratch = std::max(scratch, made->scratch());
      }
  if (p->tiled)
    p->tile_bytes = onednn::aligned(static_cast<std::size_t>(std::min(p->chunk, rows) * columns) * sizeof(float));
  p->scratch = p->tile_bytes + scratch;

  graph::Kernel kernel;
  kernel.parts = static_cast<int>(p->sections.size());
  const bool sums = p->epilogue && !p->epilogue->sums().empty();
  kernel.phases = 1 + (p->copied() ? 1 : 0) + (sums ? 1 : 0);
  p->sums = p->copies + p->scratch * p->sections.size();
  kernel.scratch = p->sums + (p->epilogue ? p->epilogue->sums().bytes(p->chunks) : 0);
  kernel.flops = 2. * static_cast<double>(products);
  kernel.implementation = p->native ? (p->few_rows ? "native:rows" : "native")
                                    : onednn::implementation(p->programs.begin()->second->piece().desc.get());
  if (p->copied()) kernel.implementation += "+copy";
  kernel.make = [plan = std::shared_ptr<const Plan>(p)]() -> graph::Launch {
    auto parts = std::make_shared<std::vector<Part>>();
    for (const Section& section : plan->sections) parts->emplace_back(plan, section);
    return [parts](const graph::Call& c) { (*parts)[static_cast<std::size_t>(c.part)].run(c); };
  };
  return kernel;
}

}  // namespace cornu::ops::internal

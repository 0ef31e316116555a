#include "cornu/ops/internal/fused_op.h"

#include <algorithm>
#include <array>

#include "cornu/ops/internal/grid.h"
#include "cornu/ops/internal/row_sums.h"

namespace cornu::ops::internal {
namespace {

/// Rows of `columns` numbers whose sum is taken for itself, before those of other blocks are added: of one size, so
/// that the bits do not depend on the number of threads, and small, so that long sums lose few digits.
std::int64_t rows_of_block(std::int64_t columns) { return std::max<std::int64_t>(8192 / columns, 64); }

}  // namespace

void Fused::fields(graph::FieldVisitor& f) const {
  f("code", to_string(expression));
  for (const double factor : factors) f("factor", factor);
  if (columns != 0) f("columns", columns);
  const auto show = [&](std::string_view name, std::size_t k, const Section& s) {
    f(name, graph::message(k, ": ", s.offset, " of ", s.stride));
  };
  for (std::size_t k = 0; k < read.size(); ++k)
    if (read[k].rows != 0) show("section", k, read[k]);
  for (const Joined& join : joined)
    for (const Section& section : join.sections) show("joined", join.result, section);
}

graph::Kernel Fused::plan(const graph::PlanRequest& r) const {
  std::vector<graph::Shape> shapes;
  for (std::size_t k = 0; k < r.in.size(); ++k)
    shapes.push_back(k < read.size() && read[k].rows != 0 ? shape : r.in[k].shape);
  std::optional<std::pair<std::int64_t, std::int64_t>> given;
  if (columns != 0) given = std::pair{shape.elements() / columns, columns};
  auto grid = grid_of(shape, shapes, given);
  graph::require<graph::ShapeError>(grid.has_value(),
                                    "fused: the inputs do not fit one grid");  // the pass looked before
  if (!read.empty() || !joined.empty()) return plan_sections(r, *std::move(grid));
  const auto loop =
      std::make_shared<const GridLoop>(expression, *std::move(grid), r.in, r.out, static_cast<int>(factors.size()));
  const std::int64_t rows = loop->grid().rows, columns = loop->grid().columns;
  const int parts = r.parts(rows * columns * static_cast<std::int64_t>(expression.steps.size()));
  if (!factors.empty()) return plan_sums(loop, parts);
  graph::Kernel kernel = graph::Kernel::native(parts, [loop, rows, columns](const graph::Call& c) {
    if (rows >= c.parts)
      c.share(rows, [&](std::int64_t top, std::int64_t bottom) { loop->run(c.src, c.dst, top, bottom, 0, columns); });
    else
      c.share(columns, [&](std::int64_t left, std::int64_t right) { loop->run(c.src, c.dst, 0, rows, left, right); });
  });
  kernel.implementation = loop->implementation();
  return kernel;
}

graph::Kernel Fused::plan_sections(const graph::PlanRequest& r, Grid grid) const {
  std::vector<graph::DType> in, out;
  std::vector<GridLoop::Place> from, to;
  std::vector<std::size_t> results;  // by output of the loop
  for (std::size_t k = 0; k < r.in.size(); ++k) {
    in.push_back(r.in[k].dtype);
    from.push_back(k < read.size() ? GridLoop::Place{read[k].stride, read[k].offset} : GridLoop::Place());
  }
  for (std::size_t k = 0; k + joined.size() < r.out.size(); ++k) {
    results.push_back(k);
    to.emplace_back();
  }
  for (const Joined& join : joined)
    for (const Section& section : join.sections) {
      results.push_back(join.result);
      to.push_back({section.stride, section.offset});
    }
  for (const std::size_t result : results) out.push_back(r.out[result].dtype);
  const auto loop = std::make_shared<const GridLoop>(expression, std::move(grid), in, out, 0, from, to);
  const std::int64_t rows = loop->grid().rows;
  const int parts = r.parts(rows * columns * static_cast<std::int64_t>(expression.steps.size()));
  graph::Kernel kernel = graph::Kernel::native(parts, [loop, rows, results, columns = columns](const graph::Call& c) {
    std::array<void*, kLoopOperands> where;
    for (std::size_t k = 0; k < results.size(); ++k) where[k] = c.dst[results[k]];
    if (rows >= c.parts)
      c.share(rows,
              [&](std::int64_t top, std::int64_t bottom) { loop->run(c.src, where.data(), top, bottom, 0, columns); });
    else
      c.share(columns,
              [&](std::int64_t left, std::int64_t right) { loop->run(c.src, where.data(), 0, rows, left, right); });
  });
  kernel.implementation = loop->implementation();
  return kernel;
}

graph::Kernel Fused::plan_sums(const std::shared_ptr<const GridLoop>& loop, int parts) const {
  const std::int64_t rows = loop->grid().rows, block = rows_of_block(columns), blocks = (rows + block - 1) / block;
  const RowSums sums(factors, columns, results.size() - factors.size());
  graph::Kernel kernel = graph::Kernel::native(parts, [=, columns = columns](const graph::Call& c) {
    if (c.phase == 1) return sums.add_up(c, c.scratch, blocks);
    const auto add_block = [&](std::int64_t b, std::int64_t left, std::int64_t right) {
      std::array<void*, kLoopOperands> to;
      sums.begin(c, c.scratch, b, left, right, to.data());
      loop->run(c.src, to.data(), b * block, std::min(rows, (b + 1) * block), left, right);
    };
    if (blocks >= c.parts || columns < GridLoop::kTogether)  // cut, short rows would be added in another order
      c.share(blocks, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t b = begin; b < end; ++b) add_block(b, 0, columns);
      });
    else
      c.share(columns, [&](std::int64_t left, std::int64_t right) {
        for (std::int64_t b = 0; b < blocks; ++b) add_block(b, left, right);
      });
  });
  kernel.phases = 2;
  kernel.scratch = sums.bytes(blocks);
  kernel.implementation = loop->implementation();
  return kernel;
}

}  // namespace cornu::ops::internal

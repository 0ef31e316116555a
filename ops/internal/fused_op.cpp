#include "cornu/ops/internal/fused_op.h"

#include "cornu/ops/internal/grid.h"

namespace cornu::ops::internal {

void Fused::fields(graph::FieldVisitor& f) const { f("code", to_string(expression)); }

graph::Kernel Fused::plan(const graph::PlanRequest& r) const {
  std::vector<graph::Shape> shapes;
  for (const graph::Spec& spec : r.in) shapes.push_back(spec.shape);
  auto grid = grid_of(r.out[0].shape, shapes);
  graph::require<graph::ShapeError>(grid.has_value(),
                                    "fused: the inputs do not fit one grid");  // the pass looked before
  const auto loop = std::make_shared<const GridLoop>(expression, *std::move(grid), r.in, r.out);
  const std::int64_t rows = loop->grid().rows, columns = loop->grid().columns;
  const int parts = r.parts(rows * columns * static_cast<std::int64_t>(expression.steps.size()));
  graph::Kernel kernel = graph::Kernel::native(parts, [loop, rows, columns](const graph::Call& c) {
    if (rows >= c.parts)
      c.share(rows, [&](std::int64_t top, std::int64_t bottom) { loop->run(c.src, c.dst, top, bottom, 0, columns); });
    else
      c.share(columns, [&](std::int64_t left, std::int64_t right) { loop->run(c.src, c.dst, 0, rows, left, right); });
  });
  kernel.implementation = loop->implementation();
  return kernel;
}

}  // namespace cornu::ops::internal

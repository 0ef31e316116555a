#include "cornu/ops/internal/epilogue.h"

#include <array>

#include "cornu/graph/check.h"

namespace cornu::ops::internal {

void TakesEpilogue::epilogue_fields(graph::FieldVisitor& f) const {
  if (!epilogue) return;
  f("epilogue", to_string(epilogue->expression));
  for (const double factor : epilogue->factors) f("factor", factor);
}

EpilogueLoop::EpilogueLoop(const Epilogue& e, const graph::PlanRequest& r, int operands, std::int64_t rows,
                           std::int64_t columns)
    : operands_(operands), sums_(e.factors, columns, e.results.size() - e.factors.size()) {
  const graph::Shape shape{rows, columns};
  const bool has_place = e.results.size() > e.factors.size();
  graph::Specs in{{has_place ? r.out[0].dtype : graph::float32, shape}};
  std::vector<graph::Shape> shapes{shape};
  // Ops write float32, or what they read where that is bfloat16.
  const graph::DType dtype = r.out[0].dtype;
  tiled_ = !has_place || !(dtype == graph::float32 || (dtype == graph::bfloat16 && r.in[0].dtype == dtype));
  for (std::size_t i = static_cast<std::size_t>(operands); i < r.in.size(); ++i) {
    in.push_back(r.in[i]);
    shapes.push_back(r.in[i].shape);
    tiled_ = tiled_ || r.in[i].shape.elements() == rows * columns;
  }
  if (tiled_) in[0].dtype = graph::float32;
  auto grid = grid_of(has_place ? r.out[0].shape : shape, shapes, std::pair{rows, columns});
  graph::require<graph::ShapeError>(grid.has_value(),
                                    "an epilogue's inputs do not fit its product");  // the pass looked before
  loop_.emplace(e.expression, *std::move(grid), in, r.out, sums_.count());
}

void EpilogueLoop::run(const graph::Call& c, void* sums, std::int64_t chunk, std::int64_t top, std::int64_t bottom,
                       std::int64_t left, std::int64_t right, const float* tile) const {
  std::array<const void*, kLoopOperands> in;
  std::array<void*, kLoopOperands> out;
  in[0] = c.dst[0];  // where the product is, unless it is in the tile
  for (std::size_t i = 1; i < loop_->grid().inputs.size(); ++i) in[i] = c.src[operands_ + static_cast<int>(i) - 1];
  sums_.begin(c, sums, chunk, left, right, out.data());
  loop_->run(in.data(), out.data(), top, bottom, left, right, tile);
}

}  // namespace cornu::ops::internal

#include "cornu/ops/internal/matmul_weights.h"

#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/onednn/reorder.h"

namespace cornu::ops::internal {

onednn::MemoryDesc MatmulWeights::plain() const {
  const std::vector<std::int64_t> strides =
      transposed ? std::vector<std::int64_t>{1, size.k} : std::vector<std::int64_t>{size.n, 1};
  return {graph::Shape{size.k, size.n}, strides};
}

bool MatmulWeights::choose_layout() {
  const onednn::MemoryDesc src(graph::Shape{size.m, size.k}), dst(graph::Shape{size.m, size.n}),
      any = onednn::MemoryDesc::any(graph::Shape{size.k, size.n});
  const auto chosen = describe_matmul(name(), src, any, nullptr, dst);
  layout = onednn::chosen(chosen, dnnl_query_weights_md);
  return onednn::implementation(chosen.get()).starts_with("brg") && !onednn::same_layout(layout, plain());
}

void MatmulWeights::fields(graph::FieldVisitor& f) const {
  f("size", graph::Shape{size.m, size.k, size.n});
  f("transposed", transposed);
}

graph::Kernel MatmulWeights::plan(const graph::PlanRequest&) const {
  std::vector<onednn::Piece> pieces;
  pieces.push_back(onednn::reorder(name(), plain(), layout));
  return onednn::kernel(name(), std::move(pieces));
}

}  // namespace cornu::ops::internal

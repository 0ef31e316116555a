#include "cornu/ops/internal/batched_product.h"

#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/onednn/kernel.h"

namespace cornu::ops::internal {
namespace {

using graph::Shape;
using onednn::MemoryDesc;

constexpr std::int64_t kManyRows = 64;  // of a part

/// What a part computes: sections of the first leading axis, and of rows.
struct MatrixSection {
  std::int64_t first, past, top, bottom;
};

/// Matrices behind leading axes, stored transposed or not.
struct Matrices {
  Shape batch;
  std::int64_t rows, columns;
  bool transposed;

  bool shared() const { return batch.front() == 1; }  // along the axis that is cut
  /// Where a section begins; `top` is 0 for what is not cut along rows.
  std::int64_t offset(const MatrixSection& s, std::int64_t top) const {
    const std::int64_t first = shared() ? 0 : s.first * (batch.elements() / batch.front()) * rows * columns;
    return first + top * (transposed ? 1 : columns);
  }
  /// `height` rows of it.
  MemoryDesc desc(const MatrixSection& s, std::int64_t height, graph::DType dtype) const {
    const Shape dims = (shared() ? batch : batch.with(0, s.past - s.first)).append(height).append(columns);
    std::vector<std::int64_t> strides(dims.size());
    std::int64_t stride = rows * columns;
    for (int i = batch.rank() - 1; i >= 0; --i) {
      strides[static_cast<std::size_t>(i)] = stride;
      stride *= batch[i];
    }
    const bool swap = transposed && rows != 1 && columns != 1;  // a vector's bytes lie the same either way
    strides[dims.size() - 2] = swap ? 1 : columns;
    strides[dims.size() - 1] = swap ? rows : 1;
    return MemoryDesc(dims, strides, dtype);
  }
};

}  // namespace

graph::Kernel plan_batched_product(const Matmul& op, const BatchedProduct& product, const graph::PlanRequest& r) {
  const auto [m, k, n] = product.size;
  const Matrices a{product.batch_a, m, k, op.transpose_a}, b{product.batch_b, k, n, op.transpose_b},
      y{product.batch, m, n, false};
  const std::int64_t products = product.batch.elements() * m * k * n, length = product.batch.front();
  const int parts = r.parts(products / kProductsPerOperation);
  // Few products that do not come out even are cut along rows.
  const bool by_rows = length % parts != 0 && length < 4 * parts && m >= parts * kManyRows;
  const graph::DType dtype = r.in[0].dtype;
  const auto post_op = op.activation ? op.activation->as_post_op() : std::nullopt;
  Shape row = y.batch.append(1).append(n);
  for (int i = 0; i < y.batch.rank(); ++i) row[i] = 1;
  const MemoryDesc bias(row, dtype);

  graph::Kernel kernel =
      onednn::kernel(op.name(), parts, by_rows ? m : length, [&](std::int64_t begin, std::int64_t end) {
        const MatrixSection s = by_rows ? MatrixSection{0, length, begin, end} : MatrixSection{begin, end, 0, m};
        const std::int64_t height = s.bottom - s.top;
        const MemoryDesc src = a.desc(s, height, dtype), weights = b.desc(s, k, dtype), dst = y.desc(s, height, dtype);
        std::vector<onednn::Argument> arguments{{DNNL_ARG_SRC, src, 0, false, a.offset(s, s.top)},
                                                {DNNL_ARG_WEIGHTS, weights, 1, false, b.offset(s, 0)},
                                                {DNNL_ARG_DST, dst, 0, true, y.offset(s, s.top)}};
        if (op.bias) arguments.push_back({DNNL_ARG_BIAS, bias, 2});
        return onednn::Piece{describe_matmul(op.name(), src, weights, op.bias ? &bias : nullptr, dst, post_op),
                             std::move(arguments)};
      });
  kernel.flops = 2. * static_cast<double>(products);
  return kernel;
}

}  // namespace cornu::ops::internal

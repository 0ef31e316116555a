#include "cornu/keras/regularizers/orthogonal.h"

#include <utility>

#include "cornu/graph/leaf.h"
#include "cornu/keras/regularizers/internal/factor.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::regularizers {

using graph::require;

void OrthogonalRegularizerConfig::check() const {
  internal::require_factor("OrthogonalRegularizer", "factor", factor);
  require<ValueError>(mode == "rows" || mode == "columns",
                      "regularizer OrthogonalRegularizer: expected mode 'rows' or 'columns', got '", mode, "'");
}

Tensor OrthogonalRegularizerConfig::operator()(const Tensor& x) const {
  require<ShapeError>(x.ndim() == 2, "regularizer OrthogonalRegularizer: expected a matrix, got shape ", x.shape());
  const bool rows = mode == "rows";
  constexpr double kEpsilon = 1e-7;
  const Tensor norms = ops::maximum(ops::sqrt(ops::sum(ops::square(x), rows ? 1 : 0, ops::keepdims)),
                                    graph::constant(kEpsilon, x.dtype()));
  const Tensor unit = x / norms;
  const Tensor products = ops::matmul(unit, unit, {.transpose_a = !rows, .transpose_b = rows});
  const std::int64_t size = products.shape()[0];
  const Tensor others = products * Tensor(1 - graph::eye(size));
  const double pairs = static_cast<double>(size) * static_cast<double>(size - 1) / 2;
  return factor * 0.5 / pairs * ops::sum(ops::abs(others));
}

void OrthogonalRegularizerConfig::fields(ConfigVisitor& v) {
  v("factor", factor);
  v("mode", mode);
}

namespace {

const bool orthogonal_registered =
    registry().add<OrthogonalRegularizer>("OrthogonalRegularizer", {"orthogonal_regularizer"});

}  // namespace
}  // namespace cornu::keras::regularizers

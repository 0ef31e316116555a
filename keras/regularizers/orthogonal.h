#pragma once

#include <string>

#include "cornu/keras/regularizers/regularizer.h"

namespace cornu::keras::regularizers {

struct OrthogonalRegularizerConfig {
  double factor = 0.01;
  std::string mode = "rows";  ///< or "columns"
  using positional = Positions<&OrthogonalRegularizerConfig::factor, &OrthogonalRegularizerConfig::mode>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& x) const;
};

/// `factor` times the mean absolute product of any two rows (or columns) of a matrix, each first divided by its length:
/// 0 if all are orthogonal. Throws ValueError for another mode or a negative factor, ShapeError for another rank
/// than 2.
using OrthogonalRegularizer = Regularizer::Of<OrthogonalRegularizerConfig>;

}  // namespace cornu::keras::regularizers

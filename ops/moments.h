#pragma once

#include "cornu/ops/reduction.h"

namespace cornu::ops {

struct Moments {
  Tensor mean, variance;
};

/// Mean and biased variance over all axes or those named, which count from the end if negative: `variance = mean((x -
/// mean)^2)`, without the loss of digits of `mean(x^2) - mean^2`. Over neighbouring axes memory is read once for both.
/// Float32. Throws ValueError for an axis that is named twice, ShapeError for one out of bounds. Keras: `ops.moments`.
///
///     const auto [mean, variance] = ops::moments(x, {0, 1, 2}, keepdims);
Moments moments(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);

}  // namespace cornu::ops

#include "cornu/ops/composite/activations.h"

#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/sort.h"
#include "cornu/ops/reduction.h"

// Branches are written with `where`, whose gradient is that of the chosen branch: so each corner has the slope that
// TensorFlow gives it.

namespace cornu::ops {
namespace {

Tensor number(double value, const Tensor& x) { return graph::constant(value, x.dtype()); }

}  // namespace

Tensor relu(const Tensor& x, double negative_slope, double max_value, double threshold) {
  const bool limited = !(std::isinf(max_value) && max_value > 0);
  if (negative_slope == 0 && threshold == 0) {
    if (!limited) return relu(x);
    return max_value == 6 ? relu6(x) : clip(relu(x), 0, max_value);
  }
  if (!limited && threshold == 0) return leaky_relu(x, negative_slope);
  Tensor y = threshold != 0   ? where(greater(x, number(threshold, x)), x, number(0, x))
             : max_value == 6 ? relu6(x)
                              : relu(x);
  if (limited && (threshold != 0 || max_value != 6)) y = clip(y, 0, max_value);
  if (negative_slope == 0) return y;
  return y - negative_slope * relu(threshold - x);
}

// At 0 both parts have slope 1, as in TensorFlow.
Tensor celu(const Tensor& x, double alpha) {
  const Tensor zero = number(0, x);
  return maximum(x, zero) + alpha * elu(minimum(x, zero) / alpha);
}

Tensor selu(const Tensor& x) {
  constexpr double kScale = 1.0507009873554804934193349852946, kAlpha = 1.6732632423543772848170429916717;
  return where(less(x, number(0, x)), kScale * kAlpha * elu(x), kScale * x);
}

Tensor silu(const Tensor& x) { return x * sigmoid(x); }
Tensor mish(const Tensor& x) { return x * tanh(softplus(x)); }

Tensor glu(const Tensor& x, int axis) {
  axis = internal::normalize("glu", axis, x.shape());
  graph::require<ShapeError>(x.shape()[axis] % 2 == 0, "glu: expected an even length of axis ", axis, ", got shape ",
                             x.shape());
  const Tensors halves = split(x, 2, axis);
  return halves[0] * sigmoid(halves[1]);
}

Tensor hard_sigmoid(const Tensor& x) { return relu6(x + 3) / 6; }
Tensor hard_sigmoid_keras2(const Tensor& x) { return clip(0.2 * x + 0.5, 0, 1); }
Tensor hard_silu(const Tensor& x) { return x * hard_sigmoid(x); }
Tensor hard_tanh(const Tensor& x) { return clip(x, -1, 1); }
Tensor hard_shrink(const Tensor& x, double threshold) {
  return where(greater(abs(x), number(threshold, x)), x, number(0, x));
}

Tensor soft_shrink(const Tensor& x, double threshold) {
  return where(greater(x, number(threshold, x)), x - threshold,
               where(less(x, number(-threshold, x)), x + threshold, number(0, x)));
}

Tensor tanh_shrink(const Tensor& x) { return x - tanh(x); }

Tensor threshold(const Tensor& x, double threshold, double default_value) {
  return where(greater(x, number(threshold, x)), x, number(default_value, x));
}

Tensor log_sigmoid(const Tensor& x) { return -softplus(-x); }
Tensor squareplus(const Tensor& x, double b) { return (x + sqrt(square(x) + b)) / 2; }

Tensor sparse_plus(const Tensor& x) {
  return where(less_equal(x, number(-1, x)), number(0, x), where(less(x, number(1, x)), 0.25 * square(x + 1), x));
}

Tensor sparse_sigmoid(const Tensor& x) {
  return where(less_equal(x, number(-1, x)), number(0, x),
               where(greater_equal(x, number(1, x)), number(1, x), 0.5 * (x + 1)));
}

// Martins and Astudillo 2016, with the threshold that Keras computes: it adds up the running sums of the whole support,
// where the paper takes the last of them. The two are equal when the support has one element.
Tensor sparsemax(const Tensor& x, int axis) {
  axis = internal::normalize("sparsemax", axis, x.shape());
  Shape places = Shape(std::vector<std::int64_t>(x.shape().size(), 1)).with(axis, x.shape()[axis]);
  const Tensor zero = number(0, x);
  const Tensor k =
      cast(graph::constant(graph::arange(1, static_cast<double>(x.shape()[axis]) + 1).reshape(places)), x.dtype());
  const Tensor sorted = -sort(-x, axis), sums = cumsum(sorted, axis);
  const Tensor support = greater(sorted - (sums - 1) / k, zero);
  const Tensor tau =
      (sum(where(support, sums, zero), axis, keepdims) - 1) / sum(cast(support, x.dtype()), axis, keepdims);
  const Tensor rest = x - tau;
  return where(greater_equal(rest, zero), rest, zero);
}

}  // namespace cornu::ops

#include "cornu/ops/composite/elementwise.h"

#include <cmath>
#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/elementary.h"
#include "cornu/ops/native/select.h"

namespace cornu::ops {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

Tensor alike(double value, const Tensor& x) { return graph::constant(value, x.dtype()); }
bool has_infinities(const Tensor& x) { return graph::is_floating(x.dtype()); }
Tensor everywhere(bool value, const Tensor& x) { return full(x.shape(), value ? 1 : 0, graph::bool_); }

}  // namespace

Tensor rsqrt(const Tensor& x) { return reciprocal(sqrt(x)); }
Tensor log2(const Tensor& x) { return log(x) / std::numbers::ln2; }
Tensor log10(const Tensor& x) { return log(x) / std::numbers::ln10; }
Tensor exp2(const Tensor& x) { return power(alike(2, x), x); }
Tensor ceil(const Tensor& x) { return negative(floor(negative(x))); }
Tensor trunc(const Tensor& x) {
  if (!has_infinities(x)) return x;
  return where(less(x, alike(0, x)), ceil(x), floor(x));
}

Tensor round(const Tensor& x, int decimals) {
  if (!has_infinities(x)) return decimals >= 0 ? x : cast(round(cast(x, graph::float32), decimals), x.dtype());
  if (decimals == 0) return round(x);
  const double factor = std::pow(10.0, decimals);
  return round(x * factor) / factor;
}

// The larger one times what is at most sqrt(2); of two zeros, 0.
Tensor hypot(const Tensor& a, const Tensor& b) {
  const Tensor x = abs(a), y = abs(b), larger = maximum(x, y), none = equal(larger, alike(0, x));
  const Tensor ratio = where(none, alike(0, x), minimum(x, y) / where(none, alike(1, x), larger));
  return larger * sqrt(1 + square(ratio));
}

// The difference of two infinities of one sign is NaN: then their sum is the answer.
Tensor logaddexp(const Tensor& a, const Tensor& b) {
  const Tensor difference = a - b;
  return where(isnan(difference), a + b, maximum(a, b) + log1p(exp(negative(abs(difference)))));
}

Tensor isnan(const Tensor& x) { return has_infinities(x) ? not_equal(x, x) : everywhere(false, x); }
Tensor isinf(const Tensor& x) {
  if (!has_infinities(x)) return everywhere(false, x);
  return logical_or(equal(x, alike(kInf, x)), equal(x, alike(-kInf, x)));
}
Tensor isfinite(const Tensor& x) {
  if (!has_infinities(x)) return everywhere(true, x);
  return logical_and(less(x, alike(kInf, x)), greater(x, alike(-kInf, x)));
}

Tensor nan_to_num(const Tensor& x, double nan, std::optional<double> posinf, std::optional<double> neginf) {
  if (!has_infinities(x)) return x;
  const double largest =
      x.dtype() == graph::bfloat16 ? 0x1.FEp127 : static_cast<double>(std::numeric_limits<float>::max());
  const Tensor low = alike(neginf.value_or(-largest), x), high = alike(posinf.value_or(largest), x);
  return where(isnan(x), alike(nan, x),
               where(equal(x, alike(kInf, x)), high, where(equal(x, alike(-kInf, x)), low, x)));
}

}  // namespace cornu::ops

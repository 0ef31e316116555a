#include "cornu/ops/composite/random.h"

#include <cmath>
#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/elementary.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/sort.h"

namespace cornu::ops {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::ValueError;

// Rounding may give the upper bound itself: then it is the number before that.
Tensor random_uniform(const Tensor& state, const Shape& shape, double minval, double maxval) {
  require<ValueError>(minval <= maxval && std::isfinite(minval) && std::isfinite(maxval),
                      "random_uniform: expected finite bounds, the lower one first, got ", minval, " and ", maxval);
  const float low = static_cast<float>(minval), last = std::nextafter(static_cast<float>(maxval), low);
  return minimum(linear(random_uniform(state, shape), maxval - minval, minval), graph::constant(last, graph::float32));
}

Tensor random_normal(const Tensor& state, const Shape& shape, double mean, double stddev) {
  require<ValueError>(stddev >= 0, "random_normal: expected a stddev of at least 0, got ", stddev);
  return linear(random_normal(state, shape), stddev, mean);
}

// The inverse of the distribution function: between -2 and 2 lies the part erf(sqrt(2)) of all normal numbers.
Tensor random_truncated_normal(const Tensor& state, const Shape& shape, double mean, double stddev) {
  require<ValueError>(stddev >= 0, "random_truncated_normal: expected a stddev of at least 0, got ", stddev);
  const double part = std::erf(std::numbers::sqrt2);
  const Tensor z = erfinv(linear(random_uniform(state, shape), 2 * part, -part)) * std::numbers::sqrt2;
  return linear(clip(z, -2, 2), stddev, mean);
}

Tensor random_bernoulli(const Tensor& state, const Shape& shape, const Tensor& probabilities) {
  require<ShapeError>(graph::broadcast(shape, probabilities.shape(), "random_bernoulli") == shape,
                      "random_bernoulli: probabilities of shape ", probabilities.shape(), " do not broadcast to ",
                      shape);
  return less(random_uniform(state, shape), cast(probabilities, graph::float32));
}
Tensor random_bernoulli(const Tensor& state, const Shape& shape, double probability) {
  return random_bernoulli(state, shape, graph::constant(probability, graph::float32));
}

// The largest of the logits with Gumbel noise, -log(-log(u)).
Tensor random_categorical(const Tensor& state, const Tensor& logits, std::int64_t num_samples) {
  require<ShapeError>(logits.ndim() == 2 && logits.shape()[1] > 0,
                      "random_categorical: expected logits of shape (batch, classes), got ", logits.shape());
  require<ValueError>(num_samples >= 0, "random_categorical: expected at least 0 samples, got ", num_samples);
  const Tensor u = random_uniform(state, {logits.shape()[0], num_samples, logits.shape()[1]});
  return argmax(expand_dims(cast(logits, graph::float32), 1) - log(negative(log(u))), -1);
}

// Sorted by random numbers twice: numbers of 24 bits are often equal, pairs of them hardly ever.
Tensor random_shuffle(const Tensor& state, const Tensor& x, int axis) {
  axis = internal::normalize("random_shuffle", axis, x.shape());
  const Tensor keys = random_uniform(state, {2, x.shape()[axis]});
  const auto order = [&](int i) { return argsort(squeeze(slice(keys, 0, i, i + 1), 0)); };
  return take(x, take(order(0), order(1), 0), axis);
}

}  // namespace cornu::ops

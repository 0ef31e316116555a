#include "cornu/ops/composite/random.h"

#include <cmath>
#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/elementary.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
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

namespace {

void require_broadcast(const char* op, const char* argument, const Tensor& given, const Shape& shape) {
  require<ShapeError>(graph::broadcast(shape, given.shape(), op) == shape, op, ": ", argument, " of shape ",
                      given.shape(), " do not broadcast to ", shape);
}

}  // namespace

Tensor random_bernoulli(const Tensor& state, const Shape& shape, const Tensor& probabilities) {
  require_broadcast("random_bernoulli", "probabilities", probabilities, shape);
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

namespace {

// As many tries for each number as leave one in 10^10 without success (Marsaglia and Tsang, 2000, "A simple method for
// generating gamma variables"): of the ratio of a normal number to what is accepted 95 per cent and more are. What is
// less than 1 is found by way of alpha + 1. Logarithms, since small alphas give numbers that float32 does not hold. All
// comes from one draw: the caller moves the state on by one.
Tensor log_gamma_numbers(const Tensor& state, const Shape& shape, const Tensor& given) {
  constexpr std::int64_t kTries = 8;
  const Tensor alpha = cast(given, graph::float32);
  const Tensor drawn = random_uniform(state, shape.prepend(2 * kTries + 1));
  // Never 0 nor 1, at which logarithms and normal numbers are infinite.
  const Tensor all = linear(drawn, 1 - 0x1p-23, 0x1p-24);
  const auto number = [&](std::int64_t i) { return squeeze(slice(all, 0, i, i + 1), 0); };
  const Tensor one = graph::constant(1, graph::float32), small = less(alpha, one);
  const Tensor d = where(small, alpha + 1, alpha) - 1. / 3, c = rsqrt(d * 9);
  Tensor found = graph::constant(0, graph::float32);  // log(v), where nothing is accepted: the most probable one
  for (std::int64_t i = 0; i < kTries; ++i) {
    const Tensor z = erfinv(linear(number(2 * i), 2, -1)) * std::numbers::sqrt2, root = c * z + 1;
    const Tensor positive = greater(root, graph::constant(0, graph::float32));
    const Tensor log_v = log(where(positive, root, one)) * 3;
    const Tensor bound = square(z) * 0.5 + d * (1 - exp(log_v) + log_v);
    found = where(logical_and(positive, less(log(number(2 * i + 1)), bound)), log_v, found);
  }
  const Tensor less_than_one = log(number(2 * kTries)) / alpha;
  return log(d) + found + where(small, less_than_one, zeros_like(less_than_one));
}

}  // namespace

Tensor random_gamma(const Tensor& state, const Shape& shape, const Tensor& alpha) {
  require_broadcast("random_gamma", "values of alpha", alpha, shape);
  return exp(log_gamma_numbers(state, shape, alpha));
}

// The share of one gamma number in the sum of two.
Tensor random_beta(const Tensor& state, const Shape& shape, const Tensor& alpha, const Tensor& beta) {
  require_broadcast("random_beta", "values of alpha", alpha, shape);
  require_broadcast("random_beta", "values of beta", beta, shape);
  const Tensor both = log_gamma_numbers(
      state, shape.prepend(2),
      concatenate({expand_dims(broadcast_to(alpha, shape), 0), expand_dims(broadcast_to(beta, shape), 0)}, 0));
  return sigmoid(squeeze(slice(both, 0, 0, 1), 0) - squeeze(slice(both, 0, 1, 2), 0));
}

// Sorted by random numbers twice: numbers of 24 bits are often equal, pairs of them hardly ever.
Tensor random_shuffle(const Tensor& state, const Tensor& x, int axis) {
  axis = internal::normalize("random_shuffle", axis, x.shape());
  const Tensor keys = random_uniform(state, {2, x.shape()[axis]});
  const auto order = [&](int i) { return argsort(squeeze(slice(keys, 0, i, i + 1), 0)); };
  return take(x, take(order(0), order(1), 0), axis);
}

}  // namespace cornu::ops

#include "cornu/keras/schedules/decay.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::schedules {
namespace {

const bool decay_registered = registry().add<ExponentialDecay>("ExponentialDecay") &&
                              registry().add<InverseTimeDecay>("InverseTimeDecay") &&
                              registry().add<PolynomialDecay>("PolynomialDecay") &&
                              registry().add<PiecewiseConstantDecay>("PiecewiseConstantDecay");

Tensor constant(double value, const Tensor& step) { return graph::constant(value, step.dtype()); }

}  // namespace

template <Literal kName, Tensor (*rate)(double, double, const Tensor&)>
void RateDecayConfig<kName, rate>::fields(ConfigVisitor& v) {
  v("initial_learning_rate", initial_learning_rate);
  v("decay_steps", decay_steps);
  v("decay_rate", decay_rate);
  v("staircase", staircase);
  v("name", name);
}
template <Literal kName, Tensor (*rate)(double, double, const Tensor&)>
void RateDecayConfig<kName, rate>::check() const {
  require_argument(kName.text, "initial_learning_rate", initial_learning_rate);
  require_steps(kName.text, "decay_steps", decay_steps);
  require_argument(kName.text, "decay_rate", decay_rate);
}
template <Literal kName, Tensor (*rate)(double, double, const Tensor&)>
Tensor RateDecayConfig<kName, rate>::operator()(const Tensor& step) const {
  const Tensor elapsed = step / static_cast<double>(decay_steps);
  return rate(initial_learning_rate, decay_rate, staircase ? ops::floor(elapsed) : elapsed);
}

Tensor exponential_decay(double initial_learning_rate, double decay_rate, const Tensor& periods) {
  return ops::power(constant(decay_rate, periods), periods) * initial_learning_rate;
}
template struct RateDecayConfig<"ExponentialDecay", exponential_decay>;

Tensor inverse_time_decay(double initial_learning_rate, double decay_rate, const Tensor& periods) {
  return initial_learning_rate / (periods * decay_rate + 1);
}
template struct RateDecayConfig<"InverseTimeDecay", inverse_time_decay>;

void PolynomialDecayConfig::fields(ConfigVisitor& v) {
  v("initial_learning_rate", initial_learning_rate);
  v("decay_steps", decay_steps);
  v("end_learning_rate", end_learning_rate);
  v("power", power);
  v("cycle", cycle);
  v("name", name);
}
void PolynomialDecayConfig::check() const {
  require_argument("PolynomialDecay", "initial_learning_rate", initial_learning_rate);
  require_steps("PolynomialDecay", "decay_steps", decay_steps);
  require_argument("PolynomialDecay", "end_learning_rate", end_learning_rate);
  require_argument("PolynomialDecay", "power", power);
}
Tensor PolynomialDecayConfig::operator()(const Tensor& step) const {
  const double steps = static_cast<double>(decay_steps);
  const Tensor one = constant(1, step);
  Tensor done = ops::minimum(step / steps, one);
  if (cycle) {
    const Tensor cycles = ops::maximum(-ops::floor(-(step / steps)), one);  // rounded up
    done = step / (cycles * steps);
  }
  const Tensor left = power == 1 ? 1 - done : ops::power(1 - done, constant(power, step));
  return left * (initial_learning_rate - end_learning_rate) + end_learning_rate;
}

void PiecewiseConstantDecayConfig::fields(ConfigVisitor& v) {
  v("boundaries", boundaries);
  v("values", values);
  v("name", name);
}
void PiecewiseConstantDecayConfig::check() const {
  graph::require<graph::ValueError>(!boundaries.empty() && values.size() == boundaries.size() + 1,
                                    "[PiecewiseConstantDecay] needs `boundaries`, and `values` of one more; got ",
                                    boundaries.size(), " boundaries and ", values.size(), " values");
  graph::require<graph::ValueError>(std::is_sorted(boundaries.begin(), boundaries.end()),
                                    "[PiecewiseConstantDecay] `boundaries` must be ascending");
  for (const double value : values) require_argument("PiecewiseConstantDecay", "values", value);
}
Tensor PiecewiseConstantDecayConfig::operator()(const Tensor& step) const {
  Tensor rate = constant(values.back(), step);
  for (std::size_t i = boundaries.size(); i-- > 0;)
    rate = ops::where(ops::less_equal(step, constant(boundaries[i], step)), constant(values[i], step), rate);
  return rate;
}

}  // namespace cornu::keras::schedules

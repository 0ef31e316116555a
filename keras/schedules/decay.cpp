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

// What both decays of a rate per step have.
template <class Config>
void rate_fields(Config& c, ConfigVisitor& v) {
  v("initial_learning_rate", c.initial_learning_rate);
  v("decay_steps", c.decay_steps);
  v("decay_rate", c.decay_rate);
  v("staircase", c.staircase);
  v("name", c.name);
}
template <class Config>
void check_rate(const char* schedule, const Config& c) {
  require_argument(schedule, "initial_learning_rate", c.initial_learning_rate);
  require_steps(schedule, "decay_steps", c.decay_steps);
  require_argument(schedule, "decay_rate", c.decay_rate);
}
template <class Config>
Tensor periods(const Config& c, const Tensor& step) {
  const Tensor elapsed = step / static_cast<double>(c.decay_steps);
  return c.staircase ? ops::floor(elapsed) : elapsed;
}

Tensor constant(double value, const Tensor& step) { return graph::constant(value, step.dtype()); }

}  // namespace

void ExponentialDecayConfig::fields(ConfigVisitor& v) { rate_fields(*this, v); }
void ExponentialDecayConfig::check() const { check_rate("ExponentialDecay", *this); }
Tensor ExponentialDecay::operator()(const Tensor& step) const {
  return ops::power(constant(config_.decay_rate, step), periods(config_, step)) * config_.initial_learning_rate;
}

void InverseTimeDecayConfig::fields(ConfigVisitor& v) { rate_fields(*this, v); }
void InverseTimeDecayConfig::check() const { check_rate("InverseTimeDecay", *this); }
Tensor InverseTimeDecay::operator()(const Tensor& step) const {
  return config_.initial_learning_rate / (periods(config_, step) * config_.decay_rate + 1);
}

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
Tensor PolynomialDecay::operator()(const Tensor& step) const {
  const double steps = static_cast<double>(config_.decay_steps);
  const Tensor one = constant(1, step);
  Tensor done = ops::minimum(step / steps, one);
  if (config_.cycle) {
    const Tensor cycles = ops::maximum(-ops::floor(-(step / steps)), one);  // rounded up
    done = step / (cycles * steps);
  }
  const Tensor left = config_.power == 1 ? 1 - done : ops::power(1 - done, constant(config_.power, step));
  return left * (config_.initial_learning_rate - config_.end_learning_rate) + config_.end_learning_rate;
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
Tensor PiecewiseConstantDecay::operator()(const Tensor& step) const {
  Tensor rate = constant(config_.values.back(), step);
  for (std::size_t i = config_.boundaries.size(); i-- > 0;)
    rate = ops::where(ops::less_equal(step, constant(config_.boundaries[i], step)), constant(config_.values[i], step),
                      rate);
  return rate;
}

}  // namespace cornu::keras::schedules

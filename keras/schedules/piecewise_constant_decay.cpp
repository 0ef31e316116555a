#include "cornu/keras/schedules/piecewise_constant_decay.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::schedules {

static const bool registered =
    registry().add<PiecewiseConstantDecay, PiecewiseConstantDecayConfig>("PiecewiseConstantDecay");

PiecewiseConstantDecay::PiecewiseConstantDecay(PiecewiseConstantDecayConfig config) : config_(std::move(config)) {
  graph::require<graph::ValueError>(
      !config_.boundaries.empty() && config_.values.size() == config_.boundaries.size() + 1,
      "[PiecewiseConstantDecay] needs `boundaries`, and `values` of one more; got ", config_.boundaries.size(),
      " boundaries and ", config_.values.size(), " values");
  graph::require<graph::ValueError>(std::is_sorted(config_.boundaries.begin(), config_.boundaries.end()),
                                    "[PiecewiseConstantDecay] `boundaries` must be ascending");
  for (const double value : config_.values) require_argument("PiecewiseConstantDecay", "values", value);
}

Tensor PiecewiseConstantDecay::operator()(const Tensor& step) const {
  Tensor rate = graph::constant(config_.values.back(), step.dtype());
  for (std::size_t i = config_.boundaries.size(); i-- > 0;)
    rate = ops::where(ops::less_equal(step, graph::constant(config_.boundaries[i], step.dtype())),
                      graph::constant(config_.values[i], step.dtype()), rate);
  return rate;
}

}  // namespace cornu::keras::schedules

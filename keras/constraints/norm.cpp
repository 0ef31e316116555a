#include "cornu/keras/constraints/norm.h"

#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::constraints {
namespace {

constexpr double kEpsilon = 1e-7;

Tensor norms(const Tensor& weight, const Axes& axes) {
  return ops::sqrt(ops::sum(ops::square(weight), axes, ops::keepdims));
}

}  // namespace

Tensor MaxNorm::operator()(const Tensor& weight) const {
  const Tensor norm = norms(weight, config_.axis);
  return weight * (ops::clip(norm, 0, config_.max_value) / (norm + kEpsilon));
}

Tensor MinMaxNorm::operator()(const Tensor& weight) const {
  const Tensor norm = norms(weight, config_.axis);
  const Tensor inside = ops::clip(norm, config_.min_value, config_.max_value);
  const Tensor desired = config_.rate * inside + (1 - config_.rate) * norm;
  return weight * (desired / (norm + kEpsilon));
}

Tensor UnitNorm::operator()(const Tensor& weight) const { return weight / (norms(weight, config_.axis) + kEpsilon); }

void MaxNormConfig::fields(ConfigVisitor& v) {
  v("max_value", max_value);
  v("axis", axis, {.number_if_one = true});
}
void MinMaxNormConfig::fields(ConfigVisitor& v) {
  v("min_value", min_value);
  v("max_value", max_value);
  v("rate", rate);
  v("axis", axis, {.number_if_one = true});
}
void UnitNormConfig::fields(ConfigVisitor& v) { v("axis", axis, {.number_if_one = true}); }

namespace {

const bool norm_registered = registry().add<MaxNorm>("MaxNorm", {"max_norm"}) &&
                             registry().add<MinMaxNorm>("MinMaxNorm", {"min_max_norm"}) &&
                             registry().add<UnitNorm>("UnitNorm", {"unit_norm"});

}  // namespace
}  // namespace cornu::keras::constraints

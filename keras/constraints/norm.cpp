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

Tensor MaxNormConfig::operator()(const Tensor& weight) const {
  const Tensor norm = norms(weight, axis);
  return weight * (ops::clip(norm, 0, max_value) / (norm + kEpsilon));
}

Tensor MinMaxNormConfig::operator()(const Tensor& weight) const {
  const Tensor norm = norms(weight, axis);
  const Tensor inside = ops::clip(norm, min_value, max_value);
  const Tensor desired = rate * inside + (1 - rate) * norm;
  return weight * (desired / (norm + kEpsilon));
}

Tensor UnitNormConfig::operator()(const Tensor& weight) const { return weight / (norms(weight, axis) + kEpsilon); }

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

#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/constraints/constraint.h"

namespace cornu::keras::constraints {

struct MaxNormConfig {
  double max_value = 2;
  Axes axis = 0;  ///< along which norms are taken: 0, of a Dense kernel each unit's; {0, 1, 2}, each filter's
  using positional = Positions<&MaxNormConfig::max_value>;
  void fields(ConfigVisitor& v);
  Tensor operator()(const Tensor& weight) const;
};

/// Scales down what has a longer norm than `max_value`.
using MaxNorm = Constraint::Of<MaxNormConfig>;

struct MinMaxNormConfig {
  double min_value = 0;
  double max_value = 1;
  double rate = 1;  ///< how far towards the bounds one update goes
  Axes axis = 0;
  using positional = Positions<&MinMaxNormConfig::min_value, &MinMaxNormConfig::max_value, &MinMaxNormConfig::rate>;
  void fields(ConfigVisitor& v);
  Tensor operator()(const Tensor& weight) const;
};

/// Scales norms into [min_value, max_value].
using MinMaxNorm = Constraint::Of<MinMaxNormConfig>;

struct UnitNormConfig {
  Axes axis = 0;
  void fields(ConfigVisitor& v);
  Tensor operator()(const Tensor& weight) const;
};

/// Scales norms to 1.
using UnitNorm = Constraint::Of<UnitNormConfig>;

}  // namespace cornu::keras::constraints

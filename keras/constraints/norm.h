#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "cornu/keras/configured.h"
#include "cornu/keras/constraints/constraint.h"

namespace cornu::keras::constraints {

/// Axes along which norms are taken: one, `.axis = 0` (of a Dense kernel: of each unit's weights), or several, `.axis =
/// {0, 1, 2}` (of a convolution's filters).
struct Axes : std::vector<int> {
  Axes(int axis) : vector{axis} {}                         // NOLINT: one axis
  Axes(std::initializer_list<int> axes) : vector(axes) {}  // NOLINT: several
};

struct MaxNormConfig {
  double max_value = 2;
  Axes axis = 0;
  using positional = Positions<&MaxNormConfig::max_value>;
  void fields(ConfigVisitor& v);
};

/// Scales down what has a longer norm than `max_value`.
class CORNU_EXPORT MaxNorm final : public Configured<Constraint, MaxNormConfig> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& weight) const override;
};

struct MinMaxNormConfig {
  double min_value = 0;
  double max_value = 1;
  double rate = 1;  ///< how far towards the bounds one update goes
  Axes axis = 0;
  using positional = Positions<&MinMaxNormConfig::min_value, &MinMaxNormConfig::max_value, &MinMaxNormConfig::rate>;
  void fields(ConfigVisitor& v);
};

/// Scales norms into [min_value, max_value].
class CORNU_EXPORT MinMaxNorm final : public Configured<Constraint, MinMaxNormConfig> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& weight) const override;
};

struct UnitNormConfig {
  Axes axis = 0;
  void fields(ConfigVisitor& v);
};

/// Scales norms to 1.
class CORNU_EXPORT UnitNorm final : public Configured<Constraint, UnitNormConfig> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& weight) const override;
};

}  // namespace cornu::keras::constraints

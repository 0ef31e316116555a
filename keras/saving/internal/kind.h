#pragma once

#include "cornu/keras/activations/activation.h"
#include "cornu/keras/constraints/constraint.h"
#include "cornu/keras/initializers/initializer.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/losses/loss.h"
#include "cornu/keras/metrics/metric.h"
#include "cornu/keras/optimizers/optimizer.h"
#include "cornu/keras/regularizers/regularizer.h"

namespace cornu::keras::saving::internal {

/// What files say of the kinds of objects: the module that Keras names, the registry that knows their classes.
template <class T>
struct Kind;
template <>
struct Kind<activations::Activation> {
  static constexpr const char* module = "keras.activations";
  static constexpr const char* registry_name = "activations::registry()";
  static auto& registry() { return activations::registry(); }
};
template <>
struct Kind<constraints::Constraint> {
  static constexpr const char* module = "keras.constraints";
  static constexpr const char* registry_name = "constraints::registry()";
  static auto& registry() { return constraints::registry(); }
};
template <>
struct Kind<initializers::Initializer> {
  static constexpr const char* module = "keras.initializers";
  static constexpr const char* registry_name = "initializers::registry()";
  static auto& registry() { return initializers::registry(); }
};
template <>
struct Kind<layers::Layer> {
  static constexpr const char* module = "keras.layers";
  static constexpr const char* registry_name = "layers::registry()";
  static auto& registry() { return layers::registry(); }
};
template <>
struct Kind<losses::Loss> {
  static constexpr const char* module = "keras.losses";
  static constexpr const char* registry_name = "losses::registry()";
  static auto& registry() { return losses::registry(); }
};
template <>
struct Kind<metrics::Metric> {
  static constexpr const char* module = "keras.metrics";
  static constexpr const char* registry_name = "metrics::registry()";
  static auto& registry() { return metrics::registry(); }
};
template <>
struct Kind<optimizers::Optimizer> {
  static constexpr const char* module = "keras.optimizers";
  static constexpr const char* registry_name = "optimizers::registry()";
  static auto& registry() { return optimizers::registry(); }
};
template <>
struct Kind<regularizers::Regularizer> {
  static constexpr const char* module = "keras.regularizers";
  static constexpr const char* registry_name = "regularizers::registry()";
  static auto& registry() { return regularizers::registry(); }
};
template <>
struct Kind<schedules::LearningRateSchedule> {
  static constexpr const char* module = "keras.optimizers.schedules";
  static constexpr const char* registry_name = "schedules::registry()";
  static auto& registry() { return schedules::registry(); }
};

/// Calls `f` with the object as what it is, or returns `other()` for none of these kinds.
template <class F, class Other>
auto visit_kind(const Object& object, F&& f, Other&& other) {
  if (const auto* o = dynamic_cast<const layers::Layer*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const activations::Activation*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const initializers::Initializer*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const regularizers::Regularizer*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const constraints::Constraint*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const losses::Loss*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const metrics::Metric*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const optimizers::Optimizer*>(&object)) return f(*o);
  if (const auto* o = dynamic_cast<const schedules::LearningRateSchedule*>(&object)) return f(*o);
  return other();
}

}  // namespace cornu::keras::saving::internal

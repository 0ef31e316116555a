#include "cornu/keras/metrics/metric.h"

#include <algorithm>

#include "cornu/keras/metrics/mean_metric_wrapper.h"
#include "cornu/keras/utils/internal/to_lower.h"

namespace cornu::keras::metrics {
namespace {

class OfFunction final : public MeanMetricWrapper {
 public:
  OfFunction(std::string name, std::function<Tensor(const Tensor&, const Tensor&)> function, Direction direction)
      : MeanMetricWrapper(std::move(function), std::move(name)), direction_(direction) {}
  std::string class_name() const override { return "<lambda>"; }
  Direction direction() const override { return direction_; }

 private:
  Direction direction_;
};

}  // namespace

Metric::Metric(std::string name, const std::string& dtype) : name_(std::move(name)) {
  losses::require_float32("metric '" + name_ + "'", dtype);
}

void Metric::state(StateVisitor& v) {
  for (Variable& variable : variables_) v(variable.name(), variable);
}

void Metric::reset_state() {
  for (Variable& v : variables_) {
    if (v.shape().empty() && v.dtype() == graph::float32) {  // of nearly all metrics: nothing is allocated
      static const Array zero = graph::zeros({});
      v.assign(zero);
    } else {
      v.assign(graph::zeros(v.shape(), v.dtype()));
    }
  }
}

Variable Metric::add_variable(const Shape& shape, const std::string& name) {
  variables_.emplace_back(graph::zeros(shape), name, false);
  return variables_.back();
}

Shared<Metric> Metric::from_name(const std::string& name) {
  const std::string lower = utils::to_lower(name);
  const bool by_shape = lower == "accuracy" || lower == "acc" || lower == "crossentropy" || lower == "ce";
  const bool accuracy = lower[0] == 'a';
  Shared<Metric> metric = registry().make(!by_shape ? name : accuracy ? "accuracy" : "crossentropy");
  metric->rename(name);
  return metric;
}

Shared<Metric> Metric::from_callable(std::function<Tensor(const Tensor&, const Tensor&)> function) {
  return of_function("metric", std::move(function));
}

Shared<Metric> Metric::of_function(std::string name, std::function<Tensor(const Tensor&, const Tensor&)> function,
                                   Direction direction) {
  return std::make_shared<OfFunction>(std::move(name), std::move(function), direction);
}

Shared<Metric> Metric::of_loss_function(const Shared<losses::Loss>& loss, bool by_name) {
  const std::string name = registered_as(*loss)->aliases.front();
  if (by_name && registry().contains(name)) return from_name(name);
  return of_function(
      name, [loss](const Tensor& y_true, const Tensor& y_pred) { return loss->values(y_true, y_pred); },
      Direction::kDown);
}

Registry<Metric>& Metric::registry() {
  static Registry<Metric> registry("metric", {.module = "keras.metrics",
                                              .registry = "metrics::registry()",
                                              .wrapper = "MeanMetricWrapper",
                                              .wrapper_argument = "fn"});
  return registry;
}

}  // namespace cornu::keras::metrics

#pragma once

#include "cornu/keras/context.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::metrics {

/// A figure that is accumulated over batches, in variables of its own that the training step updates.
class CORNU_EXPORT Metric : public Object {
 public:
  explicit Metric(std::string name) : name_(std::move(name)) {}

  /// Describes the update for one batch: `ctx.update(variable, new value)`. `sample_weight` may be undefined.
  virtual void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) = 0;
  /// The figure, from the variables as they are now: float32, mostly a scalar.
  virtual Array result() const = 0;
  /// All variables to their initial values (zero, unless a metric says otherwise).
  virtual void reset_state();

  /// The name in logs and History: the one it was asked by ("acc"), or its config's.
  const std::string& name() const { return name_; }
  void rename(std::string name) { name_ = std::move(name); }
  const std::vector<Variable>& variables() const { return variables_; }

  /// By Keras' names: "mse", "MeanSquaredError", "accuracy", "acc", …, and then named as asked. Throws ValueError with the known names.
  /// "accuracy" and "acc" become binary, categorical or sparse when the model is built (`resolve`).
  static Shared<Metric> from_name(const std::string& name);
  /// Any `Tensor(const Tensor& y_true, const Tensor& y_pred)`: its mean is tracked.
  static Shared<Metric> from_callable(std::function<Tensor(const Tensor&, const Tensor&)> function);

 protected:
  Variable add_variable(const Shape& shape, const std::string& name);

 private:
  std::string name_;
  std::vector<Variable> variables_;
};

Registry<Metric>& registry();

/// What "accuracy" and "crossentropy" mean for such targets, outputs and loss: the metric itself for every other one.
Shared<Metric> resolve(const Shared<Metric>& metric, const Spec& y_true, const Spec& y_pred);

}  // namespace cornu::keras::metrics

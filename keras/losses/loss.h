#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::losses {

using graph::Tensor;

/// What training makes small. Deriving from it and giving `call` makes one of your own.
class CORNU_EXPORT Loss : public Object {
 public:
  /// Keras' base arguments. `reduction`: "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight" or "none".
  explicit Loss(std::string reduction = "sum_over_batch_size", std::string name = "");

  /// One value per sample (and step): the mean over the last axis, for most.
  virtual Tensor call(const Tensor& y_true, const Tensor& y_pred) const = 0;

  /// The reduced loss. `sample_weight` (undefined: none) is multiplied to the values; it must be of their shape, or of (batch,) for
  /// values of (batch,), or have axes of length 1. Ranks that differ by a last axis of 1 are squeezed as Keras does.
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight = {}) const;

  /// Throws ValueError for targets that this loss cannot take for predictions of that shape; by default all are taken. Called before training.
  virtual void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const;

  const std::string& reduction() const { return reduction_; }
  const std::string& name() const { return name_; }

  /// By Keras' names: "mse", "mean_squared_error", "MeanSquaredError", … Throws ValueError with the known names.
  static Shared<Loss> from_name(const std::string& name);
  /// Any `Tensor(const Tensor& y_true, const Tensor& y_pred)`; saving a model with it throws, saying how to register it.
  static Shared<Loss> from_callable(std::function<Tensor(const Tensor&, const Tensor&)> function);

 private:
  std::string reduction_, name_;
};

Registry<Loss>& registry();

}  // namespace cornu::keras::losses

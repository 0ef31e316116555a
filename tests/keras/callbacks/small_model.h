#pragma once

#include <memory>
#include <vector>

#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"

namespace cornu::keras::tests {

/// y = w x + b, compiled.
inline models::Sequential small_model(const std::vector<Arg<metrics::Metric>>& metrics = {},
                                      double learning_rate = 0.1) {
  models::Sequential model({layers::Dense({.units = 1, .input_shape = {1}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = learning_rate}), .loss = "mse", .metrics = metrics});
  return model;
}

inline void set_weight(models::Model& model, float w) { model.set_weights({Array{{w}}, Array{0.f}}); }
inline float weight(const models::Model& model) { return model.get_weights()[0].item<float>(); }

/// A callback with a model, whose hooks a test calls by itself.
template <class T>
class Driven {
 public:
  explicit Driven(Shared<T> callback, models::Model model = small_model())
      : callback_(callback), model_(std::make_shared<models::Model>(model)) {
    callback_->set_model(model_.get());
    callback_->set_params({.verbose = 1, .epochs = 100, .steps = 10});
    callback_->on_train_begin({});
  }
  ~Driven() { callback_->set_model(nullptr); }
  Driven(const Driven&) = delete;
  Driven& operator=(const Driven&) = delete;

  /// Ends epochs with these values of one figure, until training is stopped; gives the number of epochs.
  int epochs(const std::string& name, const std::vector<double>& values) {
    model_->stop_training = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      set_weight(*model_, static_cast<float>(i));
      end_epoch(static_cast<int>(i), {{name, values[i]}});
      if (model_->stop_training) return static_cast<int>(i) + 1;
    }
    return static_cast<int>(values.size());
  }
  /// As fit does it; gives the logs with what the callback adds.
  Logs end_epoch(int epoch, Logs logs) {
    callback_->add_to_logs(epoch, logs);
    callback_->on_epoch_end(epoch, logs);
    return logs;
  }

  T* operator->() { return callback_.get(); }
  models::Model& model() { return *model_; }

 private:
  Shared<T> callback_;
  std::shared_ptr<models::Model> model_;
};
template <class Handle>
Driven(Handle) -> Driven<std::remove_reference_t<decltype(*std::declval<Handle>())>>;
template <class Handle>
Driven(Handle, models::Model) -> Driven<std::remove_reference_t<decltype(*std::declval<Handle>())>>;

}  // namespace cornu::keras::tests

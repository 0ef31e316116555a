#pragma once

#include <functional>
#include <memory>

#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

/// Functions for the hooks of Callback; those that are not given do nothing.
struct LambdaCallbackConfig {
  using OnEpoch = std::function<void(int epoch, const Logs& logs)>;
  using OnBatch = std::function<void(int batch, const Logs& logs)>;
  using OnRun = std::function<void(const Logs& logs)>;

  OnEpoch on_epoch_begin = nullptr;
  OnEpoch on_epoch_end = nullptr;
  OnRun on_train_begin = nullptr;
  OnRun on_train_end = nullptr;
  OnBatch on_train_batch_begin = nullptr;
  OnBatch on_train_batch_end = nullptr;
  OnBatch on_test_batch_begin = nullptr;
  OnBatch on_test_batch_end = nullptr;
  OnBatch on_predict_batch_begin = nullptr;
  OnBatch on_predict_batch_end = nullptr;
  OnRun on_test_begin = nullptr;
  OnRun on_test_end = nullptr;
  OnRun on_predict_begin = nullptr;
  OnRun on_predict_end = nullptr;

  std::shared_ptr<Callback> make() const;
};

/// A callback made of functions (Keras' LambdaCallback):
///
///     callbacks::LambdaCallback({.on_epoch_end = [&](int epoch, const Logs& logs) { losses.push_back(logs["loss"]);
///     }})
using LambdaCallback = Handle<Callback, LambdaCallbackConfig>;

}  // namespace cornu::keras::callbacks

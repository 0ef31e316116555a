#pragma once

#include "cornu/keras/callbacks/logs.h"
#include "cornu/keras/data/source.h"
#include "cornu/keras/shared.h"

namespace cornu::keras {
class FitState;  // keras/callbacks/fit_state.h
namespace models {
class Model;
}

/// What `fit` tells callbacks in `params()`.
struct CallbackParams {
  int verbose = 1;
  int epochs = 1;
  std::int64_t steps = 0;  ///< per epoch
};

/// The data of a `fit`, as its callbacks may look at it.
struct FitData {
  const data::Columns* batch = nullptr;       ///< the present training batch; valid until the next one
  const data::Columns* validation = nullptr;  ///< what is validated with; null if nothing is, or not arrays
  int batch_size = 0;
};

namespace callbacks {

/// Looks on while a model trains, evaluates or predicts. Derive from it and override what is of interest:
///
///     struct StopWhenGood : callbacks::Callback {
///       void on_epoch_end(int epoch, const Logs& logs) override { if (logs.at("val_acc") > 0.98) model().stop_training
///       = true; }
///     };
///
/// Pass it by value (it is moved in), or as `std::shared_ptr` or `share(...)` to read its results afterwards.
class CORNU_EXPORT Callback {
 public:
  Callback() = default;
  Callback(Callback&&) = default;
  Callback& operator=(Callback&&) = default;
  virtual ~Callback();

  // The hooks of Keras. `batch` counts from 0 in each epoch.
  virtual void on_train_begin(const Logs& logs) { (void)logs; }
  virtual void on_train_end(const Logs& logs) { (void)logs; }
  virtual void on_epoch_begin(int epoch, const Logs& logs) { (void)epoch, (void)logs; }
  virtual void on_epoch_end(int epoch, const Logs& logs) { (void)epoch, (void)logs; }
  virtual void on_batch_begin(int batch, const Logs& logs) {
    (void)batch, (void)logs;
  }  ///< an older name of on_train_batch_begin
  virtual void on_batch_end(int batch, const Logs& logs) {
    (void)batch, (void)logs;
  }  ///< an older name of on_train_batch_end
  virtual void on_train_batch_begin(int batch, const Logs& logs) { on_batch_begin(batch, logs); }
  virtual void on_train_batch_end(int batch, const Logs& logs) { on_batch_end(batch, logs); }
  virtual void on_test_begin(const Logs& logs) { (void)logs; }
  virtual void on_test_end(const Logs& logs) { (void)logs; }
  virtual void on_test_batch_begin(int batch, const Logs& logs) { (void)batch, (void)logs; }
  virtual void on_test_batch_end(int batch, const Logs& logs) { (void)batch, (void)logs; }
  virtual void on_predict_begin(const Logs& logs) { (void)logs; }
  virtual void on_predict_end(const Logs& logs) { (void)logs; }
  virtual void on_predict_batch_begin(int batch, const Logs& logs) { (void)batch, (void)logs; }
  virtual void on_predict_batch_end(int batch, const Logs& logs) { (void)batch, (void)logs; }

  // What Keras has no hooks for. All callbacks were told of the same things then, and of nothing else.
  /// Before the first epoch: the place to put the fit where another one was.
  virtual void resume(FitState& fit) { (void)fit; }
  /// After every batch and every epoch: the place to keep the fit.
  virtual void checkpoint(FitState& fit) { (void)fit; }
  /// Entries that this callback adds to the epoch's logs before they are recorded and shown (LearningRateScheduler:
  /// "learning_rate").
  virtual void add_to_logs(int epoch, Logs& logs) { (void)epoch, (void)logs; }

  /// The model at work: a handle on it. Throws ValueError outside of a run.
  models::Model& model() const;
  const CallbackParams& params() const { return params_; }
  /// Of the fit at work; empty outside of one.
  const FitData& data() const;
  void set_model(models::Model* model) { model_ = model; }
  void set_params(const CallbackParams& params) { params_ = params; }
  /// What changes in it while it looks on, for runs that are resumed: read behind `on_train_begin`, in the middle of an
  /// epoch maybe, of which `on_epoch_begin` is not told again.
  virtual void state(StateVisitor& v) { (void)v; }
  void set_data(const FitData* data) { data_ = data; }

 private:
  models::Model* model_ = nullptr;
  CallbackParams params_;
  const FitData* data_ = nullptr;
};

}  // namespace callbacks
}  // namespace cornu::keras

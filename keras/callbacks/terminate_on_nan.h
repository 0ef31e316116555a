#pragma once

#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct TerminateOnNaNConfig {
  bool raise_error = false;  ///< true: throws ValueError out of `fit`, and no callback's on_train_end is called
};

class CORNU_EXPORT TerminateOnNaNCallback : public Callback {
 public:
  explicit TerminateOnNaNCallback(TerminateOnNaNConfig config = {}) : config_(config) {}
  void on_train_batch_end(int batch, const Logs& logs) override;

 private:
  TerminateOnNaNConfig config_;
};

/// Ends the training at the first batch whose loss is NaN or infinite (Keras' TerminateOnNaN).
using TerminateOnNaN = Handle<TerminateOnNaNCallback, TerminateOnNaNConfig>;

}  // namespace cornu::keras::callbacks

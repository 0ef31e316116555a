#include "cornu/keras/callbacks/lambda_callback.h"

namespace cornu::keras::callbacks {

template <class F, class... A>
static void call_if(const F& function, const A&... arguments) {
  if (function) function(arguments...);
}

void FunctionCallback::on_epoch_begin(int epoch, const Logs& logs) { call_if(config_.on_epoch_begin, epoch, logs); }
void FunctionCallback::on_epoch_end(int epoch, const Logs& logs) { call_if(config_.on_epoch_end, epoch, logs); }
void FunctionCallback::on_train_begin(const Logs& logs) { call_if(config_.on_train_begin, logs); }
void FunctionCallback::on_train_end(const Logs& logs) { call_if(config_.on_train_end, logs); }
void FunctionCallback::on_train_batch_begin(int batch, const Logs& logs) {
  call_if(config_.on_train_batch_begin, batch, logs);
}
void FunctionCallback::on_train_batch_end(int batch, const Logs& logs) {
  call_if(config_.on_train_batch_end, batch, logs);
}
void FunctionCallback::on_test_batch_begin(int batch, const Logs& logs) {
  call_if(config_.on_test_batch_begin, batch, logs);
}
void FunctionCallback::on_test_batch_end(int batch, const Logs& logs) {
  call_if(config_.on_test_batch_end, batch, logs);
}
void FunctionCallback::on_predict_batch_begin(int batch, const Logs& logs) {
  call_if(config_.on_predict_batch_begin, batch, logs);
}
void FunctionCallback::on_predict_batch_end(int batch, const Logs& logs) {
  call_if(config_.on_predict_batch_end, batch, logs);
}
void FunctionCallback::on_test_begin(const Logs& logs) { call_if(config_.on_test_begin, logs); }
void FunctionCallback::on_test_end(const Logs& logs) { call_if(config_.on_test_end, logs); }
void FunctionCallback::on_predict_begin(const Logs& logs) { call_if(config_.on_predict_begin, logs); }
void FunctionCallback::on_predict_end(const Logs& logs) { call_if(config_.on_predict_end, logs); }

}  // namespace cornu::keras::callbacks

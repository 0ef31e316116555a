#include "cornu/keras/callbacks/lambda_callback.h"

namespace cornu::keras::callbacks {
namespace {

class FunctionCallback final : public Callback {
 public:
  explicit FunctionCallback(const LambdaCallbackConfig& config) : config_(config) {}

  void on_epoch_begin(int epoch, const Logs& logs) override { call(config_.on_epoch_begin, epoch, logs); }
  void on_epoch_end(int epoch, const Logs& logs) override { call(config_.on_epoch_end, epoch, logs); }
  void on_train_begin(const Logs& logs) override { call(config_.on_train_begin, logs); }
  void on_train_end(const Logs& logs) override { call(config_.on_train_end, logs); }
  void on_train_batch_begin(int batch, const Logs& logs) override { call(config_.on_train_batch_begin, batch, logs); }
  void on_train_batch_end(int batch, const Logs& logs) override { call(config_.on_train_batch_end, batch, logs); }
  void on_test_batch_begin(int batch, const Logs& logs) override { call(config_.on_test_batch_begin, batch, logs); }
  void on_test_batch_end(int batch, const Logs& logs) override { call(config_.on_test_batch_end, batch, logs); }
  void on_predict_batch_begin(int batch, const Logs& logs) override {
    call(config_.on_predict_batch_begin, batch, logs);
  }
  void on_predict_batch_end(int batch, const Logs& logs) override { call(config_.on_predict_batch_end, batch, logs); }
  void on_test_begin(const Logs& logs) override { call(config_.on_test_begin, logs); }
  void on_test_end(const Logs& logs) override { call(config_.on_test_end, logs); }
  void on_predict_begin(const Logs& logs) override { call(config_.on_predict_begin, logs); }
  void on_predict_end(const Logs& logs) override { call(config_.on_predict_end, logs); }

 private:
  template <class F, class... A>
  static void call(const F& function, const A&... arguments) {
    if (function) function(arguments...);
  }

  LambdaCallbackConfig config_;
};

}  // namespace

std::shared_ptr<Callback> LambdaCallbackConfig::make() const { return std::make_shared<FunctionCallback>(*this); }

}  // namespace cornu::keras::callbacks

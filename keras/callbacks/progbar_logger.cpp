#include "cornu/keras/callbacks/progbar_logger.h"

#include <algorithm>

#include "cornu/keras/callbacks/progress.h"

namespace cornu::keras::callbacks {
namespace {

// Hands on what it is told to what shows training, evaluation or prediction. An evaluation within a fit is not shown.
class ProgbarLoggerCallback final : public Callback {
 public:
  void on_train_begin(const Logs& logs) override {
    training_ = true;
    tell(train_, &Callback::on_train_begin, logs);
  }
  void resume(FitState& fit) override { tell(train_, &Callback::resume, fit); }
  void on_epoch_begin(int epoch, const Logs& logs) override { tell(train_, &Callback::on_epoch_begin, epoch, logs); }
  void on_train_batch_end(int batch, const Logs& logs) override {
    tell(train_, &Callback::on_train_batch_end, batch, logs);
  }
  void on_epoch_end(int epoch, const Logs& logs) override { tell(train_, &Callback::on_epoch_end, epoch, logs); }
  void on_train_end(const Logs& logs) override {
    training_ = false;
    tell(train_, &Callback::on_train_end, logs);
  }
  void on_test_begin(const Logs& logs) override { tell_of_test(&Callback::on_test_begin, logs); }
  void on_test_batch_end(int batch, const Logs& logs) override {
    tell_of_test(&Callback::on_test_batch_end, batch, logs);
  }
  void on_test_end(const Logs& logs) override { tell_of_test(&Callback::on_test_end, logs); }
  void on_predict_begin(const Logs& logs) override { tell(predict_, &Callback::on_predict_begin, logs); }
  void on_predict_batch_end(int batch, const Logs& logs) override {
    tell(predict_, &Callback::on_predict_batch_end, batch, logs);
  }
  void on_predict_end(const Logs& logs) override { tell(predict_, &Callback::on_predict_end, logs); }

 private:
  template <class Hook, class... A>
  void tell(const Shared<Callback>& shown, Hook hook, A&&... arguments) {
    if (params().verbose == 0) return;
    shown->set_params(params());
    (shown.get()->*hook)(arguments...);
  }
  template <class Hook, class... A>
  void tell_of_test(Hook hook, A&&... arguments) {
    if (!training_) tell(test_, hook, arguments...);
  }

  Shared<Callback> train_ = training_progress(), test_ = evaluation_progress(), predict_ = prediction_progress();
  bool training_ = false;
};

}  // namespace

std::vector<Shared<Callback>> with_progress(std::vector<Shared<Callback>> list, int verbose, Shared<Callback> shown) {
  const bool there = std::any_of(list.begin(), list.end(), [](const Shared<Callback>& callback) {
    return callback && static_cast<bool>(callback.as<ProgbarLoggerCallback>());
  });
  if (verbose != 0 && !there) list.push_back(std::move(shown));
  return list;
}

std::shared_ptr<Callback> ProgbarLoggerConfig::make() const { return std::make_shared<ProgbarLoggerCallback>(); }

}  // namespace cornu::keras::callbacks

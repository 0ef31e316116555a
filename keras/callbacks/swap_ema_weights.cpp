#include "cornu/keras/callbacks/swap_ema_weights.h"

#include <utility>

#include "cornu/keras/callbacks/fit_state.h"
#include "cornu/keras/callbacks/internal/state_fields.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::callbacks {
namespace {

class SwapEMAWeightsCallback final : public Callback {
 public:
  explicit SwapEMAWeightsCallback(const SwapEMAWeightsConfig& config) : config_(config) {}

  void on_train_begin(const Logs&) override { averages_are_in_ = false; }
  void on_epoch_begin(int, const Logs&) override {
    if (config_.swap_on_epoch) show(false);
  }
  void on_epoch_end(int, const Logs&) override {
    if (config_.swap_on_epoch) show(true);
  }
  // When training ends, weights become their averages. Where these are in the model already, the averages must be them.
  void checkpoint(FitState& fit) override {
    if (averages_are_in_ && fit.finished())
      for_each([](Variable& weight, Variable& average) { average.assign(weight.value()); });
    if (fit.finished()) averages_are_in_ = false;
  }
  void on_test_begin(const Logs&) override { begin(); }
  void on_test_end(const Logs&) override { end(); }
  void on_predict_begin(const Logs&) override { begin(); }
  void on_predict_end(const Logs&) override { end(); }

  void state(StateVisitor& v) override { internal::flag_field(v, "averages_are_in", averages_are_in_); }

 private:
  void begin() {
    back_ = !averages_are_in_;
    show(true);
  }
  void end() {
    if (std::exchange(back_, false)) show(false);
  }
  template <class F>
  void for_each(F&& f) {
    const auto handle = model().optimizer();
    const optimizers::Optimizer& optimizer = handle->stepping();
    graph::require<ValueError>(
        optimizer.base().use_ema,
        "SwapEMAWeights must be used when `use_ema=True` is set on the optimizer. Received: use_ema=False");
    for (const auto& [name, owner, slot] : optimizer.slots()) {
      if (!name.starts_with("average/")) continue;
      Variable weight = owner, average = slot;
      f(weight, average);
    }
  }
  void show(bool averages) {
    if (averages == averages_are_in_) return;
    for_each([](Variable& weight, Variable& average) {
      const graph::Array value = weight.value();
      weight.assign(average.value());
      average.assign(value);
    });
    averages_are_in_ = averages;
  }

  SwapEMAWeightsConfig config_;
  bool averages_are_in_ = false;
  bool back_ = false;  // when the evaluation or prediction ends
};

}  // namespace

std::shared_ptr<Callback> SwapEMAWeightsConfig::make() const { return std::make_shared<SwapEMAWeightsCallback>(*this); }

}  // namespace cornu::keras::callbacks

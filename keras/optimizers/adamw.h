#pragma once

#include <type_traits>

#include "cornu/keras/optimizers/adam.h"

namespace cornu::keras::optimizers {

struct AdamWConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.001
  std::optional<LearningRate> lr = std::nullopt;             ///< Keras 2's name of the same
  std::optional<double> weight_decay = 0.004;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency = std::nullopt;
  std::optional<double> loss_scale_factor = std::nullopt;
  std::optional<int> gradient_accumulation_steps = std::nullopt;
  std::string name = "adam_w";
  double decay = 0;  ///< Keras 2: the rate is learning_rate / (1 + decay * step), which is InverseTimeDecay

  void fields(ConfigVisitor& v) {
    v("learning_rate", learning_rate);
    v("lr", lr, {.only_read = true});
    v("beta_1", beta_1);
    v("beta_2", beta_2);
    v("epsilon", epsilon);
    v("amsgrad", amsgrad);
    base_fields(*this, v);
    v("decay", decay, {.only_read = true});
  }
};

class CORNU_EXPORT AdamWOptimizer : public AdamOptimizer {
 public:
  explicit AdamWOptimizer(AdamWConfig config = {});
  void fields(ConfigVisitor& v) override;

 private:
  AdamWConfig config_;
};

/// Adam with weights that decay by rate * weight_decay each step. Keras: `AdamW` (Loshchilov and Hutter 2017,
/// arXiv:1711.05101). Throws ValueError without a weight_decay, and see Adam.
class AdamW : public Handle<AdamWOptimizer, AdamWConfig> {
 public:
  using Handle::Handle;
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit AdamW(T learning_rate) : Handle(AdamWConfig{.learning_rate = static_cast<double>(learning_rate)}) {}
};

}  // namespace cornu::keras::optimizers

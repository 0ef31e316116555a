#pragma once

#include <type_traits>

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct AdamConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.001
  std::optional<LearningRate> lr = std::nullopt;             ///< Keras 2's name of the same
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = std::nullopt;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency = std::nullopt;
  std::optional<double> loss_scale_factor = std::nullopt;
  std::optional<int> gradient_accumulation_steps = std::nullopt;
  std::string name = "adam";
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

class CORNU_EXPORT AdamOptimizer : public Optimizer {
 public:
  explicit AdamOptimizer(AdamConfig config = {});
  void fields(ConfigVisitor& v) override;

 protected:
  /// For AdamW and legacy::Adam: named in messages, with a time-based decay.
  AdamOptimizer(std::string_view who, AdamConfig config, std::optional<double> legacy_decay = std::nullopt);
  void add_slots(const std::vector<Variable>& variables) override;
  Tensors shared(const Tensor& rate, const Tensor& number) const override;
  Tensor step(const Step& s) override;

 private:
  AdamConfig config_;
};

/// Moving means of gradients and their squares: m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v),
/// w -= rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon); amsgrad: the largest v so far. Keras:
/// `Adam` (Kingma and Ba 2014, arXiv:1412.6980; Reddi et al. 2018).
///
///     network.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "mse"});
///
/// Throws ValueError for betas outside [0, 1), a negative epsilon, and see Optimizer.
class Adam : public Handle<AdamOptimizer, AdamConfig> {
 public:
  using Handle::Handle;
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit Adam(T learning_rate) : Handle(AdamConfig{.learning_rate = static_cast<double>(learning_rate)}) {}
};

}  // namespace cornu::keras::optimizers

#pragma once

#include <type_traits>

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct SGDConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.01
  std::optional<LearningRate> lr = std::nullopt;             ///< Keras 2's name of the same
  double momentum = 0;
  bool nesterov = false;
  std::optional<double> weight_decay = std::nullopt;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency = std::nullopt;
  std::optional<double> loss_scale_factor = std::nullopt;
  std::optional<int> gradient_accumulation_steps = std::nullopt;
  std::string name = "sgd";
  double decay = 0;  ///< Keras 2: the rate is learning_rate / (1 + decay * step), which is InverseTimeDecay

  void fields(ConfigVisitor& v) {
    v("learning_rate", learning_rate);
    v("lr", lr, {.only_read = true});
    v("momentum", momentum);
    v("nesterov", nesterov);
    base_fields(*this, v);
    v("decay", decay, {.only_read = true});
  }
};

class CORNU_EXPORT SGDOptimizer : public Optimizer {
 public:
  explicit SGDOptimizer(SGDConfig config = {});
  void fields(ConfigVisitor& v) override;

 protected:
  /// For legacy::SGD: with its time-based decay.
  SGDOptimizer(SGDConfig config, std::optional<double> legacy_decay);
  void add_slots(const std::vector<Variable>& variables) override;
  Tensor step(const Step& s) override;

 private:
  SGDConfig config_;
};

/// Gradient descent: w -= rate * g; with momentum m: v = m v - rate * g, w += v, or (Nesterov) w += m v - rate * g.
/// Keras: `SGD`.
///
///     network.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse"});
///
/// Throws ValueError for a momentum outside [0, 1], and see Optimizer.
class SGD : public Handle<SGDOptimizer, SGDConfig> {
 public:
  using Handle::Handle;
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit SGD(T learning_rate) : Handle(SGDConfig{.learning_rate = static_cast<double>(learning_rate)}) {}
};

}  // namespace cornu::keras::optimizers

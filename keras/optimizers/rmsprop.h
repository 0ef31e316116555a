#pragma once

#include <type_traits>

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct RMSpropConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.001
  std::optional<LearningRate> lr = std::nullopt;             ///< Keras 2's name of the same
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;
  std::optional<double> weight_decay = std::nullopt;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency = std::nullopt;
  std::optional<double> loss_scale_factor = std::nullopt;
  std::optional<int> gradient_accumulation_steps = std::nullopt;
  std::string name = "rm_sprop";
  double decay = 0;  ///< Keras 2: the rate is learning_rate / (1 + decay * step), which is InverseTimeDecay

  void fields(ConfigVisitor& v) {
    v("learning_rate", learning_rate);
    v("lr", lr, {.only_read = true});
    v("rho", rho);
    v("momentum", momentum);
    v("epsilon", epsilon);
    v("centered", centered);
    base_fields(*this, v);
    v("decay", decay, {.only_read = true});
  }
};

class CORNU_EXPORT RMSpropOptimizer : public Optimizer {
 public:
  explicit RMSpropOptimizer(RMSpropConfig config = {});
  void fields(ConfigVisitor& v) override;

 protected:
  void add_slots(const std::vector<Variable>& variables) override;
  Tensor step(const Step& s) override;

 private:
  RMSpropConfig config_;
};

/// Divides gradients by the root of their moving mean square: v = rho v + (1 - rho) g^2, w -= rate * g / sqrt(v +
/// epsilon); centered: v minus the square of the gradients' moving mean; momentum m: u = m u + rate * g / …, w -= u.
/// Keras: `RMSprop` (Hinton 2012); the older rule with epsilon outside the root is legacy::RMSprop.
///
///     auto rmsprop = optimizers::RMSprop({.lr = 0.001, .rho = 0.9, .epsilon = 1e-08, .decay = 0.0});
///
/// Throws ValueError for rho or momentum outside [0, 1], a negative epsilon, and see Optimizer.
class RMSprop : public Handle<RMSpropOptimizer, RMSpropConfig> {
 public:
  using Handle::Handle;
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit RMSprop(T learning_rate) : Handle(RMSpropConfig{.learning_rate = static_cast<double>(learning_rate)}) {}
};

}  // namespace cornu::keras::optimizers

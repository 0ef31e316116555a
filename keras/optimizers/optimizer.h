#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "cornu/keras/context.h"
#include "cornu/keras/optimizers/learning_rate.h"

namespace cornu::keras::optimizers {

/// The arguments every optimizer of Keras 3 has, behind its own ones in each config; `base_fields` visits them.
template <class Config, class Visitor>
void base_fields(Config& c, Visitor& v) {
  v("weight_decay", c.weight_decay);
  v("clipnorm", c.clipnorm);
  v("clipvalue", c.clipvalue);
  v("global_clipnorm", c.global_clipnorm);
  v("use_ema", c.use_ema);
  v("ema_momentum", c.ema_momentum);
  v("ema_overwrite_frequency", c.ema_overwrite_frequency);
  v("loss_scale_factor", c.loss_scale_factor);
  v("gradient_accumulation_steps", c.gradient_accumulation_steps);
  v("name", c.name);
}

/// Base arguments by value, taken from any optimizer's config.
struct OptimizerConfig {
  std::optional<double> weight_decay, clipnorm, clipvalue, global_clipnorm;
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency;
  std::optional<double> loss_scale_factor;
  std::optional<int> gradient_accumulation_steps;
  std::string name;

  template <class Config>
  static OptimizerConfig of(const Config& c) {
    return {c.weight_decay, c.clipnorm, c.clipvalue, c.global_clipnorm, c.use_ema, c.ema_momentum, c.ema_overwrite_frequency,
            c.loss_scale_factor, c.gradient_accumulation_steps, c.name};
  }
};

/// Changes variables along their gradients. What Keras 3's base optimizer does (decay of weights, clipping, accumulation, moving averages,
/// schedules, constraints) is here; a rule of one's own derives from it and gives `add_slots` and `step`.
class CORNU_EXPORT Optimizer : public Object {
 public:
  Optimizer(LearningRate learning_rate, OptimizerConfig base);
  ~Optimizer() override;

  /// Makes the slots for these variables; again with the same ones does nothing, with others throws ValueError.
  void build(const std::vector<Variable>& variables);
  bool built() const;

  using GradientAndVariable = std::pair<Tensor, Variable>;
  /// Describes one step: updates of the variables, slots and the step count are added to the context. `constraints` parallel to the
  /// variables, or empty (an undefined function: none).
  void apply(const std::vector<GradientAndVariable>& gradients, Context& ctx, const std::vector<std::function<Tensor(const Tensor&)>>& constraints = {});

  /// After training: variables take their moving averages, if use_ema.
  void finalize_variable_values();

  /// The rate of the next step, and a new one (a variable: no tracing anew). Setting throws TypeError if the rate is a schedule.
  double learning_rate() const;
  void set_learning_rate(double rate);
  const Shared<schedules::LearningRateSchedule>& schedule() const;
  std::int64_t iterations() const;
  void set_iterations(std::int64_t n);

  /// As Keras 3's `optimizer.variables`: the step count, the learning rate (unless a schedule), then slots (in Keras 3's order and with its names).
  std::vector<Variable> variables() const;
  /// The slots alone as Keras 2.15 stores them (its order, and names such as "m/dense/kernel"), for files.
  struct Slot { std::string name; Variable owner, slot; };
  const std::vector<Slot>& slots() const;
  const OptimizerConfig& base() const { return base_; }

  /// By Keras' names: "rmsprop", "RMSprop", "adam", … with default arguments. Throws ValueError with the known names.
  static Shared<Optimizer> from_name(const std::string& name);

 protected:
  /// Called by build: `add_slot(variable, "velocity")` for what the rule keeps.
  virtual void add_slots(const std::vector<Variable>& variables) = 0;
  struct Step {
    Tensor rate;        ///< the learning rate, scalar
    Tensor number;      ///< 1, 2, …: float32 scalar
    Context& ctx;
  };
  /// The variable's new value for its (clipped) gradient; new values of slots go to `step.ctx.update(slot(variable, "velocity"), …)`.
  virtual Tensor step(const Tensor& gradient, const Variable& variable, const Step& step) = 0;
  Variable add_slot(const Variable& owner, const std::string& name, double initial = 0);
  const Variable& slot(const Variable& owner, std::string_view name) const;

 private:
  struct State;
  OptimizerConfig base_;
  std::unique_ptr<State> state_;
};

Registry<Optimizer>& registry();

}  // namespace cornu::keras::optimizers

#include "cornu/keras/optimizers/loss_scale_optimizer.h"

#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/keras/optimizers/internal/steps.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::optimizers {
namespace {

/// Whether all of them are: a number that is not finite is none even times 0. One pass for each variable, where asking
/// each number would take several.
Tensor all_finite(const std::vector<Optimizer::GradientAndVariable>& gradients) {
  Tensor sum = graph::constant(0, graph::float32);
  for (const auto& [gradient, variable] : gradients)
    if (gradient.defined()) sum = sum + ops::sum(ops::cast_floating(gradient, graph::float32) * 0);
  return ops::equal(sum, graph::constant(0, graph::float32));
}

/// Files of Keras 3 had the base arguments once, which have no effect, with their defaults.
void read_base_arguments(ConfigVisitor& v, const std::string& name) {
  const auto read = [&](std::string_view argument, auto value) {
    const auto without = value;
    v(argument, value, {.only_read = true});
    graph::require<graph::ValueError>(value == without, '[', name, "] does not take `", argument,
                                      "`: give it to the inner optimizer");
  };
  for (const char* argument : {"weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor"})
    read(argument, std::optional<double>());
  read("use_ema", false);
  read("ema_momentum", 0.99);
  for (const char* argument : {"ema_overwrite_frequency", "gradient_accumulation_steps"})
    read(argument, std::optional<int>());
}

class LossScaler final : public Configured<Optimizer, LossScaleOptimizerConfig> {
 public:
  explicit LossScaler(const LossScaleOptimizerConfig& config) : Configured(config) {}

  void build(const std::vector<Variable>& variables) override {
    inner().build(variables);
    Optimizer::build(variables);
  }
  const Optimizer& stepping() const override { return inner(); }

  Tensor scale_loss(const Tensor& loss, const Context& ctx) const override {
    return built() ? loss * ctx.value(scale_) : loss * config_.initial_scale;
  }

  void apply(const std::vector<GradientAndVariable>& gradients, Context& ctx, const Projections& constraints) override {
    std::vector<Variable> variables;
    for (const auto& [gradient, variable] : gradients) variables.push_back(variable);
    build(variables);
    const Tensor finite = all_finite(gradients);
    const Tensor scale = ctx.value(scale_), count = ctx.value(count_);
    std::vector<GradientAndVariable> unscaled = gradients;
    for (auto& [gradient, variable] : unscaled)
      if (gradient.defined()) gradient = ops::cast_floating(gradient, graph::float32) / scale;
    // What the inner optimizer would do happens if all gradients are finite.
    Context stepped = ctx;
    inner().apply(unscaled, stepped, constraints);
    for (const auto& [variable, value] : stepped.updates())
      if (const Tensor before = ctx.value(variable); !before.same(value))
        ctx.update(variable, internal::choose(finite, value, before));
    const Tensor zero = graph::constant(0, graph::int64);
    const Tensor grows = ops::equal(count, graph::constant(config_.dynamic_growth_steps - 1, graph::int64));
    ctx.update(count_, internal::choose(finite, internal::choose(grows, zero, count + 1), zero));
    ctx.update(scale_, internal::choose(finite, internal::choose(grows, scale * 2, scale), scale * 0.5));
  }

  std::vector<Variable> variables() const override {
    std::vector<Variable> all = Optimizer::variables();
    const std::vector<Variable> wrapped = inner().variables();
    all.insert(all.end(), wrapped.begin(), wrapped.end());
    return all;
  }

  void state(StateVisitor& v) override {
    Optimizer::state(v);
    v.part("inner_optimizer", inner());
  }

 private:
  Optimizer& inner() const { return *config_.inner_optimizer; }

  void add_slots(const std::vector<Variable>&) override {
    count_ = add_variable("step_counter", Array::scalar(std::int64_t{0}));
    scale_ = add_variable("dynamic_scale", Array::scalar(static_cast<float>(config_.initial_scale)));
  }
  // The inner optimizer makes the steps.
  Tensor step(const Step& s) override { return s.value; }

  Variable count_, scale_;
};

const bool loss_scale_registered =
    registry().add<LossScaler>("LossScaleOptimizer", {"lossscaleoptimizer"}, {.keras2_name = "LossScaleOptimizerV3"});

}  // namespace

void LossScaleOptimizerConfig::fields(ConfigVisitor& v) {
  v("inner_optimizer", inner_optimizer);
  // In Keras 2 a scale may be fixed, which is the inner optimizer's loss_scale_factor in Keras 3.
  bool dynamic = true;
  v("dynamic", dynamic, {.only_keras2 = true});
  v("initial_scale", initial_scale);
  v("dynamic_growth_steps", dynamic_growth_steps);
  v("name", name, {.only_keras3 = true});
  graph::require<graph::ValueError>(
      dynamic, '[', name, "] a fixed scale (`dynamic` = false) is the loss_scale_factor of the inner optimizer");
  read_base_arguments(v, name);
}
void LossScaleOptimizerConfig::check() const {
  graph::require<graph::ValueError>(std::isfinite(initial_scale) && initial_scale > 0, '[', name,
                                    "] `initial_scale` must be a finite number > 0, got ", initial_scale);
  graph::require<graph::ValueError>(dynamic_growth_steps >= 1, '[', name, "] `dynamic_growth_steps` must be >= 1, got ",
                                    dynamic_growth_steps);
  graph::require<graph::ValueError>(&inner_optimizer->stepping() == inner_optimizer.get(), '[', name,
                                    "] `inner_optimizer` wraps another optimizer already (",
                                    inner_optimizer->class_name(), ")");
}
Made<Optimizer, LossScaleOptimizerConfig> LossScaleOptimizerConfig::make() const {
  return std::make_shared<LossScaler>(*this);
}

}  // namespace cornu::keras::optimizers

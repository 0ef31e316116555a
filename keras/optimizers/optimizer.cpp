#include "cornu/keras/optimizers/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/keras/optimizers/internal/patterns.h"
#include "cornu/keras/optimizers/internal/scalar.h"
#include "cornu/keras/optimizers/internal/steps.h"
#include "cornu/keras/utils/internal/to_lower.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::optimizers {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

namespace {

using internal::scalar;

/// Steps are computed in float32, also of bfloat16 variables: what is written to those is rounded once.
Tensor as_float(const Tensor& x) { return ops::cast_floating(x, graph::float32); }

/// A path of names as one name: Keras 3's "dense_kernel" of "dense/kernel".
std::string flat(std::string name) {
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

}  // namespace

void keras2_fields(ConfigVisitor& v, bool legacy) {
  const FieldForm form{.only_keras2 = true, .only_read = legacy};
  bool no = false, is_legacy = legacy;
  v("jit_compile", no, form);
  v("is_legacy_optimizer", is_legacy, form);
}

struct Optimizer::State {
  std::string name;
  Variable iterations{Array::scalar(std::int64_t{0}), "iteration", false};
  Variable rate;  // undefined with a schedule
  Shared<schedules::LearningRateSchedule> schedule;
  graph::Function scheduled;  // the schedule, to be asked for a step's rate
  bool built = false;
  std::vector<Variable> variables;                                              // what it was built for
  std::map<const void*, std::map<std::string, Variable, std::less<>>> by_name;  // owner -> name -> slot
  std::vector<Variable> all_slots;
  std::vector<Slot> slots;
  std::vector<Variable> undecayed;  // kept, so that no other variable takes the address of one of these
  std::vector<std::regex> undecayed_names;
};

void require_between(std::string_view optimizer, std::string_view argument, double value, double low, double high) {
  if (std::isinf(high)) {
    require<ValueError>(std::isfinite(value) && value >= low, '[', optimizer, "] `", argument,
                        "` must be a finite number >= ", low, ", got ", value);
  } else {
    require<ValueError>(value >= low && value <= high, '[', optimizer, "] `", argument, "` must be in [", low, ", ",
                        high, "], got ", value);
  }
}

Optimizer::Optimizer(LearningRate rate, OptimizerConfig base)
    : base_(std::move(base)), state_(std::make_unique<State>()), learning_rate(*state_) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (base_.name.empty()) base_.name = "optimizer";
  const auto check = [&](std::string_view argument, const std::optional<double>& value) {
    if (value) require_between(base_.name, argument, *value, 0, infinity);
  };
  check("weight_decay", base_.weight_decay);
  check("clipnorm", base_.clipnorm);
  check("clipvalue", base_.clipvalue);
  check("global_clipnorm", base_.global_clipnorm);
  require<ValueError>(base_.clipnorm.has_value() + base_.clipvalue.has_value() + base_.global_clipnorm.has_value() <= 1,
                      '[', base_.name, "] only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be given");
  if (base_.loss_scale_factor)
    require<ValueError>(std::isfinite(*base_.loss_scale_factor) && *base_.loss_scale_factor > 0, '[', base_.name,
                        "] `loss_scale_factor` must be a finite number > 0, got ", *base_.loss_scale_factor);
  if (base_.gradient_accumulation_steps)
    require<ValueError>(*base_.gradient_accumulation_steps >= 2, '[', base_.name,
                        "] `gradient_accumulation_steps` must be >= 2, got ", *base_.gradient_accumulation_steps);
  if (base_.use_ema) {
    require_between(base_.name, "ema_momentum", base_.ema_momentum, 0, 1);
    if (base_.ema_overwrite_frequency)
      require<ValueError>(*base_.ema_overwrite_frequency >= 1, '[', base_.name,
                          "] `ema_overwrite_frequency` must be >= 1, got ", *base_.ema_overwrite_frequency);
  }
  if (base_.legacy_decay) check("decay", base_.legacy_decay);

  state_->name = base_.name;
  state_->iterations.rename(base_.name + (base_.legacy_decay ? "/iter" : "/iteration"));
  state_->schedule = rate.schedule();
  if (state_->schedule) {
    state_->scheduled = graph::Function([schedule = state_->schedule](const Tensor& step) { return (*schedule)(step); },
                                        {.name = "learning_rate"});
  } else {
    require_between(base_.name, "learning_rate", rate.value(), 0, infinity);
    state_->rate = Variable(Array::scalar(static_cast<float>(rate.value())), base_.name + "/learning_rate", false);
  }
}

Optimizer::Optimizer(Wraps, const Shared<Optimizer>& inner, std::string name)
    : Optimizer(0.0, OptimizerConfig{.name = std::move(name)}) {
  require<ValueError>(bool(inner), '[', base_.name, "] needs `inner_optimizer`, the optimizer that it wraps");
  learning_rate.state_ = inner->learning_rate.state_;
  inner->base_.loss_scale_factor.reset();  // else gradients were scaled twice
}

Optimizer::~Optimizer() = default;
Optimizer::Optimizer(Optimizer&&) noexcept = default;
Optimizer& Optimizer::operator=(Optimizer&& other) noexcept {
  base_ = std::move(other.base_);
  state_ = std::move(other.state_);
  learning_rate.state_ = other.learning_rate.state_;  // of a wrapper: the inner optimizer's
  return *this;
}

bool Optimizer::built() const { return state_->built; }

void Optimizer::build(const std::vector<Variable>& variables) {
  if (built()) {
    for (const Variable& v : variables)
      require<ValueError>(state_->by_name.contains(v.id()), '[', base_.name,
                          "] was built for other variables and does not know '", v.name(),
                          "': use a new optimizer for another model");
    return;
  }
  for (const Variable& v : variables) state_->by_name[v.id()];
  state_->variables = variables;
  if (base_.use_ema)
    for (const Variable& v : variables) add_slot(v, "average");
  if (base_.gradient_accumulation_steps)
    for (const Variable& v : variables) add_slot(v, "gradient_accumulator");
  add_slots(variables);
  state_->built = true;
}

Variable Optimizer::add_slot(const Variable& owner, const std::string& name, const std::string& keras2,
                             double initial) {
  return add_slot(owner, name, keras2, graph::full(owner.shape(), initial, owner.dtype()));
}

Variable Optimizer::add_slot(const Variable& owner, const std::string& name, const std::string& keras2,
                             const Array& initial) {
  const std::string old = keras2.empty() ? name : keras2;
  const std::string path = base_.legacy_decay ? owner.name() + "/" + old : flat(owner.name()) + "_" + name;
  const Variable made(initial, base_.name + "/" + path, false);
  const bool fresh = state_->by_name[owner.id()].emplace(name, made).second;
  require<ValueError>(fresh, '[', base_.name, "] has a slot '", name, "' for '", owner.name(), "' already");
  state_->all_slots.push_back(made);
  state_->slots.push_back({base_.legacy_decay ? owner.name() + "/" + old : old + "/" + owner.name(), owner, made});
  return made;
}

void Optimizer::add_slots_for(const std::vector<Variable>& variables, const std::vector<SlotName>& names) {
  const auto add = [&](const Variable& v, const SlotName& slot) { add_slot(v, slot.name, slot.keras2, slot.initial); };
  if (base_.legacy_decay) {
    for (const SlotName& slot : names)
      for (const Variable& v : variables) add(v, slot);
  } else {
    for (const Variable& v : variables)
      for (const SlotName& slot : names) add(v, slot);
  }
}

Variable Optimizer::add_variable(const std::string& name, const Array& initial) {
  const Variable made(initial, base_.name + "/" + name, false);
  state_->all_slots.push_back(made);
  if (base_.legacy_decay) state_->slots.push_back({name, {}, made});
  return made;
}

void Optimizer::add_unused_slot(const Variable& owner, const std::string& keras2) {
  state_->slots.push_back({keras2 + "/" + owner.name(), owner, {}});
}

const Variable& Optimizer::slot(const Variable& owner, std::string_view name) const {
  const auto slots = state_->by_name.find(owner.id());
  require<ValueError>(slots != state_->by_name.end(), '[', base_.name, "] was not built for '", owner.name(), "'");
  const auto found = slots->second.find(name);
  require<ValueError>(found != slots->second.end(), '[', base_.name, "] has no slot '", name, "'");
  return found->second;
}

Tensor Optimizer::Step::slot(std::string_view name) const {
  return as_float(ctx.value(optimizer.slot(variable, name)));
}
void Optimizer::Step::update(std::string_view slot, const Tensor& value) const {
  update(optimizer.slot(variable, slot), value);
}
void Optimizer::Step::update(const Variable& state, const Tensor& value) const {
  ctx.update(state, due.defined() ? internal::choose(due, value, as_float(ctx.value(state))) : value);
}

Tensors Optimizer::shared(const Tensor&, const Tensor&, const Context&) const { return {}; }

Tensor Optimizer::scale_loss(const Tensor& loss, const Context&) const {
  return base_.loss_scale_factor ? loss * *base_.loss_scale_factor : loss;
}

Tensors Optimizer::clipped(Tensors gradients) const {
  if (base_.clipnorm.value_or(0) > 0) {
    const double most = *base_.clipnorm;
    for (Tensor& g : gradients) g = g * (most / ops::maximum(ops::sqrt(ops::sum(ops::square(g))), scalar(most)));
  } else if (base_.global_clipnorm.value_or(0) > 0) {
    const double most = *base_.global_clipnorm;
    Tensor squares = ops::sum(ops::square(gradients[0]));
    for (std::size_t i = 1; i < gradients.size(); ++i) squares = squares + ops::sum(ops::square(gradients[i]));
    const Tensor norm = ops::sqrt(squares);
    const Tensor factor =
        ops::minimum(1 / norm, scalar(1 / most)) * most + (norm - norm);  // an infinite norm gives NaN, not 0
    for (Tensor& g : gradients) g = g * factor;
  } else if (base_.clipvalue.value_or(0) > 0) {
    for (Tensor& g : gradients) g = ops::clip(g, -*base_.clipvalue, *base_.clipvalue);
  }
  return gradients;
}

void Optimizer::apply(const std::vector<GradientAndVariable>& gradients, Context& ctx, const Projections& constraints) {
  if (gradients.empty()) return;
  require<ValueError>(constraints.empty() || constraints.size() == gradients.size(), '[', base_.name, "] got ",
                      constraints.size(), " constraints for ", gradients.size(), " variables");
  std::vector<Variable> variables, given;
  Tensors grads;
  Projections projections;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const auto& [gradient, variable] = gradients[i];
    given.push_back(variable);
    if (!gradient.defined()) continue;
    require<ShapeError>(gradient.shape() == variable.shape(), '[', base_.name, "] the gradient of '", variable.name(),
                        "' has shape ", gradient.shape(), ", expected ", variable.shape());
    grads.push_back(as_float(gradient));
    variables.push_back(variable);
    projections.push_back(constraints.empty() ? nullptr : constraints[i]);
  }
  require<ValueError>(!grads.empty(), '[', base_.name, "] got no gradient for any variable");
  build(given);
  const graph::NameScope scope(base_.name);

  const Tensor calls = ctx.value(state_->iterations), calls_float = ops::cast(calls, graph::float32);
  Tensor rate = state_->schedule ? (*state_->schedule)(calls_float) : ctx.value(state_->rate);
  if (base_.legacy_decay.value_or(0) > 0) rate = rate / (calls_float * *base_.legacy_decay + 1);
  Tensor steps = calls, due;  // updates so far; whether this call makes one
  if (base_.gradient_accumulation_steps) {
    const int n = *base_.gradient_accumulation_steps;
    steps = internal::divide(calls, n).quotient;
    due = internal::is_multiple(calls + 1, n);
  }
  const Tensor number = base_.gradient_accumulation_steps ? ops::cast(steps + 1, graph::float32) : calls_float + 1;

  if (base_.loss_scale_factor)
    for (Tensor& g : grads) g = g / *base_.loss_scale_factor;
  if (due.defined()) {
    for (std::size_t i = 0; i < grads.size(); ++i) {
      const Variable& sum = slot(variables[i], "gradient_accumulator");
      const Tensor total = grads[i] + as_float(ctx.value(sum));
      ctx.update(sum, internal::choose(due, scalar(0), total));
      grads[i] = total / *base_.gradient_accumulation_steps;
    }
  }
  grads = clipped(std::move(grads));
  const Tensors shared = this->shared(rate, number, ctx);
  for (std::size_t i = 0; i < grads.size(); ++i) {
    const Tensor old = as_float(ctx.value(variables[i]));
    const std::optional<double> decay = weight_decay(variables[i]);
    const Tensor value = decay ? old - old * (rate * *decay) : old;
    const Tensor stepped = step({grads[i], value, variables[i], rate, number, shared, due, *this, ctx});
    ctx.update(variables[i], due.defined() ? internal::choose(due, stepped, old) : stepped);
  }
  if (base_.use_ema) {
    const Tensor first = ops::equal(steps, graph::constant(0, steps.dtype()));
    const Tensor momentum = ops::where(first, scalar(0), scalar(base_.ema_momentum));
    const Tensor overwrite =
        base_.ema_overwrite_frequency ? internal::is_multiple(steps + 1, *base_.ema_overwrite_frequency) : Tensor();
    for (const Variable& v : state_->variables) {
      const Variable& average = slot(v, "average");
      const Tensor now = as_float(ctx.value(v)), old = as_float(ctx.value(average)),
                   moved = momentum * old + (1 - momentum) * now;
      ctx.update(average, moved);
      if (overwrite.defined()) ctx.update(v, internal::choose(overwrite, moved, now));
    }
  }
  for (std::size_t i = 0; i < variables.size(); ++i)
    if (projections[i]) ctx.update(variables[i], projections[i](as_float(ctx.value(variables[i]))));
  ctx.update(state_->iterations, calls + 1);
}

void Optimizer::exclude_from_weight_decay(const std::vector<Variable>& variables,
                                          const std::vector<std::string>& names) {
  State& state = *stepping().state_;
  require<ValueError>(!built(), '[', base_.name,
                      "] exclude_from_weight_decay must be called before the optimizer is built");
  state.undecayed = variables;
  state.undecayed_names = internal::patterns(base_.name, "exclude_from_weight_decay", names);
}

bool Optimizer::decays(const Variable& variable) const {
  const auto& kept = state_->undecayed;
  if (std::find(kept.begin(), kept.end(), variable) != kept.end()) return false;
  return !internal::matches(state_->undecayed_names, variable.name());
}

std::optional<double> Optimizer::weight_decay(const Variable& variable) const {
  return decays(variable) ? base_.weight_decay : std::nullopt;
}

bool Optimizer::has_exclusions() const {
  const State& state = *stepping().state_;
  return !state.undecayed.empty() || !state.undecayed_names.empty();
}

void Optimizer::state(StateVisitor& v) {
  v("iteration", state_->iterations);
  if (state_->rate.defined()) v("learning_rate", state_->rate);
  std::map<std::string, int> used;  // two variables may have one name
  for (Variable& slot : state_->all_slots) {
    const int n = used[slot.name()]++;
    v(n == 0 ? slot.name() : slot.name() + "_" + std::to_string(n), slot);
  }
}

void Optimizer::finalize_variable_values() {
  const Optimizer& stepping = this->stepping();
  if (!stepping.base_.use_ema) return;
  for (Variable& v : stepping.state_->variables) v.assign(stepping.slot(v, "average").value());
}

double Optimizer::RateProperty::operator()() const {
  if (!state_->schedule) return state_->rate.value().item<float>();
  const Array rate = state_->scheduled(state_->iterations.value().astype(graph::float32));
  return rate.item<float>();
}

const Optimizer::RateProperty& Optimizer::RateProperty::operator=(double rate) const {
  require<graph::TypeError>(!state_->schedule, '[', state_->name, "] the learning rate is a schedule (",
                            state_->schedule ? state_->schedule->class_name() : "",
                            ") and cannot be set: make the optimizer with a number");
  require<ValueError>(std::isfinite(rate), '[', state_->name, "] the learning rate must be a finite number, got ",
                      rate);
  state_->rate.assign(Array::scalar(static_cast<float>(rate)));
  return *this;
}

std::string Optimizer::keras2_name() const {
  const auto* entry = registered_as(*this);
  return base_.legacy_decay || (entry && !entry->form.keras2_package.empty()) ? class_name() : name();
}

const Shared<schedules::LearningRateSchedule>& Optimizer::schedule() const { return stepping().state_->schedule; }

LearningRate Optimizer::saved_learning_rate() const {
  if (state_->schedule) return state_->schedule;
  return static_cast<double>(state_->rate.value().item<float>());
}

std::int64_t Optimizer::iterations() const {
  const Optimizer& stepping = this->stepping();
  return stepping.state_->iterations.value().item<std::int64_t>() /
         stepping.base_.gradient_accumulation_steps.value_or(1);
}

void Optimizer::set_iterations(std::int64_t n) {
  require<ValueError>(n >= 0, '[', base_.name, "] the number of steps must be >= 0, got ", n);
  const Optimizer& stepping = this->stepping();
  stepping.state_->iterations.assign(Array::scalar(n * stepping.base_.gradient_accumulation_steps.value_or(1)));
}

std::vector<Variable> Optimizer::variables() const {
  std::vector<Variable> all = {state_->iterations};
  if (state_->rate.defined() && !base_.legacy_decay) all.push_back(state_->rate);
  all.insert(all.end(), state_->all_slots.begin(), state_->all_slots.end());
  return all;
}

const std::vector<Optimizer::Slot>& Optimizer::slots() const { return stepping().state_->slots; }

Shared<Optimizer> Optimizer::from_name(const std::string& name) {
  const std::string lower = utils::to_lower(name);
  return registry().make(registry().contains(lower) ? lower : name);
}

Registry<Optimizer>& Optimizer::registry() {
  static Registry<Optimizer> registry("optimizer",
                                      {.module = "keras.optimizers", .registry = "optimizers::registry()"});
  return registry;
}

}  // namespace cornu::keras::optimizers
